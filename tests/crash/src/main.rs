//! A process that the crash tests kill: a receiver on a durable store, and as a bot also a worker and a dispatcher.
//!
//! `linq-crash-victim ROLE STORE PORT LOG [FAULT]`: the role is `bot` or `receiver`. The bot answers each message, and writes
//! to the log when the handler of an event begins and ends. A fault makes the store break its promises, to show that the
//! tests notice. The environment has the API and the signing secrets.
//!
//! The process ends with its standard input, so that it does not outlive the test.

mod bot;
mod faulty;
mod log;
mod unfenced;

use std::{env, io, process, sync::Arc, thread, time::Duration};

use anyhow::{Context as _, bail};
use axum::Router;
use linq_core::{Client, Pace};
use linq_crash::open;
use linq_durable::{Inbox, Ledger, Outbox, RetryPolicy};
use linq_hyper::HyperBackend;
use linq_webhooks::Verifier;
use tokio::net::TcpListener;

use self::{bot::Bot, faulty::Faulty, log::Log};

const LEASE: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [role, address, port, log, faults @ ..] = &arguments[..] else {
        bail!("expected ROLE STORE PORT LOG [FAULT]")
    };
    thread::spawn(|| {
        let _ended = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let store = open_in_time(address).await?;
    // A process that was paused for longer than its leases comes back while another one handles its events.
    let handling = match faults.first().map(String::as_str) {
        Some("late-workers" | "no-fence") => 300..700,
        _ => 5..100,
    };
    let store = match faults.first() {
        Some(fault) => Arc::new(Faulty::new(store, address, fault)?),
        None => store,
    };
    // What is repeated is up to the outbox.
    let client = Client::builder().from_env().max_attempts(1).build(HyperBackend::http())?;
    let inbox = Inbox::from(Arc::clone(&store) as Arc<dyn linq_durable::Store>);
    let outbox = Outbox::from(store);
    let log = Log::open(log).context("cannot open the log")?;
    let bot = outbox.tracking(Bot { log, outbox: outbox.clone(), client: client.clone(), handling });
    let receiver = inbox.receiver(Verifier::from_env()?, &bot);
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let serve = axum::serve(listener, Router::new().route_service("/", receiver.into_service()));
    match role.as_str() {
        "bot" => {
            // Every death counts as an attempt of each event that was being handled.
            let retry = RetryPolicy::default().first_delay(Duration::from_millis(10));
            let worker = inbox.worker(bot).concurrency(8).lease(LEASE).retry(retry.clone());
            tokio::spawn(worker.run());
            let retry = retry.max_delay(Duration::from_millis(100));
            let dispatcher = outbox.dispatcher(client).concurrency(8).lease(LEASE).retry(retry);
            tokio::spawn(dispatcher.pace(Pace::new()).run());
        }
        "receiver" => {}
        _ => bail!("unknown role; expected bot or receiver"),
    }
    serve.await?;
    Ok(())
}

/// Opens the store, and tries again while its server starts.
async fn open_in_time(address: &str) -> anyhow::Result<Arc<dyn Ledger>> {
    for _ in 0..100 {
        if let Ok(store) = open(address).await {
            return Ok(store);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    open(address).await
}
