//! Reads an event, or its envelope alone, from the bytes of a body.
//!
//! An event takes two passes: one over the envelope, in which the payload stays text, and one over the payload, whose type
//! the envelope names. [`in_one_pass`], at the end of this file, is a shortcut to the same result.

use std::{borrow::Cow, fmt, iter};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess},
};
use serde_json::value::RawValue;

use super::{Event, EventData, EventType, Format, ParseEventError, RawBody, WebhookVersion, v2, v2025_01_01};
use crate::{
    Timestamp,
    json::{self, JsonError, RawJson, Text},
};

/// Reads an event.
pub(super) fn event(raw: RawBody) -> Result<Event, ParseEventError> {
    let body = match json::utf8(raw.as_bytes()) {
        Ok(body) => body,
        Err(error) => return Err(ParseEventError::invalid_envelope(error, raw)),
    };
    let (envelope, data) = match in_one_pass(body) {
        Some(read) => read,
        None => match Envelope::parse(body) {
            Ok(envelope) => (envelope, None),
            Err(error) => return Err(ParseEventError::invalid_envelope(error, raw.clone())),
        },
    };
    match data.map_or_else(|| envelope.parse_data(), Ok) {
        Ok(data) => Ok(envelope.into_event(data, raw.clone())),
        Err(error) => {
            let untyped = EventData::Unknown(RawJson::new(envelope.data));
            Err(ParseEventError::invalid_payload(error, envelope.into_event(untyped, raw.clone())))
        }
    }
}

/// The envelope of an event, with the payload as text: enough to tell events apart, at little more than the cost of finding
/// the end of the payload. It borrows from the body.
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
    event_id: Cow<'a, str>,
    event_type: EventType,
    api_version: Option<Cow<'a, str>>,
    webhook_version: Option<WebhookVersion>,
    created_at: Option<Timestamp>,
    trace_id: Option<Cow<'a, str>>,
    partner_id: Option<Cow<'a, str>>,
    data: &'a RawValue,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope of an event without verifying a signature: for bodies that were verified before.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object with an `event_id` and an `event_type`, or if one of the fields
    /// of the envelope has another type.
    pub fn parse_unverified(body: &'a [u8]) -> Result<Self, JsonError> {
        Self::parse(json::utf8(body)?)
    }

    fn parse(body: &'a str) -> Result<Self, JsonError> {
        read_envelope(body, None).map_err(|error| JsonError::new(body.as_bytes(), error))
    }

    /// Returns the payload as JSON; `null` if there is none.
    #[must_use]
    pub fn data(&self) -> &'a str {
        self.data.get()
    }

    /// Reads the payload, with the type that it has in an [`Event`].
    ///
    /// # Errors
    ///
    /// Returns an error if the payload does not match the type of its event type; the path begins with `data`.
    pub fn parse_data(&self) -> Result<EventData, JsonError> {
        let mut json = serde_json::Deserializer::from_str(self.data());
        match read_payload(&self.tags(), &mut json) {
            Ok(Ok(data)) => Ok(data),
            Ok(Err(_)) => Ok(EventData::Unknown(RawJson::new(self.data))),
            Err(error) => Err(JsonError::new(self.data().as_bytes(), error).inside("data")),
        }
    }

    /// Returns the event's id, which is the same on every delivery of the event.
    #[must_use]
    pub fn event_id(&self) -> &str {
        &self.event_id
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

    fn tags(&self) -> Tags {
        Tags::new(self.event_type.clone(), self.api_version(), self.webhook_version())
    }

    fn into_event(self, data: EventData, raw: RawBody) -> Event {
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
#[derive(PartialEq)]
struct Tags {
    event_type: EventType,
    format: Format,
}

impl Tags {
    fn new(
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

/// Reads the payload that the tags name; returns the deserializer if they name none.
///
/// Both callers pass a deserializer of the same type, so that the code of every payload is generated once.
fn read_payload<'de, D: Deserializer<'de>>(tags: &Tags, json: D) -> Result<Result<EventData, D>, D::Error> {
    let event_type = &tags.event_type;
    match tags.format {
        Format::V2 => {
            let data = v2::EventData::read(&event_type.as_str().into(), json)?;
            Ok(data.map(EventData::V2))
        }
        Format::V2025_01_01 => match v2025_01_01::EventData::read(event_type, json)? {
            Ok(data) => Ok(Ok(EventData::V2025_01_01(data))),
            Err(json) => EventData::read(event_type, json),
        },
        Format::V3 => EventData::read(event_type, json),
    }
}

/// Reads an envelope. The payload stays text, unless it is read eagerly.
fn read_envelope<'a>(
    body: &'a str,
    eager: Option<&mut EagerPayload<'a>>,
) -> Result<Envelope<'a>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(body);
    let envelope = json.deserialize_map(EnvelopeVisitor { eager })?;
    json.end()?;
    Ok(envelope)
}

struct EnvelopeVisitor<'p, 'a> {
    eager: Option<&'p mut EagerPayload<'a>>,
}

impl<'de> de::Visitor<'de> for EnvelopeVisitor<'_, 'de> {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<'de>, A::Error> {
        let mut fields = Fields::default();
        let mut eager = self.eager;
        while let Some(name) = map.next_key()? {
            match name {
                Name::EventId => read_once(&mut fields.event_id, "event_id", &mut map)?,
                Name::EventType => read_once(&mut fields.event_type, "event_type", &mut map)?,
                Name::ApiVersion => read_once(&mut fields.api_version, "api_version", &mut map)?,
                Name::WebhookVersion => read_once(&mut fields.webhook_version, "webhook_version", &mut map)?,
                Name::CreatedAt => read_once(&mut fields.created_at, "created_at", &mut map)?,
                Name::TraceId => read_once(&mut fields.trace_id, "trace_id", &mut map)?,
                Name::PartnerId => read_once(&mut fields.partner_id, "partner_id", &mut map)?,
                Name::Data => match eager.take().and_then(|eager| eager.seed(&fields)) {
                    Some(seed) => fields.data = Some(map.next_value_seed(seed)?),
                    None => read_once(&mut fields.data, "data", &mut map)?,
                },
                Name::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        fields.into_envelope()
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Name {
    EventId,
    EventType,
    ApiVersion,
    WebhookVersion,
    CreatedAt,
    TraceId,
    PartnerId,
    Data,
    #[serde(other)]
    Other,
}

/// The fields read so far. A field that was `null` is `Some(None)`.
#[derive(Default)]
struct Fields<'a> {
    event_id: Option<Text<'a>>,
    event_type: Option<EventType>,
    api_version: Option<Option<Text<'a>>>,
    webhook_version: Option<Option<WebhookVersion>>,
    created_at: Option<Option<Timestamp>>,
    trace_id: Option<Option<Text<'a>>>,
    partner_id: Option<Option<Text<'a>>>,
    data: Option<&'a RawValue>,
}

impl<'a> Fields<'a> {
    fn into_envelope<E: de::Error>(self) -> Result<Envelope<'a>, E> {
        Ok(Envelope {
            event_id: self.event_id.ok_or_else(|| E::missing_field("event_id"))?.0,
            event_type: self.event_type.ok_or_else(|| E::missing_field("event_type"))?,
            api_version: self.api_version.flatten().map(|version| version.0),
            webhook_version: self.webhook_version.flatten(),
            created_at: self.created_at.flatten(),
            trace_id: self.trace_id.flatten().map(|id| id.0),
            partner_id: self.partner_id.flatten().map(|id| id.0),
            data: self.data.unwrap_or(RawValue::NULL),
        })
    }
}

/// Reads the value of a field that must not occur twice.
fn read_once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if field.is_some() {
        return Err(de::Error::duplicate_field(name));
    }
    *field = Some(map.next_value()?);
    Ok(())
}

/// Reads an event in one pass. Returns `None` if anything is wrong, so that all errors come from the two passes; the payload
/// is `None` if it is still text.
///
/// Without it, parsing takes 1.28 times the instructions for the small event of `docs/benchmarks.md` and 1.37 times for the
/// big one.
fn in_one_pass(body: &str) -> Option<(Envelope<'_>, Option<EventData>)> {
    let mut eager = EagerPayload { body, read: None };
    let envelope = read_envelope(body, Some(&mut eager)).ok()?;
    match eager.read {
        Some((tags, _)) if tags != envelope.tags() => None,
        Some((_, data)) => Some((envelope, Some(data))),
        None => Some((envelope, None)),
    }
}

/// A payload that is read together with its envelope, in which `null` takes its place.
///
/// The tags must be known before the payload, but the service writes the fields of the envelope in alphabetical order, and
/// `event_type` and `webhook_version` come after `data`. Tags that were not read yet are guessed from the end of the body;
/// a guess that differs from the envelope is discarded, and the event is read in two passes.
struct EagerPayload<'a> {
    body: &'a str,
    /// The payload, and the tags that named its type.
    read: Option<(Tags, EventData)>,
}

impl EagerPayload<'_> {
    /// Returns how to read the payload, if the tags can be found.
    fn seed(&mut self, fields: &Fields<'_>) -> Option<EagerSeed<'_>> {
        let mut event_type = fields.event_type.clone();
        let mut webhook_version = fields.webhook_version.clone();
        let mut last_fields = last_fields(self.body);
        while event_type.is_none() || webhook_version.is_none() {
            match last_fields.next() {
                Some(("event_type", value)) if event_type.is_none() => event_type = Some(value.into()),
                Some(("webhook_version", value)) if webhook_version.is_none() => {
                    webhook_version = Some(Some(value.into()))
                }
                Some(_) => {}
                None => break,
            }
        }
        let api_version = fields.api_version.as_ref().and_then(Option::as_ref).map(|version| &*version.0);
        let tags = Tags::new(event_type?, api_version, webhook_version.flatten().as_ref());
        Some(EagerSeed { tags, read: &mut self.read })
    }
}

/// Returns the last fields of an object, from its end, as long as they are strings or `null`. Escapes are not decoded, so
/// that a part of a string can look like a field.
fn last_fields(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = object.trim_end().strip_suffix('}');
    iter::from_fn(move || {
        let fields = rest?.trim_end();
        let (before, value) = match fields.strip_suffix('"') {
            Some(text) => text.rsplit_once('"')?,
            None => (fields.strip_suffix("null")?, ""),
        };
        let name = before.trim_end().strip_suffix(':')?.trim_end().strip_suffix('"')?;
        let (before, name) = name.rsplit_once('"')?;
        rest = before.trim_end().strip_suffix(',');
        Some((name, value))
    })
}

struct EagerSeed<'p> {
    tags: Tags,
    read: &'p mut Option<(Tags, EventData)>,
}

impl<'de> DeserializeSeed<'de> for EagerSeed<'_> {
    type Value = &'de RawValue;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<&'de RawValue, D::Error> {
        match read_payload(&self.tags, json)? {
            Ok(data) => {
                *self.read = Some((self.tags, data));
                Ok(RawValue::NULL)
            }
            Err(json) => Deserialize::deserialize(json),
        }
    }
}
