//! Reads stored webhook events, which were verified when they were received, and prints a line for each. It uses only the
//! types: no client, no webhooks, no HTTP.
//!
//! The input has one JSON object per line, such as in `events.jsonl`: `linq-example-stored-events < events.jsonl`.

use std::io::{self, BufRead, Write as _};

use anyhow::{Context, Result};
use linq::types::{
    escape,
    events::{Event, EventData},
    reactions::ReactionType,
};

fn main() -> Result<()> {
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let event: Event =
            serde_json::from_str(&line?).with_context(|| format!("invalid event in line {}", number + 1))?;
        let when = event.created_at.map_or_else(|| "(no time)".to_owned(), |time| time.to_string());
        writeln!(io::stdout(), "{when} {}", escape(summary(&event)))?;
    }
    Ok(())
}

fn summary(event: &Event) -> String {
    match &event.data {
        EventData::MessageReceived(message) => format!("they wrote “{}”", message.text()),
        EventData::MessageSent(message) => format!("you wrote “{}”", message.text()),
        EventData::ReactionAdded(reaction) => {
            let reaction = reaction.reaction_type.as_ref().map_or("a reaction", ReactionType::as_str);
            format!("{reaction} on a message")
        }
        _ => event.event_type.to_string(),
    }
}
