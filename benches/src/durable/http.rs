//! How long the API waits for its 202, and how soon after it the event is handled in the same process.

use std::{cell::RefCell, convert::Infallible, net::SocketAddr, rc::Rc, time::Duration};

use anyhow::{Context as _, Result};
use axum::Router;
use bytes::Bytes;
use linq_durable::Inbox;
use linq_types::events::{Event, Interest};
use linq_webhooks::{EventHandler, Outcome, Verifier};
use rustix::time::ClockId;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::LocalSet,
};

use super::{AT_ONCE, Setup, bounds, events::Events};
use crate::{
    Group, Row, SECRET, Spread, Unit, Value,
    race::read,
    receivers::{ACCEPTED, TOLERANCE, current_thread, deliver, request},
};

/// Requests of a round over 64 connections.
const REQUESTS: u32 = AT_ONCE * 32;
/// Requests of a round, one after the other.
const SINGLE_REQUESTS: u32 = 200;

pub(super) fn measure(setup: &Setup) -> Result<Vec<Group>> {
    Ok(vec![responses(setup)?, first_handling(setup)?])
}

pub(super) fn bounds(groups: &[Group]) -> Vec<String> {
    let [responses, handling] = groups else { return Vec::new() };
    [bounds::at_most(responses, "p99", 20.0), bounds::at_most(handling, "median", 2.0)]
        .into_iter()
        .flatten()
        .collect()
}

/// The latencies of responses over 64 connections, each of which waits for one response before it sends the next event.
fn responses(setup: &Setup) -> Result<Group> {
    let address = serve(setup, &Inbox::new(setup.sqlite("responses")?))?;
    let client = current_thread()?;
    let connections = (0..AT_ONCE).map(|_| Ok(client.block_on(TcpStream::connect(address))?));
    let mut connections: Vec<TcpStream> = connections.collect::<Result<_>>()?;
    let mut events = Events::default();
    let mut rounds = Vec::new();
    for _ in 0..=setup.rounds {
        let requests = Rc::new(RefCell::new(requests(&mut events, address, REQUESTS)?));
        let tasks = connections.drain(..).map(|mut connection| {
            let requests = Rc::clone(&requests);
            async move {
                let mut latencies = Vec::new();
                loop {
                    let Some(request) = requests.borrow_mut().pop() else { break };
                    let sent_at = read(ClockId::Monotonic);
                    deliver(&mut connection, &request, ACCEPTED).await?;
                    latencies.push(read(ClockId::Monotonic) - sent_at);
                }
                anyhow::Ok((connection, latencies))
            }
        });
        let local = LocalSet::new();
        let tasks: Vec<_> = tasks.map(|task| local.spawn_local(task)).collect();
        let mut latencies = Vec::new();
        for task in tasks {
            let (connection, its_latencies) = local.block_on(&client, task)??;
            connections.push(connection);
            latencies.extend(its_latencies);
        }
        rounds.push(latencies);
    }
    Ok(group("202 over 64 connections, SQLite", ("p50", 0.5), &rounds[1..]))
}

/// How long after the 202 the handler is called. It can be called before the sender has read the 202.
fn first_handling(setup: &Setup) -> Result<Group> {
    let inbox = Inbox::new(setup.sqlite("first")?);
    let address = serve(setup, &inbox)?;
    let (sender, mut handled) = unbounded_channel();
    setup.runtime.spawn(inbox.worker(Clocking(sender)).concurrency(16).run());
    let client = current_thread()?;
    let mut connection = client.block_on(TcpStream::connect(address))?;
    let mut events = Events::default();
    let mut rounds = Vec::new();
    for _ in 0..=setup.rounds {
        let requests = requests(&mut events, address, SINGLE_REQUESTS)?;
        let waits = client.block_on(async {
            let mut waits = Vec::new();
            for request in requests {
                deliver(&mut connection, &request, ACCEPTED).await?;
                let responded_at = read(ClockId::Monotonic);
                let handled_at = handled.recv().await.context("the worker has ended")?;
                waits.push(handled_at.saturating_sub(responded_at));
            }
            anyhow::Ok(waits)
        });
        rounds.push(waits?);
    }
    Ok(group("first handling after the 202, SQLite", ("median", 0.5), &rounds[1..]))
}

/// Serves an inbox until the process ends.
fn serve(setup: &Setup, inbox: &Inbox) -> Result<SocketAddr> {
    let verifier = Verifier::new(SECRET)?.tolerance(TOLERANCE);
    let receiver = inbox.receiver(verifier, &Clocking(unbounded_channel().0));
    let router = Router::new().route_service("/linq", receiver.into_service());
    let listener = setup.runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    setup.runtime.spawn(async { axum::serve(listener, router).await });
    Ok(address)
}

fn requests(events: &mut Events, address: SocketAddr, count: u32) -> Result<Vec<Vec<u8>>> {
    events.bodies(count)?.into_iter().map(|body| request(address, &Bytes::from(body))).collect()
}

/// A row with the middle of each round, and one with what 99 % of it stay below.
fn group(title: &str, (middle, half): (&str, f64), rounds: &[Vec<Duration>]) -> Group {
    let row = |label: &str, part: f64| Row {
        label: label.to_owned(),
        value: Value::Timing(Spread::of(rounds.iter().map(|round| quantile(round, part) * 1e3))),
        ratio: None,
    };
    let rows = vec![row(middle, half), row("p99", 0.99)];
    Group { title: title.to_owned(), unit: Unit::Milliseconds, rows }
}

/// Returns the seconds that this part of the durations does not exceed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a position in a short list"
)]
fn quantile(durations: &[Duration], part: f64) -> f64 {
    let mut seconds: Vec<_> = durations.iter().map(Duration::as_secs_f64).collect();
    seconds.sort_by(f64::total_cmp);
    let rank = (part * seconds.len() as f64).ceil() as usize;
    seconds.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// Sends when it was called.
struct Clocking(UnboundedSender<Duration>);

impl EventHandler for Clocking {
    type Error = Infallible;
    const EVENTS: &'static [Interest] = &[Interest::All];

    async fn handle(&self, _: Event) -> Result<Outcome, Infallible> {
        // The handler whose receiver only stores events has nobody to tell.
        let _unheard = self.0.send(read(ClockId::Monotonic));
        Ok(Outcome::Handled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_durations_do_not_exceed_their_quantile() {
        let durations: Vec<_> = (1..=100).rev().map(Duration::from_secs).collect();
        assert_eq!([quantile(&durations, 0.5), quantile(&durations, 0.99)], [50.0, 99.0]);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
