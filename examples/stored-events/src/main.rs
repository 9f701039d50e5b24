//! Reads webhook events that were verified and stored before, one JSON object a line, and says what happened. It needs
//! the types alone: no client, no webhooks, no HTTP.
//!
//! `linq-example-stored-events < events.jsonl`; such a file lies beside this program.

use std::io::{self, BufRead};

use anyhow::{Context, Result};
use linq::types::events::{Event, EventData};

fn main() -> Result<()> {
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let event: Event =
            serde_json::from_str(&line?).with_context(|| format!("line {} is no event", number + 1))?;
        let when = event.created_at.map_or_else(|| "at some time".to_owned(), |time| time.to_string());
        println!("{when} {}", what(&event));
    }
    Ok(())
}

fn what(event: &Event) -> String {
    match &event.data {
        EventData::MessageReceived(message) => format!("they wrote “{}”", message.text()),
        EventData::MessageSent(message) => format!("you wrote “{}”", message.text()),
        EventData::ReactionAdded(reaction) => format!("{} on a message", reaction.reaction_type),
        _ => event.event_type.to_string(),
    }
}
