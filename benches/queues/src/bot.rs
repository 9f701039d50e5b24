//! A victim of the crash tests: it adds the events that it receives to a queue, and answers them as a job.
//!
//! It does what `linq-crash-victim` does, without an outbox: the answer has the id of the event as its idempotency key.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    process,
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result};
use axum::Router;
use linq_core::Client;
use linq_hyper::HyperBackend;
use linq_webhooks::{
    EventHandler, Outcome, Receiver, Verifier,
    events::{Event, EventPayload as _, Interest, MessageReceived, RawBody},
};
use tokio::net::TcpListener;

use crate::queue::Queue;

pub(crate) async fn serve(queue: impl Queue, port: u16) -> Result<()> {
    thread::spawn(|| {
        let _ended = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let receiver = Receiver::new(Verifier::from_env()?, Adding(queue.clone()));
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let router = Router::new().route_service("/", receiver.into_service());
    tokio::select! {
        served = axum::serve(listener, router) => Ok(served?),
        ended = queue.work() => ended.context("the worker ended"),
    }
}

struct Adding<Q>(Q);

impl<Q: Queue> EventHandler for Adding<Q> {
    type Error = anyhow::Error;
    const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];

    async fn handle(&self, event: Event) -> Result<Outcome> {
        let chat = event.chat_id().context("the event has no chat")?;
        let body = String::from_utf8(event.raw().to_vec())?;
        self.0.add(chat.as_str(), body).await?;
        Ok(Outcome::Accepted)
    }
}

/// Answers an event, and writes to the log when that begins and ends.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    log: Arc<File>,
    client: Client,
}

impl Answer {
    pub(crate) fn new(log: &str) -> Result<Self> {
        let log = OpenOptions::new().append(true).create(true).open(log)?;
        Ok(Self { log: Arc::new(log), client: Client::builder().from_env().build(HyperBackend::http())? })
    }

    pub(crate) async fn handle(&self, body: String) -> Result<()> {
        let event = Event::parse_unverified(RawBody::new(body))?;
        let id = event.event_id.as_ref().context("the event has no id")?.as_str();
        let chat = event.chat_id().context("the event has no chat")?;
        self.write("begin", chat.as_str(), id)?;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(5..100))).await;
        let sent = self.client.chats().messages(&chat).send(id).idempotency_key(id).await;
        self.write(if sent.is_ok() { "end" } else { "drop" }, chat.as_str(), id)?;
        sent?;
        Ok(())
    }

    fn write(&self, what: &str, chat: &str, event: &str) -> io::Result<()> {
        (&*self.log).write_all(format!("{what} {chat} {event} {}\n", process::id()).as_bytes())
    }
}
