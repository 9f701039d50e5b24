use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

use super::{
    EventData, EventKeys, EventPayload, EventType, Format, ParseEventError, RawBody, Route,
    read::{self, Tags},
};
use crate::{EventId, IdempotencyKey, PartnerId, Timestamp, TraceId};

/// A webhook event.
///
/// `Event` without a parameter is any event; `Event<MessageReceived>` is an event with that payload. It keeps the body
/// that it was read from ([`raw`](Self::raw)), with all fields that these types do not have. Equality compares the
/// fields and ignores the body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Event<T = EventData> {
    /// The event's id, which is the same on every delivery of the event: use it for deduplication. `None` if the event does
    /// not have one, or an empty one. A verified event without one has the signed `webhook-id` of its delivery.
    pub event_id: Option<EventId>,
    /// The event type. The types of the V2 API that V3 does not have are unknown here: see [`v2::EventType`].
    ///
    /// [`v2::EventType`]: super::v2::EventType
    pub event_type: EventType,
    /// The version of the API, `v2` or `v3`; `None` if the event does not have it.
    pub api_version: Option<Box<str>>,
    /// The version of the payload's format; `None` for events of the V2 API.
    pub webhook_version: Option<WebhookVersion>,
    /// When the event happened; `None` if the event does not have it.
    pub created_at: Option<Timestamp>,
    /// The trace id of the request that caused the event; `None` if no request did.
    pub trace_id: Option<TraceId>,
    /// The id of your account; `None` if the event does not have it.
    pub partner_id: Option<PartnerId>,
    /// The payload.
    pub data: T,
    pub(super) raw: RawBody,
}

impl<T> Event<T> {
    /// Returns the body that the event was read from.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.raw.as_bytes()
    }

    /// Returns the format of the payload, which the version fields select.
    #[must_use]
    pub fn format(&self) -> Format {
        self.tags().format
    }

    pub(super) fn tags(&self) -> Tags {
        Tags::new(self.event_type.clone(), self.api_version.as_deref(), self.webhook_version.as_ref())
    }

    /// Converts the payload; `None` if it cannot be converted.
    pub(super) fn try_map<U>(self, convert: impl FnOnce(T) -> Option<U>) -> Option<Event<U>> {
        Some(Event {
            event_id: self.event_id,
            event_type: self.event_type,
            api_version: self.api_version,
            webhook_version: self.webhook_version,
            created_at: self.created_at,
            trace_id: self.trace_id,
            partner_id: self.partner_id,
            data: convert(self.data)?,
            raw: self.raw,
        })
    }

    /// Returns the idempotency keys of the event, which are the same on every delivery.
    #[must_use]
    pub fn keys(&self) -> EventKeys {
        EventKeys::new(self.event_id.as_ref().map(EventId::as_str), self.raw())
    }

    /// Returns the idempotency key of the event with this name, such as `reply`: the same on every delivery, so that the API
    /// executes a request with it once.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::events::Event;
    ///
    /// let body = r#"{"event_id": "e1", "event_type": "call.ringing", "data": {}}"#;
    /// let event = Event::parse_unverified(body.to_owned())?;
    /// assert_eq!(event.key("reply").as_str(), "c578846a558658c6eb7def2c648748c7");
    /// # Ok::<(), linq_types::events::ParseEventError>(())
    /// ```
    #[must_use]
    pub fn key(&self, name: &str) -> IdempotencyKey {
        self.keys().key(name)
    }
}

impl Event {
    /// Reads an event without verifying a signature: for bodies that were verified before.
    ///
    /// To read an event of one type, use [`parse_unverified_as`](Self::parse_unverified_as).
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object with an `event_type`, or if the payload does not match the type of its event type.
    pub fn parse_unverified(body: impl Into<RawBody>) -> Result<Self, ParseEventError> {
        read::event(&body.into())
    }
}

impl<T: PartialEq> PartialEq for Event<T> {
    fn eq(&self, other: &Self) -> bool {
        self.event_id == other.event_id
            && self.event_type == other.event_type
            && self.api_version == other.api_version
            && self.webhook_version == other.webhook_version
            && self.created_at == other.created_at
            && self.trace_id == other.trace_id
            && self.partner_id == other.partner_id
            && self.data == other.data
    }
}

/// Writes the body that the event was read from.
impl<T> Serialize for Event<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_slice::<&RawValue>(self.raw())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

/// Reads a stored event, without verifying a signature.
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse_unverified(String::from(Box::<str>::from(raw))).map_err(de::Error::custom)
    }
}

/// Reads a stored event with this payload, without verifying a signature. Another event is an error.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::{Event, MessageReceived, ReactionAdded};
///
/// let stored = r#"{"event_id": "e1", "event_type": "reaction.added", "data": {"is_from_me": true, "reaction_type": "love"}}"#;
/// let event: Event<ReactionAdded> = serde_json::from_str(stored)?;
/// assert_eq!(event.data.is_from_me, Some(true));
/// assert!(serde_json::from_str::<Event<MessageReceived>>(stored).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de, T: EventPayload> Deserialize<'de> for Event<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let event = Event::<EventData>::deserialize(deserializer)?;
        let found = event.event_type.clone();
        event.try_map(T::from_data).ok_or_else(|| {
            let Route { format, event_type } = T::EVENT;
            de::Error::custom(format_args!(
                "expected a `{event_type}` event in the format {format:?}, found `{found}`"
            ))
        })
    }
}

open_enum! {
    /// The version of the format of V3 payloads, in which message events differ.
    ///
    /// A webhook subscription selects it with `?version=` in its target URL.
    pub enum WebhookVersion {
        /// The version with the payload types of [`v2025_01_01`](super::v2025_01_01).
        V2025_01_01 = "2025-01-01",
        /// The version with the payload types of [`events`](super).
        V2026_02_03 = "2026-02-03",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::events::{
        self, Envelope, EventData, FromEvent, MessageRead, MessageReceived, ReactionAdded, Route, v2,
        v2025_01_01,
    };

    fn event(event_type: &str, version: &str, data: &str) -> String {
        format!(
            r#"{{"api_version":"v3","data":{data},"event_id":"e1","event_type":"{event_type}","webhook_version":"{version}"}}"#
        )
    }

    const REACTION: &str = r#"{"is_from_me":false,"reaction_type":"love"}"#;

    const MESSAGE: &str =
        r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[{"type":"text","value":"hi"}]}"#;

    #[test]
    fn the_event_type_alone_decides_the_payload_type() {
        for (event_type, expected) in [
            ("message.received", EventType::MessageReceived),
            ("message.sent", EventType::MessageSent),
            ("message.delivered", EventType::MessageDelivered),
            ("message.read", EventType::MessageRead),
        ] {
            let event = Event::parse_unverified(event(event_type, "2026-02-03", MESSAGE)).unwrap();
            assert_eq!(event.event_type, expected);
            assert_eq!(MessageReceived::matches(&event), expected == EventType::MessageReceived);
            assert_eq!(MessageRead::from_event(event).is_some(), expected == EventType::MessageRead);
        }
    }

    #[test]
    fn the_versions_decide_the_format() {
        for (api_version, version, event_type, route) in [
            ("v3", "2026-02-03", "message.read", Some(MessageRead::EVENT)),
            ("v3", "2025-01-01", "message.read", Some(v2025_01_01::MessageRead::EVENT)),
            ("v3", "2025-01-01", "reaction.added", Some(ReactionAdded::EVENT)),
            ("v3", "2031-01-01", "message.read", Some(MessageRead::EVENT)),
            ("v4", "2026-02-03", "message.read", Some(MessageRead::EVENT)),
            ("v2", "2026-02-03", "message.read", Some(v2::MessageRead::EVENT)),
            ("v2", "2025-01-01", "call.completed", Some(v2::CallCompleted::EVENT)),
            ("v3", "2026-02-03", "call.completed", None),
            ("v2", "2026-02-03", "message.delivered", None),
        ] {
            let data = if event_type == "reaction.added" { REACTION } else { MESSAGE };
            let body = event(event_type, version, data).replace("v3", api_version);
            let event = Event::parse_unverified(body).unwrap();
            assert_eq!(matching_routes(&event), Vec::from_iter(route), "{event:?}");
        }
    }

    fn matching_routes(event: &Event) -> Vec<Route> {
        [events::matching_routes(event), v2025_01_01::matching_routes(event), v2::matching_routes(event)]
            .concat()
    }

    #[test]
    fn exactly_one_payload_type_matches_a_sample() {
        for folder in ["v3-0.65.0", "v3-2025-01-01", "v2", "v2-derived"] {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/events/").to_owned() + folder;
            for file in std::fs::read_dir(folder).unwrap() {
                let path = file.unwrap().path();
                if path.ends_with("python-dispatch.json") {
                    continue;
                }
                let event = Event::parse_unverified(std::fs::read(&path).unwrap()).unwrap();
                let routes = matching_routes(&event);
                let [Route { event_type, .. }] = routes[..] else { panic!("{}: {routes:?}", path.display()) };
                assert_eq!(event_type, event.event_type.as_str());
            }
        }
    }

    #[test]
    fn an_event_type_without_a_payload_type_is_untyped_data() {
        let ringing = event("call.ringing", "2026-02-03", r#"{"chat_id": "c1"}"#);
        let ringing = Event::parse_unverified(ringing).unwrap();
        let EventData::Unknown(data) = &ringing.data else { panic!("{ringing:?}") };
        assert_eq!(data.as_str(), r#"{"chat_id": "c1"}"#);
        let invented = Event::parse_unverified(event("comet.sighted", "2031-01-01", "null")).unwrap();
        assert_eq!(invented.event_type.as_str(), "comet.sighted");
    }

    #[test]
    fn an_invalid_payload_is_an_error_with_its_path_and_the_body() {
        let body = event("message.received", "2026-02-03", &MESSAGE.replace(r#"{"type""#, r#"7,{"type""#));
        let error = Event::parse_unverified(body.clone()).unwrap_err();
        assert_eq!(error.event_type(), Some(&EventType::MessageReceived));
        assert_eq!(error.path(), "data.parts[0]");
        assert_eq!(error.raw(), body.as_bytes());
        insta::assert_snapshot!(error, @"invalid payload of a `message.received` event: missing or unexpected value at `data.parts[0]`");
    }

    /// One mechanism reads all fields of the envelope but the event type, which alone identifies an event.
    #[test]
    fn a_field_of_the_envelope_of_another_json_type_is_absent() {
        const OTHERS: [&str; 5] = ["null", "true", "{}", "[1]", r#"{"id":"e1"}"#];
        // A number can be a time.
        const NUMBERS: [&str; 3] = ["7", "1.5", "1e400"];
        const FIELDS: [&str; 6] =
            ["event_id", "api_version", "webhook_version", "created_at", "trace_id", "partner_id"];
        for field in FIELDS {
            for value in OTHERS.into_iter().chain(NUMBERS.into_iter().filter(|_| field != "created_at")) {
                let body =
                    format!(r#"{{"{field}":{value},"event_type":"reaction.added","data":{REACTION}}}"#);
                let event = Event::parse_unverified(body.clone()).unwrap();
                assert_eq!(event.event_id, None, "{body}");
                assert_eq!((event.api_version, event.webhook_version), (None, None), "{body}");
                assert_eq!((event.trace_id, event.partner_id), (None, None), "{body}");
                assert_eq!(event.created_at, None, "{body}");
                assert!(matches!(event.data, EventData::ReactionAdded(_)), "{body}");
            }
        }
    }

    #[test]
    fn an_empty_event_id_is_absent_and_the_keys_are_those_of_the_body() {
        let bodies = [
            r#"{"event_type":"call.ringing","data":1}"#,
            r#"{"event_id":"","event_type":"call.ringing","data":1}"#,
            r#"{"event_id":null,"event_type":"call.ringing","data":1}"#,
            r#"{"event_id":"","event_type":"call.ringing","data":2}"#,
        ];
        for body in bodies {
            let event = Event::parse_unverified(body.to_owned()).unwrap();
            let envelope = Envelope::parse_unverified(body.as_bytes()).unwrap();
            assert_eq!((&event.event_id, envelope.event_id()), (&None, None), "{body}");
            assert_eq!(event.key("reply"), EventKeys::new(None, body.as_bytes()).key("reply"));
            assert_eq!(envelope.key("reply"), event.key("reply"));
        }
        let keys: HashSet<_> = bodies
            .into_iter()
            .map(|body| Event::parse_unverified(body.to_owned()).unwrap().key("reply"))
            .collect();
        assert_eq!(keys.len(), bodies.len());
    }

    #[test]
    fn the_keys_of_an_event_depend_only_on_its_id() {
        let body = event("message.read", "2026-02-03", MESSAGE);
        let keys = Event::parse_unverified(body.clone()).unwrap().keys();
        assert_eq!(keys, EventKeys::new(Some("e1"), b""));
        let again = body.replace("m1", "m2");
        assert_eq!(Event::parse_unverified(again.clone()).unwrap().keys(), keys);
        assert_eq!(Envelope::parse_unverified(again.as_bytes()).unwrap().keys(), keys);
        let typed: Event<MessageRead> =
            FromEvent::from_event(Event::parse_unverified(body.clone()).unwrap()).unwrap();
        assert_eq!(typed.keys(), keys);
        assert_ne!(Event::parse_unverified(body.replace("e1", "e2")).unwrap().keys(), keys);
    }

    #[test]
    fn an_invalid_body_is_an_error_that_names_the_cause() {
        let messages: Vec<_> =
            ["<html>", "", "[]", r#"["e1", "message.read"]"#, "{}", r#"{"event_type": 1}"#]
                .map(|body| Event::parse_unverified(body.to_owned()).unwrap_err().to_string())
                .into();
        insta::assert_debug_snapshot!(messages, @r#"
        [
            "invalid webhook body: not JSON",
            "invalid webhook body: not JSON",
            "invalid webhook body: expected a JSON object with an `event_type`",
            "invalid webhook body: expected a JSON object with an `event_type`",
            "invalid webhook body: expected a JSON object with an `event_type`",
            "invalid webhook body: unexpected value at `event_type`",
        ]
        "#);
    }

    #[test]
    fn payload_type_returns_the_path_of_the_type() {
        for (event_type, api_version, version, name) in [
            ("message.read", "v3", "2026-02-03", Some("MessageRead")),
            ("message.read", "v3", "2025-01-01", Some("v2025_01_01::MessageRead")),
            ("message.read", "v2", "", Some("v2::MessageRead")),
            ("call.completed", "v2", "", Some("v2::CallCompleted")),
            ("call.completed", "v3", "2026-02-03", None),
        ] {
            let body = event(event_type, version, MESSAGE).replace("v3", api_version);
            assert_eq!(Event::parse_unverified(body).unwrap().data.payload_type(), name, "{event_type}");
        }
    }

    #[test]
    fn a_payload_alone_is_written_with_the_fields_of_its_type() {
        for (event_type, written) in [
            ("reaction.added", r#"{"is_from_me":true,"reaction_type":"love"}"#),
            ("call.ringing", r#"{"brand_new":1e400,"reaction_type":"love","is_from_me":true}"#),
        ] {
            let data = r#"{"brand_new":1e400,"reaction_type":"love","is_from_me":true}"#;
            let event = Event::parse_unverified(event(event_type, "2026-02-03", data)).unwrap();
            assert_eq!(serde_json::to_string(&event.data).unwrap(), written);
        }
    }

    #[test]
    fn an_event_with_a_payload_is_read_from_its_own_type_and_format_only() {
        for (event_type, version, is_read) in [
            ("message.read", "2026-02-03", true),
            ("message.read", "2031-01-01", true),
            ("message.sent", "2026-02-03", false),
            ("message.read", "2025-01-01", false),
            ("call.ringing", "2026-02-03", false),
        ] {
            let body = event(event_type, version, MESSAGE);
            let parsed = Event::parse_unverified_as::<MessageRead>(body.clone()).unwrap();
            let read = serde_json::from_str::<Event<MessageRead>>(&body);
            assert_eq!((parsed.is_some(), read.is_ok()), (is_read, is_read), "{body}");
            match (parsed, read) {
                (Some(parsed), Ok(read)) => {
                    assert_eq!(parsed, read);
                    assert_eq!((parsed.raw(), read.raw()), (body.as_bytes(), body.as_bytes()));
                }
                (_, Err(error)) => {
                    let message =
                        format!("expected a `message.read` event in the format V3, found `{event_type}`");
                    assert!(error.to_string().starts_with(&message), "{error}");
                }
                (None, Ok(_)) => unreachable!(),
            }
        }
        let invalid = event("message.read", "2026-02-03", "7");
        assert_eq!(Event::parse_unverified_as::<MessageRead>(invalid.clone()).unwrap_err().path(), "data");
        assert!(serde_json::from_str::<Event<MessageRead>>(&invalid).is_err());
        // The payload of another event is not read.
        let other = event("message.sent", "2026-02-03", "7");
        assert_eq!(Event::parse_unverified_as::<MessageRead>(other).unwrap(), None);
    }

    #[test]
    fn an_event_is_written_as_the_body_it_was_read_from() {
        let body = event("message.read", "2026-02-03", &MESSAGE.replacen('{', r#"{"brand_new":1e400,"#, 1));
        let event: Event = serde_json::from_str(&body).unwrap();
        assert_eq!(serde_json::to_string(&event).unwrap(), body);
        let typed: Event<MessageRead> = FromEvent::from_event(event).unwrap();
        assert_eq!(serde_json::to_string(&typed).unwrap(), body);
    }
}
