//! A server that speaks as much of the API as a send needs, and misbehaves.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde::Deserialize;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    sync::mpsc,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// How long an attempt may take, in real time: much longer than an answer does.
pub(super) const TIMEOUT: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(20);
const SEED: u64 = 0x11_9A;

/// Whether the server executes a repeated key once or again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Keys {
    Honoured,
    Ignored,
}

/// What the client gets to see.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Message,
    /// The message, and then the connection is closed unannounced.
    MessageThenClose,
    /// Half of the message as if it were whole.
    HalfMessage,
    /// Half of the message, and then the connection is closed.
    CutOff,
    Error(u16, u32),
    Html,
    Close,
    Reset,
    /// Nothing until the client hangs up.
    Silence,
}

/// When a request is executed, if it is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Commit {
    Never,
    First,
    /// When the client has long given up.
    Late,
}

/// What goes wrong, each in how many of a thousand requests: 300 together.
const MISHAPS: [(u32, Commit, Answer); 16] = [
    (25, Commit::First, Answer::Close),
    (15, Commit::First, Answer::Reset),
    (20, Commit::Never, Answer::Close),
    (20, Commit::Never, Answer::Reset),
    (10, Commit::First, Answer::Silence),
    (10, Commit::Never, Answer::Silence),
    (5, Commit::Late, Answer::Close),
    (60, Commit::Never, Answer::Error(429, 1007)),
    (10, Commit::Never, Answer::Error(403, 2024)),
    (25, Commit::Never, Answer::Error(503, 4004)),
    (20, Commit::Never, Answer::Error(500, 3006)),
    (20, Commit::First, Answer::Error(500, 3006)),
    (10, Commit::Never, Answer::Html),
    (20, Commit::First, Answer::Html),
    (20, Commit::First, Answer::HalfMessage),
    (10, Commit::First, Answer::CutOff),
];

/// What happens to a request; the same for the same request of the same send, whatever else is going on.
fn fate(send: u32, arrival: u32) -> (Commit, Answer) {
    let case = (u64::from(send) << 8) | u64::from(arrival);
    // Seeds that lie close together would give numbers that do.
    let mut random = fastrand::Rng::with_seed((SEED ^ case).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut draw = random.u32(0..1000);
    for (weight, commit, answer) in MISHAPS {
        if draw < weight {
            return (commit, answer);
        }
        draw -= weight;
    }
    let hangs_up = random.u32(0..100) < 3;
    (Commit::First, if hangs_up { Answer::MessageThenClose } else { Answer::Message })
}

/// What has happened to the sends, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) requests: u32,
    arrivals: HashMap<u32, u32>,
    executions: HashMap<u32, u32>,
    keys: HashMap<String, u32>,
}

impl Ledger {
    /// How often a send was executed.
    pub(super) fn executions(&self, send: u32) -> u32 {
        self.executions.get(&send).copied().unwrap_or_default()
    }

    fn arrive(&mut self, send: u32) -> u32 {
        self.requests += 1;
        let arrivals = self.arrivals.entry(send).or_default();
        *arrivals += 1;
        *arrivals
    }

    /// Executes a request, unless its key is one that was seen before; gives the number of the send that was executed.
    fn commit(&mut self, request: &SendRequest, keys: Keys) -> u32 {
        let send = request.number();
        if let Some(key) = &request.message.idempotency_key
            && keys == Keys::Honoured
        {
            if let Some(known) = self.keys.get(key) {
                return *known;
            }
            self.keys.insert(key.clone(), send);
        }
        *self.executions.entry(send).or_default() += 1;
        send
    }
}

#[derive(Deserialize)]
struct SendRequest {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    parts: [Text; 1],
    idempotency_key: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    value: String,
}

impl SendRequest {
    fn number(&self) -> u32 {
        self.message.parts[0].value.parse().unwrap()
    }
}

/// The server, on a thread of its own.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    runtime: Runtime,
    accepting: JoinHandle<()>,
    ledger: Arc<Mutex<Ledger>>,
    /// Tells when all connections have ended.
    ended: mpsc::Receiver<()>,
}

impl Server {
    pub(super) fn start(keys: Keys) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let ledger = Arc::<Mutex<Ledger>>::default();
        let (alive, ended) = mpsc::channel(1);
        let shared = Arc::clone(&ledger);
        let accepting = runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let connection = Connection { socket, read: Vec::new(), keys, ledger: Arc::clone(&shared) };
                let alive = alive.clone();
                tokio::spawn(async move {
                    // A connection that breaks is what this server is for.
                    let _ = connection.serve().await;
                    drop(alive);
                });
            }
        });
        Self { address, runtime, accepting, ledger, ended }
    }

    /// Waits until everything that was sent has been dealt with. The clients must be gone.
    pub(super) fn finish(mut self) -> Ledger {
        self.accepting.abort();
        let ended = self.runtime.block_on(async { timeout(PATIENCE, self.ended.recv()).await });
        ended.expect("a connection is still open");
        std::mem::take(&mut self.ledger.lock().unwrap())
    }
}

struct Connection {
    socket: TcpStream,
    read: Vec<u8>,
    keys: Keys,
    ledger: Arc<Mutex<Ledger>>,
}

impl Connection {
    async fn serve(mut self) -> io::Result<()> {
        while let Some(request) = self.request().await? {
            let send = request.number();
            let arrival = self.ledger().arrive(send);
            let (commit, answer) = fate(send, arrival);
            if commit == Commit::Late {
                sleep(TIMEOUT * 2).await;
            }
            let executed = match commit {
                Commit::Never => None,
                Commit::First | Commit::Late => Some(self.ledger().commit(&request, self.keys)),
            };
            if !self.answer(answer, executed).await? {
                break;
            }
        }
        Ok(())
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap()
    }

    /// The next request; `None` when the client has hung up.
    async fn request(&mut self) -> io::Result<Option<SendRequest>> {
        loop {
            if let Some((start, end)) = body_range(&self.read)
                && end <= self.read.len()
            {
                let request = serde_json::from_slice(&self.read[start..end])?;
                self.read.drain(..end);
                return Ok(Some(request));
            }
            if self.socket.read_buf(&mut self.read).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Whether the connection goes on.
    async fn answer(&mut self, answer: Answer, executed: Option<u32>) -> io::Result<bool> {
        let message = || {
            let id = format!("m{}", executed.unwrap_or_default());
            json!({
                "chat_id": "c1",
                "message": {"id": id, "delivery_status": "pending", "parts": [], "is_read": false},
            })
            .to_string()
        };
        let goes_on = match answer {
            Answer::Message | Answer::MessageThenClose => {
                self.write(202, "application/json", &message()).await?;
                matches!(answer, Answer::Message)
            }
            Answer::HalfMessage => {
                let message = message();
                self.write(202, "application/json", &message[..message.len() / 2]).await?;
                true
            }
            Answer::CutOff => {
                let response = response(202, "application/json", &message());
                self.socket.write_all(&response.as_bytes()[..response.len() - 20]).await?;
                false
            }
            Answer::Error(status, code) => {
                let error =
                    json!({"success": false, "error": {"status": status, "code": code, "retry_after": 1}});
                self.write(status, "application/json", &error.to_string()).await?;
                true
            }
            Answer::Html => {
                self.write(502, "text/html", "<html><h1>502 Bad Gateway</h1></html>").await?;
                true
            }
            Answer::Close => false,
            Answer::Reset => {
                self.socket.set_zero_linger()?;
                false
            }
            Answer::Silence => {
                while self.socket.read(&mut [0; 64]).await? > 0 {}
                false
            }
        };
        Ok(goes_on)
    }

    async fn write(&mut self, status: u16, content_type: &str, body: &str) -> io::Result<()> {
        self.socket.write_all(response(status, content_type, body).as_bytes()).await
    }
}

fn response(status: u16, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} -\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// Where the body of the first request lies, once its head is there.
fn body_range(bytes: &[u8]) -> Option<(usize, usize)> {
    let start = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..start]).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap();
    Some((start, start + length.trim().parse::<usize>().unwrap()))
}
