//! A process that the crash tests kill: a receiver on a durable store, and as a bot also a worker.
//!
//! `linq-crash-victim ROLE STORE PORT LOG [FAULT]`: the role is `bot` or `receiver`. The worker writes to the log when the
//! handler of an event begins and ends. A fault makes the store break its promises, to show that the tests notice.
//!
//! The process ends with its standard input, so that it does not outlive the test.

mod faulty;
mod recorder;

use std::{env, io, process, sync::Arc, thread, time::Duration};

use anyhow::{Context as _, bail};
use axum::Router;
use linq_crash::{SECRET, open};
use linq_durable::{Inbox, RetryPolicy};
use linq_webhooks::Verifier;
use tokio::net::TcpListener;

use self::{faulty::Faulty, recorder::Recorder};

const LEASE: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [role, store, port, log, faults @ ..] = &arguments[..] else {
        bail!("expected ROLE STORE PORT LOG [FAULT]")
    };
    thread::spawn(|| {
        let _ended = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let store = open(store).await?;
    let store = match faults.first() {
        Some(fault) => Arc::new(Faulty::new(store, fault.parse()?)),
        None => store,
    };
    let inbox = Inbox::from(store);
    let recorder = Recorder::open(log).context("cannot open the log")?;
    let receiver = inbox.receiver(Verifier::new(SECRET)?, &recorder);
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let serve = axum::serve(listener, Router::new().route_service("/", receiver.into_service()));
    match role.as_str() {
        "bot" => {
            // Every death counts as an attempt of each event that was being handled.
            let retry = RetryPolicy::default().first_delay(Duration::from_millis(10));
            let worker = inbox.worker(recorder).concurrency(8).lease(LEASE).retry(retry);
            tokio::spawn(worker.run());
        }
        "receiver" => {}
        _ => bail!("unknown role; expected bot or receiver"),
    }
    serve.await?;
    Ok(())
}
