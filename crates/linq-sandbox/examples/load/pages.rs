//! What open pages cost those who send.
//!
//! The rates are sends per second of CPU time, of the sandbox and its clients, because a busy machine disturbs the real time.

use std::time::Duration;

use linq_sandbox::Sandbox;
use rustix::time::{ClockId, clock_gettime};
use tokio::task::JoinSet;

use super::{A_MINUTE, CHATS, connection::Connection, message, send};

pub(crate) const PAGES: usize = 10;
const PAIRS: usize = 3;
/// In each of the two rounds of a pair, which takes several times the longest pause of a page between two views.
const MINUTES: usize = 6;

/// Returns the medians of the sends per second of CPU time without pages and with open ones, in rounds that alternate.
pub(crate) async fn rates(sandbox: &Sandbox) -> (f64, f64) {
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for round in 0..2 * PAIRS {
        sandbox.reset();
        let chats = chats(sandbox).await;
        // The first of a pair is the second of the next one.
        let (pages, rates) = match round % 4 {
            0 | 3 => (&[][..], &mut without),
            _ => (&chats[..], &mut with),
        };
        let _open = open(sandbox, pages).await;
        let start = cpu_time();
        for minute in 1..=MINUTES {
            sandbox.advance(Duration::from_secs(61)).await;
            send(sandbox, minute, CHATS * A_MINUTE).await;
        }
        rates.push((MINUTES * CHATS * A_MINUTE) as f64 / (cpu_time() - start));
    }
    (median(without), median(with))
}

/// Returns the ids of chats that messages are sent to.
async fn chats(sandbox: &Sandbox) -> Vec<String> {
    let mut connection = Connection::open(sandbox).await;
    let mut chats = Vec::new();
    for number in 0..PAGES {
        let body = message(sandbox.phone_number(), 0, number);
        let sent = connection.request("POST", "/api/partner/v3/chats", &body, 201).await;
        let sent: serde_json::Value = serde_json::from_str(&sent).unwrap();
        chats.push(sent["chat"]["id"].as_str().unwrap().to_owned());
    }
    chats
}

/// Opens a page for each of these chats. They are closed when the value is dropped.
async fn open(sandbox: &Sandbox, chats: &[String]) -> JoinSet<()> {
    let mut pages = JoinSet::new();
    for chat in chats {
        let connection = Connection::open(sandbox).await;
        pages.spawn(connection.read_forever(&format!("/sandbox/events?chat={chat}")).await);
    }
    pages
}

/// The CPU time of this process, in seconds.
fn cpu_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_unstable_by(f64::total_cmp);
    rates[rates.len() / 2]
}
