use std::borrow::Cow;

use http::Uri;
use linq::types::escape;
use linq_sandbox::{Delivery, DeliveryOutcome, LogEntry, RequestLog};
use serde_json::json;

use crate::terminal::{Format, painted, time_of_day};

/// Returns the line for an entry of the log.
pub(super) fn line(entry: &LogEntry, format: Format) -> String {
    match (format, entry) {
        (Format::Json, LogEntry::Request(request)) => escape(request_json(request)).to_string(),
        (Format::Json, LogEntry::Delivery(delivery)) => escape(delivery_json(delivery)).to_string(),
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
    format!("{} <- {method} {} {verdict}", time_of_day(time), escape(path))
}

fn delivery_text(delivery: &Delivery, colored: bool) -> String {
    let outcome = match &delivery.outcome {
        DeliveryOutcome::Responded(status) => status.as_u16().to_string(),
        DeliveryOutcome::Failed(reason) => escape(reason).to_string(),
        other => format!("{other:?}"),
    };
    let outcome = painted(&outcome, delivery.succeeded(), colored);
    let Delivery { time, event_type, target_url, attempt, .. } = delivery;
    let target_url = escape(without_password(target_url));
    let mut line = format!("{} -> {} {target_url} {outcome}", time_of_day(time), escape(event_type));
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
        "target_url": without_password(&delivery.target_url),
        "attempt": delivery.attempt,
        "status": status,
        "error": error,
        "retry_at": delivery.retry_at,
    })
    .to_string()
}

/// Removes the user name and the password from a URL.
pub(super) fn without_password(url: &str) -> Cow<'_, str> {
    match url.parse::<Uri>().as_ref().map(Uri::authority) {
        Ok(Some(authority)) => match authority.as_str().rsplit_once('@') {
            Some((user, _)) => url.replacen(&format!("{user}@"), "", 1).into(),
            None => url.into(),
        },
        _ => url.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_printed_without_user_and_password() {
        for (url, printed) in [
            ("http://127.0.0.1:1/a@b?c@d", "http://127.0.0.1:1/a@b?c@d"),
            ("http://user:pass@word@127.0.0.1/a", "http://127.0.0.1/a"),
            ("https://token@[::1]:1", "https://[::1]:1"),
        ] {
            assert_eq!(without_password(url), printed);
        }
    }
}
