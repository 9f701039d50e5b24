use std::{fmt, time::Duration};

use anyhow::{Result, bail};
use linq::{
    types::events::{Event, EventData, ReactionEvent},
    webhooks::Scheme,
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, timeout_at},
};

/// How long the whole conversation may take before the next step counts as not having happened.
const PATIENCE: Duration = Duration::from_millis(4500);

/// Something that happened, told to the timeline from wherever it did.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A webhook arrived and its signature was checked.
    Webhook(Scheme, Box<Event>),
    /// The bot did something.
    Bot(String),
    /// The bot could not do something.
    BotFailed(String),
}

/// Prints what happens as it happens, and remembers the events.
pub(crate) struct Timeline {
    start: Instant,
    happenings: UnboundedReceiver<Happening>,
    events: Vec<Event>,
}

impl Timeline {
    pub(crate) fn new() -> (Self, UnboundedSender<Happening>) {
        let (sender, happenings) = unbounded_channel();
        (Self { start: Instant::now(), happenings, events: Vec::new() }, sender)
    }

    /// Prints one line.
    pub(crate) fn say(&self, who: &str, what: impl fmt::Display) {
        println!("{:>6.3}s  {who:<9}{what}", self.start.elapsed().as_secs_f64());
    }

    /// Prints what happens until an event of this kind has been seen.
    pub(crate) async fn wait_for(&mut self, step: &str, seen: impl Fn(&EventData) -> bool) -> Result<()> {
        let deadline = self.start + PATIENCE;
        while !self.events.iter().any(|event| seen(&event.data)) {
            match timeout_at(deadline, self.happenings.recv()).await {
                Ok(Some(happening)) => self.take(happening)?,
                Ok(None) => bail!("the webhook receiver stopped before {step}"),
                Err(_) => bail!("{step} did not happen within {PATIENCE:?}"),
            }
        }
        Ok(())
    }

    fn take(&mut self, happening: Happening) -> Result<()> {
        match happening {
            Happening::Webhook(scheme, event) => {
                let about = describe(&event.data);
                self.say(
                    "webhook",
                    format_args!("{:<18} signature checked ({scheme})  {about}", event.event_type.as_str()),
                );
                self.events.push(*event);
            }
            Happening::Bot(what) => self.say("bot", what),
            Happening::BotFailed(why) => bail!("the bot failed: {why}"),
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
            let sender = message.sender().map_or("somebody", |sender| sender.as_str());
            format!("{sender} wrote “{}”", message.text())
        }
        EventData::MessageSent(message) => format!("“{}” is sent", message.text()),
        EventData::MessageDelivered(message) => format!("“{}” is delivered", message.text()),
        EventData::MessageRead(message) => format!("“{}” is read", message.text()),
        EventData::ReactionAdded(reaction) => {
            let ReactionEvent { is_from_me, reaction_type, .. } = &**reaction;
            format!("{} reacted with {reaction_type}", if *is_from_me { "the bot" } else { "the person" })
        }
        _ => String::new(),
    }
}
