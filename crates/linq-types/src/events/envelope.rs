use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{
    Event, EventData, EventType, Format, RawBody, RawJson, WebhookVersion, read, read_envelope::read_envelope,
};
use crate::{
    Timestamp,
    json::{self, JsonError},
};

/// What all events share, with the payload still as text: enough to tell events apart, at hardly more than the cost of
/// finding the end of the payload. Nothing is copied out of the body.
///
/// ```
/// use linq_types::events::{Envelope, EventData, EventType};
///
/// let body = br#"{"event_id": "e1", "event_type": "reaction.added", "data": {"is_from_me": true, "reaction_type": "love"}}"#;
/// let envelope = Envelope::parse_unverified(body)?;
/// assert_eq!((envelope.event_id(), envelope.event_type()), ("e1", &EventType::ReactionAdded));
///
/// let EventData::ReactionAdded(reaction) = envelope.parse_data()? else { unreachable!() };
/// assert!(reaction.is_from_me);
/// # Ok::<(), linq_types::json::JsonError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    pub(super) event_id: Cow<'a, str>,
    pub(super) event_type: EventType,
    pub(super) api_version: Option<Cow<'a, str>>,
    pub(super) webhook_version: Option<WebhookVersion>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) trace_id: Option<Cow<'a, str>>,
    pub(super) partner_id: Option<Cow<'a, str>>,
    pub(super) data: &'a RawValue,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope without checking any signature: for bodies whose signature was checked before.
    ///
    /// # Errors
    ///
    /// [`JsonError`] when the body is no JSON object with an `event_type` and an `event_id`.
    pub fn parse_unverified(body: &'a [u8]) -> Result<Self, JsonError> {
        let json = json::text(body)?;
        read_envelope(json, None).map_err(|error| JsonError::new(body, error))
    }

    /// The payload as JSON; `null` where there is none.
    #[must_use]
    pub fn data(&self) -> &'a str {
        self.data.get()
    }

    /// Reads the payload, by the type that [`Event`] would have.
    ///
    /// # Errors
    ///
    /// [`JsonError`] when the payload of a known event type has another shape; the path begins with `data`.
    pub fn parse_data(&self) -> Result<EventData, JsonError> {
        match read::from_text(&self.tags(), self.data()) {
            Ok(Some(data)) => Ok(data),
            Ok(None) => Ok(EventData::Unknown(self.unread())),
            Err(error) => Err(JsonError::new(self.data().as_bytes(), error).inside("data")),
        }
    }

    /// The event's id, the same on every delivery of it: deduplicate by it.
    #[must_use]
    pub fn event_id(&self) -> &str {
        &self.event_id
    }

    /// What the event is about.
    #[must_use]
    pub fn event_type(&self) -> &EventType {
        &self.event_type
    }

    /// `v3`, or `v2` for the webhooks of the V2 API.
    #[must_use]
    pub fn api_version(&self) -> Option<&str> {
        self.api_version.as_deref()
    }

    /// The format of the payload.
    #[must_use]
    pub fn webhook_version(&self) -> Option<&WebhookVersion> {
        self.webhook_version.as_ref()
    }

    /// When the event happened.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    /// The trace id of the request that caused the event, if one did.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// Your account.
    #[must_use]
    pub fn partner_id(&self) -> Option<&str> {
        self.partner_id.as_deref()
    }

    pub(super) fn tags(&self) -> Tags {
        Tags::new(self.event_type.clone(), self.api_version(), self.webhook_version())
    }

    /// The payload as that of an event type that has no type here.
    pub(super) fn unread(&self) -> RawJson {
        RawJson::new(self.data)
    }

    pub(super) fn into_event(self, data: EventData, raw: RawBody) -> Event {
        Event {
            event_id: self.event_id.as_ref().into(),
            event_type: self.event_type,
            api_version: self.api_version.map(|version| version.into()),
            webhook_version: self.webhook_version,
            created_at: self.created_at,
            trace_id: self.trace_id.map(|id| id.as_ref().into()),
            partner_id: self.partner_id.map(|id| id.as_ref().into()),
            data,
            raw,
        }
    }
}

/// What decides the type of a payload.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tags {
    pub(super) event_type: EventType,
    pub(super) format: Format,
}

impl Tags {
    pub(super) fn new(
        event_type: EventType,
        api_version: Option<&str>,
        webhook_version: Option<&WebhookVersion>,
    ) -> Self {
        let format = match (api_version, webhook_version) {
            (Some("v2"), _) => Format::V2,
            (_, Some(WebhookVersion::V2025_01_01)) => Format::V2025_01_01,
            _ => Format::V3,
        };
        Self { event_type, format }
    }
}
