//! How much the sandbox holds and how fast it is: 1,000 chats and 200,000 messages with idempotency keys, sent over
//! loopback, and a chat of 100,000 messages to page through.
//!
//! `cargo run --release -p linq-sandbox --example load`
//!
//! Every `RATIO` line ends with what the ratio should stay below. The client shares the machine with the sandbox.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement, not a library")]

use std::{
    fs,
    time::{Duration, Instant},
};

use linq_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

const CHATS: usize = 1_000;
const IN_ONE_CHAT: usize = 100_000;
const SENDS: usize = 200_000;
const CONNECTIONS: usize = 16;
/// As many as one person may get within a minute.
const A_MINUTE: usize = 30;

#[tokio::main]
async fn main() {
    let sandbox = Sandbox::builder().manual_time().api_key("load").seed(1).start().await.unwrap();
    let before = memory();

    let busy = sandbox.person("+13005550100");
    let mut chat_id = None;
    for number in 0..1_000 {
        chat_id = Some(busy.says(format!("Message number {number}")).unwrap().chat_id);
    }
    let path = format!("/api/partner/v3/chats/{}/messages?limit=50", chat_id.unwrap());
    let small = paging(&sandbox, &path, 1_000 / 2).await;

    let rounds = SENDS.div_ceil(CHATS * A_MINUTE);
    let mut rates = Vec::new();
    for round in 0..rounds {
        let sends = (SENDS - round * CHATS * A_MINUTE).min(CHATS * A_MINUTE);
        let start = Instant::now();
        send(&sandbox, round, sends).await;
        rates.push(sends as f64 / start.elapsed().as_secs_f64());
        sandbox.advance(Duration::from_secs(61)).await;
    }
    let held = memory() - before;

    for number in 1_000..IN_ONE_CHAT {
        busy.says(format!("Message number {number}")).unwrap();
    }
    let large = paging(&sandbox, &path, IN_ONE_CHAT / 2).await;

    let (first, last) = (rates[0], rates[rates.len() - 1]);
    println!("{SENDS} messages with keys in {CHATS} chats take {held:.0} MB");
    println!("{first:.0} sends a second at first, {last:.0} in the end");
    println!("a page of 50 takes {small:.0} µs of 1,000 messages, {large:.0} µs of {IN_ONE_CHAT}");
    println!("RATIO memory/500MB {:.2} 1.00", held / 500.0);
    println!("RATIO 20000/sends-per-second {:.2} 1.00", 20_000.0 / last);
    println!("RATIO first/last-sends-per-second {:.2} 1.25", first / last);
    println!("RATIO page-of-many/page-of-few {:.2} 1.25", large / small);
}

/// What this process takes, in MB.
fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: f64 = line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes / 1_024.0
}

/// Sends from several connections, each to persons of its own.
async fn send(sandbox: &Sandbox, round: usize, sends: usize) {
    let mut clients = JoinSet::new();
    for client in 0..CONNECTIONS {
        let mut connection = Connection::open(sandbox).await;
        let from = sandbox.phone_number().clone();
        clients.spawn(async move {
            for number in (client..sends).step_by(CONNECTIONS) {
                let body = format!(
                    r#"{{"from":"{from}","to":["+1303555{:04}"],"message":{{"parts":[{{"type":"text","value":"Message {round} {number}: see you tomorrow"}}],"idempotency_key":"{round:016x}-{number:016x}"}}}}"#,
                    number % CHATS
                );
                connection.request("POST", "/api/partner/v3/chats", &body, 201).await;
            }
        });
    }
    clients.join_all().await;
}

/// The microseconds that a page in the middle takes, in the fastest of several batches.
async fn paging(sandbox: &Sandbox, path: &str, middle: usize) -> f64 {
    const BATCHES: u32 = 40;
    const PAGES: u32 = 25;
    let mut connection = Connection::open(sandbox).await;
    let mut cursor = String::new();
    for _ in 0..middle / 100 {
        let path = path.replace("limit=50", "limit=100") + &cursor;
        cursor = format!("&cursor={}", next_cursor(&connection.request("GET", &path, "", 200).await));
    }
    let path = path.to_owned() + &cursor;
    let mut fastest = Duration::MAX;
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..PAGES {
            connection.request("GET", &path, "", 200).await;
        }
        fastest = fastest.min(start.elapsed() / PAGES);
    }
    fastest.as_secs_f64() * 1e6
}

fn next_cursor(body: &str) -> String {
    let (_, cursor) = body.rsplit_once(r#""next_cursor":""#).unwrap();
    cursor.trim_end_matches(['"', '}']).to_owned()
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    key: String,
}

impl Connection {
    async fn open(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(sandbox.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new(), key: sandbox.api_key().to_owned() }
    }

    async fn request(&mut self, method: &str, path: &str, body: &str, status: u16) -> String {
        let (key, length) = (&self.key, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.buffer.clear();
        loop {
            self.stream.read_buf(&mut self.buffer).await.unwrap();
            let text = std::str::from_utf8(&self.buffer).unwrap();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() == length.unwrap().parse::<usize>().unwrap() {
                assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{text}");
                return body.to_owned();
            }
        }
    }
}
