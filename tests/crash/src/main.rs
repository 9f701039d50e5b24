//! A process that the crash test kills: a receiver and a worker on one durable store.
//!
//! `linq-crash-victim STORE PORT LOG [FAULT]`: the store is `sqlite:PATH` or a PostgreSQL connection string. The worker writes
//! to the log when the handler of an event begins and ends. A fault makes the store break its promises, to show that the test
//! notices.

mod faulty;
mod recorder;

use std::{env, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use axum::Router;
use linq_durable::{Inbox, RetryPolicy, Store};
use linq_webhooks::Verifier;
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

use self::{faulty::Faulty, recorder::Recorder};

/// The signing secret of the deliveries.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const LEASE: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [store, port, log, faults @ ..] = &arguments[..] else { bail!("expected STORE PORT LOG [FAULT]") };
    let store: Arc<dyn Store> = match store.strip_prefix("sqlite:") {
        Some(path) => Arc::new(linq_sqlite::Store::open(path)?),
        None => {
            let config = linq_postgres::Config::new(store.parse()?);
            let (store, driver) = linq_postgres::connect(config, NoTls).await?;
            tokio::spawn(driver.run());
            store.migrate().await?;
            Arc::new(store)
        }
    };
    let store = match faults.first() {
        Some(fault) => Arc::new(Faulty::new(store, fault.parse()?)),
        None => store,
    };
    let inbox = Inbox::from(store);
    let recorder = Recorder::open(log).context("cannot open the log")?;
    let receiver = inbox.receiver(Verifier::new(SECRET)?, &recorder);
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let router = Router::new().route_service("/", receiver.into_service());
    tokio::spawn(async { axum::serve(listener, router).await });
    // Every death counts as an attempt of each event that was being handled.
    let retry = RetryPolicy::default().first_delay(Duration::from_millis(10));
    inbox.worker(recorder).concurrency(8).lease(LEASE).retry(retry).run().await;
    Ok(())
}
