use http::StatusCode;
use linq::types::{Timestamp, events::Event};
use serde_json::{Value, json};

use super::receiver::Entry;
use crate::{
    terminal::{Format, painted, printable, time_of_day},
    webhook::{Delivery, Rejection, Whole, now},
};

/// The number of characters of a message that are shown.
const MAX_TEXT: usize = 80;

/// Returns the line for something that was received.
pub(super) fn line(entry: &Entry<'_>, format: Format) -> String {
    let now = now();
    match format {
        Format::Json => json_line(entry, now),
        Format::Text { colored } => format!("{} {}", time_of_day(&now), text_line(entry, colored)),
    }
}

fn text_line(entry: &Entry<'_>, colored: bool) -> String {
    match entry {
        Entry::Event { delivery, status, error } => {
            let status = painted(&verdict(*status, error.as_deref()), status.is_success(), colored);
            format!("{} {status}", printable(&summary(&delivery.event)))
        }
        Entry::Refused(Rejection { status, reason }) => {
            format!("rejected {}", painted(&verdict(*status, Some(&printable(reason))), false, colored))
        }
    }
}

fn verdict(status: StatusCode, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// Returns the type and id of the event; of a message, also the sender and the text.
fn summary(event: &Event) -> String {
    let id = event.event_id.as_ref().map_or("(no id)", |id| id.as_str());
    let mut summary = format!("{} {id}", event.event_type);
    if let Some(message) = event.message() {
        let sender = message.sender.map(ToString::to_string).unwrap_or_default();
        let text: String = message.text().chars().take(MAX_TEXT).collect();
        summary.push_str(&format!(" {sender}: {text:?}"));
    }
    summary
}

fn json_line(entry: &Entry<'_>, time: Timestamp) -> String {
    match entry {
        Entry::Event { delivery, status, error } => {
            let about = json!({
                "type": "event",
                "time": time,
                "scheme": delivery.scheme().to_string(),
                "version": delivery.version(),
                "payload_type": delivery.event.data.payload_type(),
                "status": status.as_u16(),
                "error": error,
            });
            with_event(&about, delivery)
        }
        Entry::Refused(Rejection { status, reason }) => {
            json!({ "type": "rejected", "time": time, "status": status.as_u16(), "error": reason })
                .to_string()
        }
    }
}

/// Adds the event as a field. It is text already, since its numbers need not fit our types.
fn with_event(about: &Value, delivery: &Delivery) -> String {
    let about = about.to_string();
    match (about.strip_suffix('}'), Whole::of(&delivery.event)) {
        (Some(open), Ok(event)) => format!("{open},\"event\":{event}}}"),
        _ => about,
    }
}
