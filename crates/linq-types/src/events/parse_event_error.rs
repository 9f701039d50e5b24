use std::fmt;

use super::{Event, EventType, RawBody};
use crate::json::JsonError;

/// A body that is no event, or an event of a known type whose payload is not what it should be.
///
/// Nothing is lost: [`raw`](Self::raw) is the whole body, and where only the payload is at fault
/// [`into_event`](Self::into_event) gives the event with its payload unread.
///
/// ```
/// use linq_types::events::{Event, EventData, EventType};
///
/// let body = r#"{"event_id": "e1", "event_type": "message.received", "data": {"id": 7}}"#;
/// let error = Event::parse_unverified(body.to_owned()).unwrap_err();
/// assert_eq!(error.path(), "data.id");
///
/// let event = error.into_event().expect("only the payload is at fault");
/// assert_eq!(event.event_type, EventType::MessageReceived);
/// let EventData::Unknown(data) = event.data else { unreachable!() };
/// assert_eq!(data.get(), r#"{"id": 7}"#);
/// ```
pub struct ParseEventError {
    source: JsonError,
    read: Read,
}

/// How much could be read.
enum Read {
    Nothing(RawBody),
    Envelope(Box<Event>),
}

impl ParseEventError {
    pub(super) fn no_event(source: JsonError, raw: RawBody) -> Self {
        Self { source, read: Read::Nothing(raw) }
    }

    /// `event` has its payload unread.
    pub(super) fn bad_payload(source: JsonError, event: Event) -> Self {
        Self { source, read: Read::Envelope(Box::new(event)) }
    }

    /// The event with its payload as [`EventData::Unknown`](super::EventData::Unknown), where the envelope could be
    /// read.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match &self.read {
            Read::Nothing(_) => None,
            Read::Envelope(event) => Some(event),
        }
    }

    /// Takes [`event`](Self::event) out.
    #[must_use]
    pub fn into_event(self) -> Option<Event> {
        match self.read {
            Read::Nothing(_) => None,
            Read::Envelope(event) => Some(*event),
        }
    }

    /// The event type, where the envelope could be read.
    #[must_use]
    pub fn event_type(&self) -> Option<&EventType> {
        self.event().map(|event| &event.event_type)
    }

    /// Where the fault is, as in `data.parts[1].value`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// The whole body.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        match &self.read {
            Read::Nothing(raw) => raw.as_bytes(),
            Read::Envelope(event) => event.raw(),
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
                write!(f, "the payload of `{event_type}` has an unexpected shape at `{path}`")
            }
            None if self.source.is_syntax() => f.write_str("the webhook body is not JSON"),
            None if path.is_empty() => f.write_str("the webhook body is not an event envelope"),
            None => write!(f, "the event envelope has an unexpected shape at `{path}`"),
        }
    }
}

impl std::error::Error for ParseEventError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
