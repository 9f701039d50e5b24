//! How much the sandbox holds and how fast it is: 1,000 chats and 200,000 messages with idempotency keys, sent over
//! loopback, a chat of 100,000 messages to page through, and ten open pages.
//!
//! `cargo run --release -p linq-sandbox --example load`
//!
//! Every `RATIO` line ends with what the ratio should stay below. The client shares the machine with the sandbox.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement, not a library")]

mod connection;
mod pages;

use std::{
    fs,
    time::{Duration, Instant},
};

use connection::Connection;
use linq_sandbox::Sandbox;
use linq_types::Handle;
use tokio::task::JoinSet;

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
        rates.push(send(&sandbox, round, sends).await);
        sandbox.advance(Duration::from_secs(61)).await;
    }
    let held = memory() - before;

    for number in 1_000..IN_ONE_CHAT {
        busy.says(format!("Message number {number}")).unwrap();
    }
    let large = paging(&sandbox, &path, IN_ONE_CHAT / 2).await;
    let (without, with) = pages::rates(&sandbox).await;

    let (first, last) = (rates[0], rates[rates.len() - 1]);
    println!("{SENDS} messages with keys in {CHATS} chats take {held:.0} MB");
    println!("{first:.0} sends a second at first, {last:.0} in the end");
    println!("a page of 50 takes {small:.0} µs of 1,000 messages, {large:.0} µs of {IN_ONE_CHAT}");
    println!(
        "{without:.0} sends per second of CPU time without pages, {with:.0} with {} open ones",
        pages::PAGES
    );
    println!("RATIO memory/500MB {:.2} 1.00", held / 500.0);
    println!("RATIO 20000/sends-per-second {:.2} 1.00", 20_000.0 / last);
    println!("RATIO first/last-sends-per-second {:.2} 1.25", first / last);
    println!("RATIO page-of-many/page-of-few {:.2} 1.25", large / small);
    println!("RATIO pages/open-{}/throughput {:.3} 1.05", pages::PAGES, without / with);
}

/// What this process takes, in MB.
fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: f64 = line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes / 1_024.0
}

/// Sends from several connections, each to persons of its own. Returns how many a second.
async fn send(sandbox: &Sandbox, round: usize, sends: usize) -> f64 {
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CONNECTIONS {
        let mut connection = Connection::open(sandbox).await;
        let from = sandbox.phone_number().clone();
        clients.spawn(async move {
            for number in (client..sends).step_by(CONNECTIONS) {
                let body = message(&from, round, number);
                connection.request("POST", "/api/partner/v3/chats", &body, 201).await;
            }
        });
    }
    clients.join_all().await;
    sends as f64 / start.elapsed().as_secs_f64()
}

fn message(from: &Handle, round: usize, number: usize) -> String {
    format!(
        r#"{{"from":"{from}","to":["+1303555{:04}"],"message":{{"parts":[{{"type":"text","value":"Message {round} {number}: see you tomorrow"}}],"idempotency_key":"{round:016x}-{number:016x}"}}}}"#,
        number % CHATS
    )
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
