//! The poster: it delivers each event of a chat until it gets a 2xx, and then the next one.

use std::{
    fmt,
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    ops::Range,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use linq_webhooks::{Signer, Timestamp};

/// The signing secret of the deliveries.
pub(super) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// The most events that are delivered at once.
const BURST: usize = 4;
/// How long a delivery may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A chat whose events are delivered in order.
#[derive(Debug)]
pub(super) struct Poster {
    chat: String,
    /// The number of the event that kills its process.
    pub(super) poison: Option<usize>,
    /// How long it pauses, in milliseconds.
    pub(super) pause: Range<u64>,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    accepted: Vec<String>,
    attempts: usize,
    last: Option<String>,
}

impl Poster {
    pub(super) fn new(chat: String) -> Self {
        // As many answers as the API allows, which is 30 in a minute.
        Self { chat, poison: None, pause: 10_000..14_000, progress: Mutex::default() }
    }

    pub(super) fn chat(&self) -> &str {
        &self.chat
    }

    /// The ids of the events that were accepted, in this order.
    pub(super) fn accepted(&self) -> Vec<String> {
        self.lock().accepted.clone()
    }

    /// Delivers events to random ports until it is stopped: some at once, and the next ones after a pause.
    pub(super) fn deliver_until(&self, stop: &AtomicBool, ports: &[u16]) {
        let mut burst = fastrand::usize(2..=BURST);
        loop {
            for _ in 0..burst {
                if !self.deliver(stop, ports) {
                    return;
                }
            }
            burst = BURST;
            let (start, pause) = (Instant::now(), Duration::from_millis(fastrand::u64(self.pause.clone())));
            while start.elapsed() < pause && !stop.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(20));
            }
        }
    }

    /// Delivers the next event. Returns `false` if it was stopped before.
    pub(super) fn deliver(&self, stop: &AtomicBool, ports: &[u16]) -> bool {
        let number = self.lock().accepted.len();
        let kind = if self.poison == Some(number) { "poison" } else { "event" };
        let id = format!("{kind}-{}-{number:05}", self.chat);
        while !stop.load(Ordering::Relaxed) {
            let port = ports[fastrand::usize(..ports.len())];
            let posted = post(port, &self.chat, &id, TIMEOUT);
            let mut progress = self.lock();
            progress.attempts += 1;
            progress.last = Some(format!("{id} to port {port}: {posted:?}"));
            if let Ok(200..300) = posted {
                progress.accepted.push(id);
                return true;
            }
            drop(progress);
            // Signing again and again would take the processor from a process that is starting.
            thread::sleep(Duration::from_millis(fastrand::u64(20..150)));
        }
        false
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Poster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { accepted, attempts, last } = &*self.lock();
        let last = last.as_deref().unwrap_or("none");
        write!(f, "{}: {} accepted in {attempts} attempts, the last one {last}", self.chat, accepted.len())
    }
}

/// Returns the status of the response.
pub(super) fn post(port: u16, chat: &str, id: &str, timeout: Duration) -> io::Result<u16> {
    let body = format!(
        r#"{{"api_version":"v3","webhook_version":"2026-02-03","event_id":"{id}","event_type":"message.received","data":{{"id":"m-{id}","chat":{{"id":"{chat}"}},"direction":"inbound","parts":[{{"type":"text","value":"hello"}}]}}}}"#
    );
    let now = Timestamp::try_from(SystemTime::now()).map_err(io::Error::other)?;
    let signer = Signer::new(SECRET).map_err(io::Error::other)?;
    let headers = signer.headers(id, now, body.as_bytes()).map_err(io::Error::other)?;
    let mut request = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in &headers {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().map_err(io::Error::other)?));
    }
    request.push_str("\r\n");
    request.push_str(&body);

    let start = Instant::now();
    let remaining = || {
        let remaining = timeout.saturating_sub(start.elapsed());
        if remaining.is_zero() { Err(io::Error::from(io::ErrorKind::TimedOut)) } else { Ok(remaining) }
    };
    let mut connection = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), remaining()?)?;
    connection.set_write_timeout(Some(remaining()?))?;
    connection.write_all(request.as_bytes())?;
    // The status line is `HTTP/1.1 202 Accepted`.
    let mut response = Vec::new();
    let mut buffer = [0; 1024];
    while response.len() < 12 {
        connection.set_read_timeout(Some(remaining()?))?;
        match connection.read(&mut buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => response.extend_from_slice(&buffer[..read]),
        }
    }
    let status = str::from_utf8(&response[9..12]).ok().and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::Error::other("the response has no status"))
}
