use std::{
    fmt,
    io::{self, Write as _},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use linq::{
    types::{
        escape,
        events::{Event, EventData, ReactionEvent},
        reactions::ReactionType,
    },
    webhooks::Scheme,
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, timeout_at},
};

/// The timeout of the whole conversation.
const TIMEOUT: Duration = Duration::from_millis(4500);

/// Something that happened in the conversation.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A webhook arrived and was verified.
    Webhook(Scheme, Box<Event>),
    /// An action of the bot.
    Bot(String),
    /// An error of the bot.
    BotFailed(String),
}

/// Prints each entry as it arrives, and keeps the events.
pub(crate) struct Timeline {
    start: Instant,
    entries: UnboundedReceiver<Entry>,
    events: Vec<Event>,
}

impl Timeline {
    pub(crate) fn new() -> (Self, UnboundedSender<Entry>) {
        let (sender, entries) = unbounded_channel();
        (Self { start: Instant::now(), entries, events: Vec::new() }, sender)
    }

    /// Prints one line.
    pub(crate) fn say(&self, who: &str, what: impl fmt::Display) -> Result<()> {
        let seconds = self.start.elapsed().as_secs_f64();
        writeln!(io::stdout(), "{seconds:>6.3}s  {who:<9}{}", escape(what))
            .context("cannot write to standard output")
    }

    /// Prints entries until an event that `matches` has arrived.
    pub(crate) async fn wait_for(&mut self, step: &str, matches: impl Fn(&EventData) -> bool) -> Result<()> {
        let deadline = self.start + TIMEOUT;
        while !self.events.iter().any(|event| matches(&event.data)) {
            match timeout_at(deadline, self.entries.recv()).await {
                Ok(Some(entry)) => self.take(entry)?,
                Ok(None) => bail!("{step}: the webhook receiver stopped"),
                Err(_) => bail!("{step}: timed out after {TIMEOUT:?}"),
            }
        }
        Ok(())
    }

    fn take(&mut self, entry: Entry) -> Result<()> {
        match entry {
            Entry::Webhook(scheme, event) => {
                let about = describe(&event.data);
                self.say(
                    "webhook",
                    format_args!("{:<18} signature verified ({scheme})  {about}", event.event_type.as_str()),
                )?;
                self.events.push(*event);
            }
            Entry::Bot(action) => self.say("bot", action)?,
            Entry::BotFailed(error) => bail!("the bot failed: {error}"),
        }
        Ok(())
    }

    pub(crate) fn webhooks(&self) -> usize {
        self.events.len()
    }
}

fn describe(data: &EventData) -> String {
    match data {
        EventData::MessageReceived(message) => {
            let sender = message.sender().map_or("unknown sender", |sender| sender.as_str());
            format!("{sender} wrote “{}”", message.text())
        }
        EventData::MessageSent(message) => format!("“{}” is sent", message.text()),
        EventData::MessageDelivered(message) => format!("“{}” is delivered", message.text()),
        EventData::MessageRead(message) => format!("“{}” is read", message.text()),
        EventData::ReactionAdded(reaction) => {
            let ReactionEvent { is_from_me, reaction_type, .. } = &**reaction;
            let who = if *is_from_me == Some(true) { "the bot" } else { "the person" };
            let reaction = reaction_type.as_ref().map_or("something", ReactionType::as_str);
            format!("{who} reacted with {reaction}")
        }
        _ => String::new(),
    }
}
