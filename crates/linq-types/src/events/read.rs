//! Reads an event, or its envelope alone, from the bytes of a body.
//!
//! One pass reads both the envelope and the payload, whose type the tags name; they are looked up if they follow the payload.

use std::borrow::Cow;

use serde::{Deserialize, de::Error as _};

use super::{
    Event, EventData, EventKeys, EventOrEnvelope, EventType, Format, ParseEventError, RawBody,
    WebhookVersion, v2, v2025_01_01,
};
use crate::{
    IdempotencyKey, Timestamp,
    json::{self, Error, JsonError, RawJson, Reader, Text, last_fields},
};

/// Reads an event.
pub(super) fn event(raw: &RawBody) -> Result<Event, ParseEventError> {
    let body = raw.as_bytes();
    let raw = &|| raw.clone();
    let (envelope, data) = envelope_with_data(body, raw, &|_| true)?;
    envelope.with_payload(data, raw)
}

/// Reads an event if its tags are accepted. The payload of any other event is not read. `raw` returns the body, for an event
/// or an error to keep.
pub(super) fn event_if<'a>(
    body: &'a [u8],
    raw: &dyn Fn() -> RawBody,
    accepts: &dyn Fn(&Tags) -> bool,
) -> Result<EventOrEnvelope<'a>, ParseEventError> {
    let (envelope, data) = envelope_with_data(body, raw, accepts)?;
    match data.is_some() || accepts(&envelope.tags()) {
        true => envelope.with_payload(data, raw).map(EventOrEnvelope::Accepted),
        false => Ok(EventOrEnvelope::Other(envelope)),
    }
}

/// Reads the envelope and, in the same pass, a payload that is accepted and has a type. Where that fails, the payload stays
/// text.
fn envelope_with_data<'a>(
    body: &'a [u8],
    raw: &dyn Fn() -> RawBody,
    accepts: &dyn Fn(&Tags) -> bool,
) -> Result<(Envelope<'a>, Option<EventData>), ParseEventError> {
    let invalid = |error| ParseEventError::invalid_envelope(error, raw());
    let body = json::utf8(body).map_err(invalid)?;
    let mut payload = Payload { accepts, read: None };
    if let Ok(envelope) = read_envelope(body, Some(&mut payload)) {
        match payload.read {
            None => return Ok((envelope, None)),
            Some((tags, data)) if tags == envelope.tags() => return Ok((envelope, Some(data))),
            Some(_) => {}
        }
    }
    Envelope::parse(body).map(|envelope| (envelope, None)).map_err(invalid)
}

/// The envelope of an event, with the payload as text: enough to tell events apart, at little more than the cost of finding
/// the end of the payload. It borrows from the body.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::{Envelope, EventData, EventType};
///
/// let body = br#"{"event_id": "e1", "event_type": "reaction.added", "data": {"is_from_me": true, "reaction_type": "love"}}"#;
/// let envelope = Envelope::parse_unverified(body)?;
/// assert_eq!((envelope.event_id(), envelope.event_type()), (Some("e1"), &EventType::ReactionAdded));
///
/// let EventData::ReactionAdded(reaction) = envelope.parse_data()? else { unreachable!() };
/// assert_eq!(reaction.is_from_me, Some(true));
/// # Ok::<(), linq_types::json::JsonError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    body: &'a str,
    event_id: Option<Cow<'a, str>>,
    event_type: EventType,
    api_version: Option<Cow<'a, str>>,
    webhook_version: Option<WebhookVersion>,
    created_at: Option<Timestamp>,
    trace_id: Option<Cow<'a, str>>,
    partner_id: Option<Cow<'a, str>>,
    data: &'a str,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope of an event without verifying a signature: for bodies that were verified before.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object with an `event_type`. Other fields of the envelope are absent if
    /// they have another type.
    pub fn parse_unverified(body: &'a [u8]) -> Result<Self, JsonError> {
        Self::parse(json::utf8(body)?)
    }

    fn parse(body: &'a str) -> Result<Self, JsonError> {
        read_envelope(body, None).map_err(|error| JsonError::at(body, &error))
    }

    /// Returns the payload as JSON; `null` if there is none.
    #[must_use]
    pub fn data(&self) -> &'a str {
        self.data
    }

    /// Reads the payload, with the type that it has in an [`Event`].
    ///
    /// # Errors
    ///
    /// Returns an error if the payload does not match the type of its event type; the path begins with `data`.
    pub fn parse_data(&self) -> Result<EventData, JsonError> {
        let data = read_payload(&self.tags(), &mut Reader::new(self.data));
        match data.map_err(|error| JsonError::at(self.data, &error).inside("data"))? {
            Some(data) => Ok(data),
            None => RawJson::new(self.data).map(EventData::Unknown),
        }
    }

    /// Returns the event's id, which is the same on every delivery of the event, if it has one that is not empty.
    #[must_use]
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    /// Sets the event's id if the body has none, such as the signed `webhook-id` of its delivery. An empty id is none.
    #[must_use]
    pub fn or_event_id(mut self, id: Option<&'a str>) -> Self {
        self.event_id = self.event_id.or_else(|| id.filter(|id| !id.is_empty()).map(Cow::Borrowed));
        self
    }

    /// Returns the idempotency keys of the event, which are the same on every delivery.
    #[must_use]
    pub fn keys(&self) -> EventKeys {
        EventKeys::new(self.event_id(), self.body.as_bytes())
    }

    /// Returns the idempotency key of the event with this name, as [`Event::key`] does.
    #[must_use]
    pub fn key(&self, name: &str) -> IdempotencyKey {
        self.keys().key(name)
    }

    /// Returns the event type.
    #[must_use]
    pub fn event_type(&self) -> &EventType {
        &self.event_type
    }

    /// Returns the version of the API, `v2` or `v3`, if the event has one.
    #[must_use]
    pub fn api_version(&self) -> Option<&str> {
        self.api_version.as_deref()
    }

    /// Returns the version of the payload's format, if the event has one.
    #[must_use]
    pub fn webhook_version(&self) -> Option<&WebhookVersion> {
        self.webhook_version.as_ref()
    }

    /// Returns when the event happened, if the event has it.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    /// Returns the trace id of the request that caused the event, if a request did.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// Returns the id of your account, if the event has it.
    #[must_use]
    pub fn partner_id(&self) -> Option<&str> {
        self.partner_id.as_deref()
    }

    /// Returns the format of the payload, which the version fields select.
    #[must_use]
    pub fn format(&self) -> Format {
        self.tags().format
    }

    fn tags(&self) -> Tags {
        Tags::new(self.event_type.clone(), self.api_version(), self.webhook_version())
    }

    /// Completes the event with its payload, which is read now if it is still text.
    fn with_payload(
        self,
        data: Option<EventData>,
        raw: &dyn Fn() -> RawBody,
    ) -> Result<Event, ParseEventError> {
        match data.map_or_else(|| self.parse_data(), Ok) {
            Ok(data) => Ok(self.into_event(data, raw())),
            Err(error) => match RawJson::new(self.data) {
                Ok(untyped) => {
                    let event = self.into_event(EventData::Unknown(untyped), raw());
                    Err(ParseEventError::invalid_payload(error, event))
                }
                Err(error) => Err(ParseEventError::invalid_envelope(error.inside("data"), raw())),
            },
        }
    }

    fn into_event(self, data: EventData, raw: RawBody) -> Event {
        Event {
            event_id: self.event_id.map(|id| id.as_ref().into()),
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
#[derive(PartialEq)]
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
            (_, Some(WebhookVersion::V2025_01_01)) if v2025_01_01::EVENT_TYPES.contains(&event_type) => {
                Format::V2025_01_01
            }
            _ => Format::V3,
        };
        Self { event_type, format }
    }
}

/// Reads the payload that the tags name, if they name one.
fn read_payload(tags: &Tags, json: &mut Reader<'_>) -> Result<Option<EventData>, Error> {
    let event_type = &tags.event_type;
    Ok(match tags.format {
        Format::V2 => v2::EventData::read(&event_type.as_str().into(), json)?.map(EventData::V2),
        Format::V2025_01_01 => v2025_01_01::EventData::read(event_type, json)?.map(EventData::V2025_01_01),
        Format::V3 => EventData::read(event_type, json)?,
    })
}

/// A payload to read together with its envelope, and the tags that named its type.
struct Payload<'a> {
    accepts: &'a dyn Fn(&Tags) -> bool,
    read: Option<(Tags, EventData)>,
}

/// Reads an envelope. With `payload`, its payload is read into that by the tags in front of it and at the end of the body, if
/// they are accepted and name a type; otherwise it stays text.
fn read_envelope<'a>(body: &'a str, mut payload: Option<&mut Payload<'_>>) -> Result<Envelope<'a>, Error> {
    let mut json = Reader::new(body);
    let mut fields = Fields::default();
    json.begin_object()?;
    while let Some(name) = json.next_name()? {
        match &*name {
            "event_id" => read_once(&mut fields.event_id, "event_id", &mut json)?,
            "event_type" => read_once(&mut fields.event_type, "event_type", &mut json)?,
            "api_version" => read_once(&mut fields.api_version, "api_version", &mut json)?,
            "webhook_version" => read_once(&mut fields.webhook_version, "webhook_version", &mut json)?,
            "created_at" => read_once(&mut fields.created_at, "created_at", &mut json)?,
            "trace_id" => read_once(&mut fields.trace_id, "trace_id", &mut json)?,
            "partner_id" => read_once(&mut fields.partner_id, "partner_id", &mut json)?,
            "data" if fields.data.is_some() => return Err(Error::duplicate_field("data")),
            "data" => {
                if let Some(payload) = &mut payload
                    && let Some(tags) = fields.tags(body)
                    && (payload.accepts)(&tags)
                {
                    payload.read = read_payload(&tags, &mut json)?.map(|data| (tags, data));
                }
                fields.data = Some(match &payload {
                    Some(Payload { read: Some(_), .. }) => NULL,
                    _ => json.skip()?,
                });
            }
            _ => {
                json.skip()?;
            }
        }
    }
    json.end()?;
    fields.into_envelope(body)
}

const NULL: &str = "null";

/// The fields read so far. A field that was `null`, or had another type, is `Some(None)`.
#[derive(Default)]
struct Fields<'a> {
    event_id: Option<Option<Text<'a>>>,
    event_type: Option<EventType>,
    api_version: Option<Option<Text<'a>>>,
    webhook_version: Option<Option<WebhookVersion>>,
    created_at: Option<Option<Timestamp>>,
    trace_id: Option<Option<Text<'a>>>,
    partner_id: Option<Option<Text<'a>>>,
    data: Option<&'a str>,
}

impl<'a> Fields<'a> {
    /// Returns the tags. Those that were not read yet are looked up at the end of the body: the service writes the fields in
    /// alphabetical order, `event_type` and `webhook_version` after `data`.
    fn tags(&self, body: &'a str) -> Option<Tags> {
        let mut event_type = self.event_type.clone();
        let mut api_version =
            self.api_version.as_ref().map(|version| version.as_ref().map(|version| &*version.0));
        let mut webhook_version = self.webhook_version.clone();
        for (name, value) in last_fields(body) {
            match name {
                "event_type" => event_type = Some(value?.into()),
                "api_version" => api_version = Some(value),
                "webhook_version" => webhook_version = Some(value.map(WebhookVersion::from)),
                _ => {}
            }
            if event_type.is_some() && api_version.is_some() && webhook_version.is_some() {
                break;
            }
        }
        Some(Tags::new(event_type?, api_version.flatten(), webhook_version.flatten().as_ref()))
    }

    fn into_envelope(self, body: &'a str) -> Result<Envelope<'a>, Error> {
        Ok(Envelope {
            body,
            event_id: self.event_id.flatten().map(|id| id.0).filter(|id| !id.is_empty()),
            event_type: self.event_type.ok_or_else(|| Error::missing_field("event_type"))?,
            api_version: self.api_version.flatten().map(|version| version.0),
            webhook_version: self.webhook_version.flatten(),
            created_at: self.created_at.flatten(),
            trace_id: self.trace_id.flatten().map(|id| id.0),
            partner_id: self.partner_id.flatten().map(|id| id.0),
            data: self.data.unwrap_or(NULL),
        })
    }
}

/// Reads the value of a field that must not occur twice. If it has another type, an `Option` is `None`.
fn read_once<'de, T: Deserialize<'de>>(
    field: &mut Option<T>,
    name: &'static str,
    json: &mut Reader<'de>,
) -> Result<(), Error> {
    if field.is_some() {
        return Err(Error::duplicate_field(name));
    }
    *field = Some(json.value()?);
    Ok(())
}
