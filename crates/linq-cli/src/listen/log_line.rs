use http::StatusCode;
use linq::types::{
    Timestamp, escape,
    events::{Event, ParseEventError},
};
use serde_json::{Value, json};

use super::receiver::Entry;
use crate::{
    terminal::{Format, painted, time_of_day},
    webhook::{Delivery, Rejection, Whole, now, reason, version},
};

/// The number of characters of a message that are shown.
const MAX_TEXT: usize = 80;

/// Returns the line for something that was received.
pub(super) fn line(entry: &Entry<'_>, format: Format) -> String {
    let now = now();
    match format {
        Format::Json => escape(json_line(entry, now)).to_string(),
        Format::Text { colored } => format!("{} {}", time_of_day(&now), text_line(entry, colored)),
    }
}

fn text_line(entry: &Entry<'_>, colored: bool) -> String {
    match entry {
        Entry::Delivery { delivery, status, error } => {
            let verdict = painted(&verdict(*status, error.as_deref()), status.is_success(), colored);
            match &delivery.event {
                Ok(event) => format!("{} {verdict}", escape(summary(event))),
                Err(invalid) => {
                    let body = String::from_utf8_lossy(delivery.verified.body());
                    format!("unreadable {verdict} {}: {}", escape(reason(invalid)), escape(body))
                }
            }
        }
        Entry::Refused(Rejection { status, reason }) => {
            format!("rejected {}", painted(&verdict(*status, Some(reason)), false, colored))
        }
    }
}

fn verdict(status: StatusCode, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{} {}", status.as_u16(), escape(reason)),
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
        summary.push_str(&format!(" {sender}: {}", Value::from(text)));
    }
    summary
}

fn json_line(entry: &Entry<'_>, time: Timestamp) -> String {
    match entry {
        Entry::Delivery { delivery, status, error } => match &delivery.event {
            Ok(event) => event_json(delivery, event, *status, error.as_deref(), time),
            Err(invalid) => unreadable_json(delivery, invalid, *status, error.as_deref(), time),
        },
        Entry::Refused(Rejection { status, reason }) => {
            json!({ "type": "rejected", "time": time, "status": status.as_u16(), "error": reason })
                .to_string()
        }
    }
}

fn event_json(
    delivery: &Delivery,
    event: &Event,
    status: StatusCode,
    error: Option<&str>,
    time: Timestamp,
) -> String {
    let about = json!({
        "type": "event",
        "time": time,
        "scheme": delivery.scheme().to_string(),
        "version": version(event),
        "payload_type": event.data.payload_type(),
        "status": status.as_u16(),
        "error": error,
    })
    .to_string();
    // The event is text already, since its numbers need not fit our types.
    match (about.strip_suffix('}'), Whole::of(event)) {
        (Some(open), Ok(event)) => format!("{open},\"event\":{event}}}"),
        _ => about,
    }
}

fn unreadable_json(
    delivery: &Delivery,
    invalid: &ParseEventError,
    status: StatusCode,
    error: Option<&str>,
    time: Timestamp,
) -> String {
    json!({
        "type": "unreadable",
        "time": time,
        "scheme": delivery.scheme().to_string(),
        "status": status.as_u16(),
        "error": error,
        "reason": reason(invalid),
        "body": String::from_utf8_lossy(delivery.verified.body()),
    })
    .to_string()
}
