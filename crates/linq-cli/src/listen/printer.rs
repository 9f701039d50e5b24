//! What `linq listen` prints.

use http::StatusCode;
use linq::types::{
    Timestamp, escape,
    events::{Event, ParseEventError},
};
use serde_json::{Value, json, value::RawValue};

use super::{payload::payload, receiver::Outcome};
use crate::{
    failure::Failure,
    log::Log,
    output::Style,
    terminal::{painted, print_on_stderr, say_warning, time_of_day},
    webhook::{Delivery, Rejection, now, reason, version},
};

/// The number of characters of a message that are shown.
const MAX_TEXT: usize = 80;

/// How events are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// One line of text.
    Line,
    /// A line of text, and the payload on the lines that follow.
    Payload,
    /// The event as it was received on one line of standard output, and everything else as JSON on standard error.
    Json,
}

/// Prints events, and what happens to them.
#[derive(Debug, Clone)]
pub(super) struct Printer {
    log: Log,
    view: View,
    colored: bool,
}

impl Printer {
    pub(super) fn new(log: Log, view: View) -> Self {
        Self { log, view, colored: Style::of_stdout().colored }
    }

    pub(super) fn is_json(&self) -> bool {
        self.view == View::Json
    }

    /// Prints a line about the state: the text, or the object.
    pub(super) fn note(&self, text: &str, object: Value) {
        match self.view {
            View::Json => say_json(object),
            _ => self.log.line(&escape(text).to_string()),
        }
    }

    /// Prints a warning on standard error.
    pub(super) fn warn(&self, text: &str) {
        match self.view {
            View::Json => say_json(json!({ "type": "warning", "message": text })),
            // If standard error fails, the events still count.
            _ => drop(say_warning(text)),
        }
    }

    /// Reports that something other than an event could not be written, which ends the command.
    pub(super) fn failed(&self, failure: Failure) {
        self.log.fail(failure);
    }

    /// Prints an event for programs, before it is forwarded. What is not an event is not printed for them.
    pub(super) fn event(&self, delivery: &Delivery) {
        if self.is_json()
            && delivery.envelope().is_some()
            && let Some(line) = one_line(delivery.body())
        {
            self.log.line(&line);
        }
    }

    /// Prints what happened to a delivery, for people together with the event.
    pub(super) fn delivery(&self, delivery: &Delivery, outcome: &Outcome) {
        let now = now();
        match self.view {
            View::Json => say_json(delivery_json(delivery, outcome, now)),
            View::Line => self.log.line(&format!("{} {}", time_of_day(&now), self.text(delivery, outcome))),
            View::Payload => {
                let line = format!("{} {}", time_of_day(&now), self.text(delivery, outcome));
                let style = Style::of_stdout();
                let payload = delivery.envelope().map(|event| payload(event, &style)).unwrap_or_default();
                self.log.line(&format!("{line}\n{payload}"));
            }
        }
    }

    /// Prints that a delivery was rejected.
    pub(super) fn rejected(&self, rejection: &Rejection) {
        let (now, Rejection { status, reason }) = (now(), rejection);
        match self.view {
            View::Json => {
                let status = status.as_u16();
                say_json(json!({ "type": "rejected", "time": now, "status": status, "error": reason }));
            }
            _ => {
                let verdict = verdict(Some(*status), Some(reason), false).unwrap_or_default();
                let verdict = painted(&verdict, false, self.colored);
                self.log.line(&format!("{} rejected {verdict}", time_of_day(&now)));
            }
        }
    }

    fn text(&self, delivery: &Delivery, outcome: &Outcome) -> String {
        let Outcome { status, error, is_duplicate } = outcome;
        let is_success = status.is_none_or(|status| status.is_success());
        let verdict = verdict(*status, error.as_deref(), *is_duplicate)
            .map(|verdict| format!(" {}", painted(&verdict, is_success, self.colored)))
            .unwrap_or_default();
        match &delivery.event {
            Ok(event) => format!("{}{verdict}", escape(summary(event))),
            Err(invalid) => {
                let body = String::from_utf8_lossy(delivery.body());
                format!("unreadable{verdict} {}: {}", escape(reason(invalid)), escape(body))
            }
        }
    }
}

fn say_json(object: Value) {
    // If standard error fails, the events still count.
    let _ = print_on_stderr(&format!("{}\n", escape(object)));
}

/// Returns the body on one line, with no other change, and without characters that could control a terminal; `None` if it
/// is not JSON.
fn one_line(body: &[u8]) -> Option<String> {
    let json: &RawValue = serde_json::from_slice(body).ok()?;
    // In JSON, these occur between values only.
    Some(escape(json.get().replace(['\n', '\r', '\t'], " ")).to_string())
}

fn verdict(status: Option<StatusCode>, reason: Option<&str>, is_duplicate: bool) -> Option<String> {
    let status = status.map(|status| status.as_u16().to_string());
    let reason = reason.map(|reason| escape(reason).to_string());
    let duplicate = is_duplicate.then(|| "(duplicate)".to_owned());
    let parts: Vec<_> = [status, reason, duplicate].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
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

fn delivery_json(delivery: &Delivery, outcome: &Outcome, time: Timestamp) -> Value {
    let envelope = delivery.envelope();
    let mut object = json!({
        "type": "delivery",
        "time": time,
        "event_id": delivery.id(),
        "event_type": envelope.map(|event| &event.event_type),
        "version": envelope.and_then(version),
        "payload_type": envelope.and_then(|event| event.data.payload_type()),
        "scheme": delivery.scheme().map(|scheme| scheme.to_string()),
        "status": outcome.status.map(|status| status.as_u16()),
        "error": outcome.error,
        "duplicate": outcome.is_duplicate,
    });
    if let Err(invalid) = &delivery.event {
        add_reason(&mut object, invalid, delivery);
    }
    object
}

/// Makes the object that of an event that cannot be read.
fn add_reason(object: &mut Value, invalid: &ParseEventError, delivery: &Delivery) {
    object["type"] = "unreadable".into();
    object["reason"] = reason(invalid).into();
    object["body"] = String::from_utf8_lossy(delivery.body()).into();
}
