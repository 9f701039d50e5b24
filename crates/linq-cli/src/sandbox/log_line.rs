use linq_sandbox::{Delivery, DeliveryOutcome, LogEntry, RequestLog};
use serde_json::json;

use crate::terminal::{Format, painted, printable, time_of_day};

/// Returns the line for an entry of the log.
pub(super) fn line(entry: &LogEntry, format: Format) -> String {
    match (format, entry) {
        (Format::Json, LogEntry::Request(request)) => request_json(request),
        (Format::Json, LogEntry::Delivery(delivery)) => delivery_json(delivery),
        (Format::Text { colored }, LogEntry::Request(request)) => request_text(request, colored),
        (Format::Text { colored }, LogEntry::Delivery(delivery)) => delivery_text(delivery, colored),
        _ => format!("{entry:?}"),
    }
}

fn request_text(request: &RequestLog, colored: bool) -> String {
    let RequestLog { time, method, path, status, code, fault, .. } = request;
    let mut verdict = match code {
        Some(code) => format!("{} {code} {}", status.as_u16(), code.meaning().unwrap_or_default()),
        None => status.as_u16().to_string(),
    };
    if let Some(fault) = fault {
        verdict.push_str(&format!(" (fault: {fault})"));
    }
    let verdict = painted(&verdict, status.is_success() && fault.is_none(), colored);
    format!("{} <- {method} {} {verdict}", time_of_day(time), printable(path))
}

fn delivery_text(delivery: &Delivery, colored: bool) -> String {
    let outcome = match &delivery.outcome {
        DeliveryOutcome::Responded(status) => status.as_u16().to_string(),
        DeliveryOutcome::Failed(reason) => reason.clone(),
        other => format!("{other:?}"),
    };
    let outcome = painted(&outcome, delivery.succeeded(), colored);
    let Delivery { time, event_type, target_url, attempt, .. } = delivery;
    let mut line = format!("{} -> {event_type} {target_url} {outcome}", time_of_day(time));
    if *attempt > 1 || delivery.retry_at.is_some() {
        line.push_str(&format!(" (attempt {attempt}"));
        if let Some(retry_at) = &delivery.retry_at {
            line.push_str(&format!(", again at {}", time_of_day(retry_at)));
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
        "fault": request.fault.map(|fault| fault.to_string()),
    })
    .to_string()
}

fn delivery_json(delivery: &Delivery) -> String {
    let (status, error) = match &delivery.outcome {
        DeliveryOutcome::Responded(status) => (Some(status.as_u16()), None),
        DeliveryOutcome::Failed(reason) => (None, Some(reason.clone())),
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
