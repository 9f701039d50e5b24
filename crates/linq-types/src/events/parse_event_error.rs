use std::fmt;

use super::{Event, EventType, RawBody};
use crate::json::JsonError;

/// The error when a body is not an event, or when the payload of an event does not match the type of its event type.
///
/// The error holds the body ([`raw`](Self::raw)) and, if only the payload is invalid, the event with an untyped payload
/// ([`into_event`](Self::into_event)).
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::{Event, EventData, EventType};
///
/// let body = r#"{"event_id": "e1", "event_type": "message.received", "data": {"id": 7}}"#;
/// let error = Event::parse_unverified(body.to_owned()).unwrap_err();
/// assert_eq!(error.path(), "data.id");
///
/// let event = error.into_event().expect("the envelope is valid");
/// assert_eq!(event.event_type, EventType::MessageReceived);
/// let EventData::Unknown(data) = event.data else { unreachable!() };
/// assert_eq!(data.as_str(), r#"{"id": 7}"#);
/// ```
pub struct ParseEventError {
    source: JsonError,
    event: Result<Box<Event>, RawBody>,
}

impl ParseEventError {
    pub(super) fn invalid_envelope(source: JsonError, raw: RawBody) -> Self {
        Self { source, event: Err(raw) }
    }

    /// `event` has an untyped payload.
    pub(super) fn invalid_payload(source: JsonError, event: Event) -> Self {
        Self { source, event: Ok(Box::new(event)) }
    }

    /// Returns the event, with its payload as [`EventData::Unknown`](super::EventData::Unknown); `None` if the envelope
    /// is invalid.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        self.event.as_deref().ok()
    }

    /// Returns the event for changes, such as adding the id that its delivery has.
    pub fn event_mut(&mut self) -> Option<&mut Event> {
        self.event.as_deref_mut().ok()
    }

    /// Converts the error into its [`event`](Self::event).
    #[must_use]
    pub fn into_event(self) -> Option<Event> {
        self.event.ok().map(|event| *event)
    }

    /// Returns the event type; `None` if the envelope is invalid.
    #[must_use]
    pub fn event_type(&self) -> Option<&EventType> {
        self.event().map(|event| &event.event_type)
    }

    /// Returns the path of the invalid value, such as `data.parts[1].value`; empty for the whole body.
    #[must_use]
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// Returns the body.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        match &self.event {
            Ok(event) => event.raw(),
            Err(raw) => raw.as_bytes(),
        }
    }
}

impl fmt::Debug for ParseEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParseEventError")
            .field("event_type", &self.event_type())
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ParseEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        match self.event_type() {
            Some(event_type) => {
                write!(
                    f,
                    "invalid payload of a `{event_type}` event: missing or unexpected value at `{path}`"
                )
            }
            None if self.source.is_syntax() => f.write_str("invalid webhook body: not JSON"),
            None if path.is_empty() => {
                f.write_str("invalid webhook body: expected a JSON object with an `event_type`")
            }
            None => write!(f, "invalid webhook body: unexpected value at `{path}`"),
        }
    }
}

impl std::error::Error for ParseEventError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
