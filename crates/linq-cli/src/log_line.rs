use std::{env, io::IsTerminal};

use anstyle::{AnsiColor, Style};
use linq::types::Timestamp;
use linq_sandbox::{Delivery, LogEntry, Outcome, RequestLog};
use serde_json::json;

/// How to write what the sandbox does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Format {
    /// For people.
    Text {
        /// With colours.
        coloured: bool,
    },
    /// For machines: one object a line.
    Json,
}

/// Whether colours are welcome: on a terminal, unless `NO_COLOR` says no.
pub(crate) fn is_coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

impl Format {
    pub(crate) fn line(self, entry: &LogEntry) -> String {
        match (self, entry) {
            (Self::Json, LogEntry::Request(request)) => request_json(request),
            (Self::Json, LogEntry::Delivery(delivery)) => delivery_json(delivery),
            (Self::Text { coloured }, LogEntry::Request(request)) => request_text(request, coloured),
            (Self::Text { coloured }, LogEntry::Delivery(delivery)) => delivery_text(delivery, coloured),
            _ => format!("{entry:?}"),
        }
    }
}

fn request_text(request: &RequestLog, coloured: bool) -> String {
    let RequestLog { time, method, path, status, code, .. } = request;
    let verdict = match code {
        Some(code) => format!("{} {code} {}", status.as_u16(), code.meaning().unwrap_or_default()),
        None => status.as_u16().to_string(),
    };
    let verdict = painted(&verdict, status.is_success(), coloured);
    format!("{} <- {method} {path} {verdict}", clock(time))
}

fn delivery_text(delivery: &Delivery, coloured: bool) -> String {
    let outcome = match &delivery.outcome {
        Outcome::Answered(status) => status.as_u16().to_string(),
        Outcome::Failed(reason) => reason.clone(),
        other => format!("{other:?}"),
    };
    let outcome = painted(&outcome, delivery.succeeded(), coloured);
    let Delivery { time, event_type, target_url, attempt, .. } = delivery;
    let mut line = format!("{} -> {event_type} {target_url} {outcome}", clock(time));
    if *attempt > 1 || delivery.retry_at.is_some() {
        line.push_str(&format!(" (attempt {attempt}"));
        if let Some(retry_at) = &delivery.retry_at {
            line.push_str(&format!(", again at {}", clock(retry_at)));
        }
        line.push(')');
    }
    line
}

fn request_json(request: &RequestLog) -> String {
    json!({
        "type": "request",
        "time": request.time,
        "method": request.method.as_str(),
        "path": request.path,
        "status": request.status.as_u16(),
        "code": request.code,
        "trace_id": request.trace_id,
    })
    .to_string()
}

fn delivery_json(delivery: &Delivery) -> String {
    let (status, error) = match &delivery.outcome {
        Outcome::Answered(status) => (Some(status.as_u16()), None),
        Outcome::Failed(reason) => (None, Some(reason.clone())),
        other => (None, Some(format!("{other:?}"))),
    };
    json!({
        "type": "delivery",
        "time": delivery.time,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "subscription_id": delivery.subscription_id,
        "target_url": delivery.target_url,
        "attempt": delivery.attempt,
        "status": status,
        "error": error,
        "retry_at": delivery.retry_at,
    })
    .to_string()
}

fn painted(text: &str, good: bool, coloured: bool) -> String {
    let style = match (coloured, good) {
        (false, _) => Style::new(),
        (true, true) => AnsiColor::Green.on_default(),
        (true, false) => AnsiColor::Red.on_default(),
    };
    format!("{style}{text}{style:#}")
}

/// The time of day in UTC, to the second.
fn clock(time: &Timestamp) -> String {
    let text = time.to_string();
    text.get(11..19).unwrap_or(&text).to_owned()
}
