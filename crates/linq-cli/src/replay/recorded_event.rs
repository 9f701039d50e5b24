use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use linq::{
    types::{
        Timestamp,
        events::{Envelope, EventType},
    },
    webhooks::Signer,
};
use serde_json::value::{RawValue, to_raw_value};

use crate::{recording::Recorded, target::sign_again};

/// An event of a file.
#[derive(Debug)]
pub(super) struct RecordedEvent {
    pub(super) event_type: EventType,
    /// When it was received, or else created.
    pub(super) time: Option<Timestamp>,
    event_id: Option<String>,
    is_v2: bool,
    headers: HeaderMap,
    body: Bytes,
}

/// A webhook to send.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) event_id: Option<String>,
}

impl RecordedEvent {
    /// Reads a line: a recorded delivery, or an event itself.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let line = line.trim_ascii();
        let recorded = serde_json::from_slice::<Recorded>(line).unwrap_or_else(|_| Recorded {
            time: None,
            headers: BTreeMap::new(),
            body: String::from_utf8_lossy(line).into_owned(),
        });
        let body = Bytes::from(recorded.body);
        let envelope = Envelope::parse_unverified(&body).ok()?;
        let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(&body).ok()?;
        let text = |name: &str| serde_json::from_str::<String>(fields.get(name)?.get()).ok();
        let mut headers = header_map(&recorded.headers);
        if !headers.contains_key(header::CONTENT_TYPE) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Some(Self {
            event_type: envelope.event_type().clone(),
            time: recorded.time.or_else(|| text("created_at")?.parse().ok()),
            event_id: envelope.event_id().map(str::to_owned),
            is_v2: text("api_version").as_deref() == Some("v2"),
            headers,
            body: body.clone(),
        })
    }

    /// Returns the webhook: with a new id if that is wanted, and signed again if there is a signer.
    pub(super) fn webhook(&self, signer: Option<&Signer>, has_new_id: bool) -> Result<Webhook, String> {
        let (mut headers, mut body) = (self.headers.clone(), self.body.clone());
        let mut event_id = self.event_id.clone();
        if has_new_id {
            let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid();
            body = with_event_id(&self.body, &id.to_string()).map_err(|error| error.to_string())?;
            event_id = Some(id.to_string());
        }
        if has_new_id || signer.is_some() {
            sign_again(&mut headers, signer, self.is_v2, event_id.as_deref(), &body)?;
        }
        Ok(Webhook { headers, body, event_id })
    }
}

/// Returns the headers that are valid.
fn header_map(recorded: &BTreeMap<String, String>) -> HeaderMap {
    let valid = recorded.iter().filter_map(|(name, value)| {
        Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value).ok()?))
    });
    valid.collect()
}

/// Returns the body with another id. The values of the other fields are unchanged.
fn with_event_id(body: &[u8], id: &str) -> serde_json::Result<Bytes> {
    let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body)?;
    fields.insert("event_id".to_owned(), to_raw_value(id)?);
    serde_json::to_vec(&fields).map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_recorded_delivery_or_an_event() {
        let event = r#"{ "event_id":"e1","event_type":"message.read","api_version":"v2","created_at":"2026-02-05T20:00:00Z","data":{"n":1E400}}"#;
        let recorded = serde_json::json!({
            "time": "2026-02-05T21:00:00Z", "headers": {"webhook-id": "e1", "a b": "c"}, "body": event,
        });
        for (line, time, headers) in [
            (format!("  {event}\r\n"), "2026-02-05T20:00:00Z", 1),
            (recorded.to_string(), "2026-02-05T21:00:00Z", 2),
        ] {
            let read = RecordedEvent::parse(line.as_bytes()).unwrap();
            assert_eq!((read.event_type.as_str(), read.event_id.as_deref()), ("message.read", Some("e1")));
            assert_eq!(read.time, Some(time.parse().unwrap()));
            assert_eq!((read.is_v2, &*read.body, read.headers.len()), (true, event.as_bytes(), headers));
            let renamed = read.webhook(None, true).unwrap();
            let id = renamed.event_id.unwrap();
            let expected = format!(
                r#"{{"api_version":"v2","created_at":"2026-02-05T20:00:00Z","data":{{"n":1E400}},"event_id":"{id}","event_type":"message.read"}}"#
            );
            assert_eq!(renamed.body, expected);
            assert!(!renamed.headers.contains_key("webhook-id"));
        }
        for invalid in ["[]", "{}", "text", r#"{"body":"text"}"#, r#"{"time":1,"body":"{}"}"#] {
            assert!(RecordedEvent::parse(invalid.as_bytes()).is_none(), "{invalid}");
        }
    }
}
