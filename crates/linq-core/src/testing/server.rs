//! A server that does to its clients what networks do: it responds by script, hangs, trickles, truncates and resets.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header::CONTENT_LENGTH};

/// How long a connection is held open for a client that should have closed it.
const LONGEST_HANG: Duration = Duration::from_secs(3);
/// More than the head and body of any request whose reading can be interrupted.
const PEEKED: usize = 16 * 1024;

/// What is done with a request.
#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// It is read, then this happens.
    Respond(Vec<Step>),
    /// Its head is read; its body only after the pause.
    RespondLate(Duration, Vec<Step>),
    /// Its head is read and this many bytes of its body, then this happens.
    RespondEarly(usize, Vec<Step>),
    /// The connection is reset as soon as its first line is there.
    ResetUnread,
    /// The connection is reset when all of it is there.
    ResetRead,
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Write(Vec<u8>),
    Pause(Duration),
    /// Waits until the client closes the connection.
    Hang,
    /// Reads the rest of the body.
    ReadBody,
    /// Ends the stream to the client, but not the one from it.
    CloseHalf,
    Close,
}

/// A request as it arrived.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    stopped: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    scripts: HashMap<String, Vec<Script>>,
    seen: HashMap<String, Vec<Seen>>,
    hung_up: Vec<String>,
    connections: Vec<Weak<TcpStream>>,
}

impl Server {
    pub(crate) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::<Shared>::default();
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if served.stopped.load(Ordering::SeqCst) {
                    break;
                }
                let served = Arc::clone(&served);
                // A client that goes away in the middle is what many rules are about.
                thread::spawn(move || drop(served.connection(stream)));
            }
        });
        Ok(Self { address, shared })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What happens to the requests of a path, one script each; the last one stays.
    pub(crate) fn script(&self, path: &str, scripts: impl IntoIterator<Item = Script>) {
        self.shared.state().scripts.insert(path.to_owned(), scripts.into_iter().collect());
    }

    /// The requests of a path so far.
    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        self.shared.state().seen.get(path).cloned().unwrap_or_default()
    }

    /// Whether the client closed the connection on which a request of this path hangs.
    pub(crate) fn hung_up(&self, path: &str) -> bool {
        self.shared.state().hung_up.iter().any(|hung_up| hung_up == path)
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.state().connections.len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        for connection in self.shared.state().connections.iter().filter_map(Weak::upgrade) {
            drop(connection.shutdown(Shutdown::Both));
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connection(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let stream = Arc::new(stream);
        self.state().connections.push(Arc::downgrade(&stream));
        let mut reader = BufReader::new(&*stream);
        while self.request(&stream, &mut reader)? {}
        Ok(())
    }

    /// Serves one request; whether another may follow.
    fn request(&self, stream: &TcpStream, reader: &mut BufReader<&TcpStream>) -> io::Result<bool> {
        let path = peek(stream, |bytes| path_of(bytes.split_inclusive(|byte| *byte == b'\n').next()?))?;
        let script = self.next_script(&path);
        let (pause, steps) = match script {
            Script::Respond(steps) => (Duration::ZERO, steps),
            Script::RespondLate(pause, steps) => (pause, steps),
            Script::RespondEarly(length, steps) => {
                let mut seen = read_head(reader)?;
                read_body(reader, &mut seen, length as u64)?;
                return self.play(path, seen, steps, stream, reader);
            }
            Script::ResetUnread => {
                self.see(path, Seen::default());
                return Ok(false);
            }
            Script::ResetRead => {
                let whole = peek(stream, |mut bytes| read_request(&mut bytes, Duration::ZERO).ok())?;
                self.see(path, whole);
                return Ok(false);
            }
        };
        let seen = read_request(reader, pause)?;
        self.play(path, seen, steps, stream, reader)
    }

    /// Performs the steps for a request; whether another may follow.
    fn play(
        &self,
        path: String,
        mut seen: Seen,
        steps: Vec<Step>,
        stream: &TcpStream,
        reader: &mut BufReader<&TcpStream>,
    ) -> io::Result<bool> {
        if !steps.iter().any(|step| matches!(step, Step::ReadBody)) {
            self.see(path.clone(), std::mem::take(&mut seen));
        }
        for step in steps {
            match step {
                Step::Write(bytes) => (&*stream).write_all(&bytes)?,
                Step::Pause(pause) => wait(pause),
                Step::ReadBody => {
                    read_body(reader, &mut seen, u64::MAX)?;
                    self.see(path.clone(), std::mem::take(&mut seen));
                }
                Step::CloseHalf => stream.shutdown(Shutdown::Write)?,
                Step::Close => return Ok(false),
                Step::Hang => {
                    stream.set_read_timeout(Some(LONGEST_HANG))?;
                    if !reader.read(&mut [0]).is_err_and(|error| is_timeout(&error)) {
                        self.state().hung_up.push(path);
                    }
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn next_script(&self, path: &str) -> Script {
        match self.state().scripts.get_mut(path) {
            Some(scripts) if scripts.len() > 1 => scripts.remove(0),
            Some(scripts) if !scripts.is_empty() => scripts[0].clone(),
            _ => Script::Respond(vec![Step::Write(
                b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".into(),
            )]),
        }
    }

    fn see(&self, path: String, seen: Seen) {
        self.state().seen.entry(path).or_default().push(seen);
    }
}

/// Looks at what has arrived, without taking it, until it is what is looked for. What is not taken when the connection
/// is closed makes the close a reset.
fn peek<T>(stream: &TcpStream, found: impl Fn(&[u8]) -> Option<T>) -> io::Result<T> {
    let mut buffer = vec![0; PEEKED];
    loop {
        let length = stream.peek(&mut buffer)?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(found) = buffer.get(..length).and_then(&found) {
            return Ok(found);
        }
        wait(Duration::from_millis(1));
    }
}

fn path_of(request_line: &[u8]) -> Option<String> {
    let line = str::from_utf8(request_line).ok()?.strip_suffix("\r\n")?;
    let target = line.split(' ').nth(1)?;
    Some(target.split('?').next().unwrap_or(target).to_owned())
}

fn read_request(reader: &mut impl BufRead, pause: Duration) -> io::Result<Seen> {
    let mut seen = read_head(reader)?;
    if !pause.is_zero() {
        wait(pause);
    }
    read_body(reader, &mut seen, u64::MAX)?;
    Ok(seen)
}

/// Reads and discards the rest of the body, up to this number of bytes.
fn read_body(reader: &mut impl BufRead, seen: &mut Seen, most: u64) -> io::Result<()> {
    let length = seen.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let left = length.unwrap_or(0_u64).saturating_sub(seen.body.len() as u64).min(most);
    if reader.take(left).read_to_end(&mut seen.body)? as u64 != left {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

fn read_head(reader: &mut impl BufRead) -> io::Result<Seen> {
    let malformed = || io::Error::from(io::ErrorKind::InvalidData);
    let line = read_line(reader)?;
    let mut words = line.split(' ');
    let mut seen = Seen {
        method: words.next().and_then(|word| word.parse().ok()).ok_or_else(malformed)?,
        target: words.next().ok_or_else(malformed)?.to_owned(),
        ..Seen::default()
    };
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Ok(seen);
        }
        let (name, value) = line.split_once(':').ok_or_else(malformed)?;
        let name = HeaderName::try_from(name).map_err(|_| malformed())?;
        let value = HeaderValue::try_from(value.trim()).map_err(|_| malformed())?;
        seen.headers.append(name, value);
    }
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
fn wait(duration: Duration) {
    thread::sleep(duration);
}
