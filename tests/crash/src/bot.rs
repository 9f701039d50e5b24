use std::{ops::Range, process, time::Duration};

use anyhow::Context as _;
use linq_core::Client;
use linq_durable::Outbox;
use linq_webhooks::{
    EventHandler, Outcome,
    events::{Event, EventPayload as _, Interest, MessageReceived},
};

use crate::log::Log;

/// A handler that answers each message once.
///
/// An event whose id begins with `poison` kills the process.
#[derive(Debug, Clone)]
pub(crate) struct Bot {
    pub(crate) log: Log,
    pub(crate) outbox: Outbox,
    pub(crate) client: Client,
    /// How long it takes to handle a message, in milliseconds.
    pub(crate) handling: Range<u64>,
}

/// Writes the end of a handler, also of one that is dropped.
struct Running<'b> {
    log: &'b Log,
    chat: &'b str,
    event: &'b str,
    end: &'static str,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.log.write(self.end, self.chat, self.event);
    }
}

impl EventHandler for Bot {
    type Error = anyhow::Error;
    const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];

    async fn handle(&self, event: Event) -> anyhow::Result<Outcome> {
        let id = event.event_id.as_ref().context("the event has no id")?.as_str();
        let chat = event.chat_id().context("the event has no chat")?;
        self.log.write("begin", chat.as_str(), id);
        let mut running = Running { log: &self.log, chat: chat.as_str(), event: id, end: "drop" };
        if id.starts_with("poison") {
            process::abort();
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(self.handling.clone()))).await;
        let answer = self.client.chats().messages(&chat).send(id);
        self.outbox.once(&event, "answer").add(answer).await?;
        running.end = "end";
        Ok(Outcome::Handled)
    }
}
