//! What all events share, and the payload amidst it.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess},
};
use serde_json::value::RawValue;

use super::{Event, EventData, EventType, Format, RawBody, RawJson, WebhookVersion, read};
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
    /// Reads the envelope without checking any signature: for bodies whose signature was checked before.
    ///
    /// # Errors
    ///
    /// [`JsonError`] when the body is no JSON object with an `event_type` and an `event_id`.
    pub fn parse_unverified(body: &'a [u8]) -> Result<Self, JsonError> {
        let json = json::text(body)?;
        match Read::new(json, Payload::AsText) {
            Ok(read) => Ok(read.envelope),
            Err(error) => Err(JsonError::new(body, error)),
        }
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
        Tags {
            event_type: self.event_type.clone(),
            format: Format::of(self.api_version(), self.webhook_version()),
        }
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

impl Format {
    fn of(api_version: Option<&str>, webhook_version: Option<&WebhookVersion>) -> Self {
        match (api_version, webhook_version) {
            (Some("v2"), _) => Self::V2,
            (_, Some(WebhookVersion::V2025_01_01)) => Self::V2025_01_01,
            _ => Self::V3,
        }
    }
}

/// What became of the payload while the envelope was read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Payload<'a> {
    /// It stayed text.
    AsText,
    /// It was read along, where its tags stood before it or could be guessed from the end of this body: the service writes
    /// them there, in the order of the alphabet.
    Along(&'a str),
}

/// An envelope, and perhaps its payload.
pub(super) struct Read<'a> {
    /// Its `data` is `null` where the payload was read along.
    pub(super) envelope: Envelope<'a>,
    /// The payload that was read along, and the tags that it was read by.
    pub(super) data: Option<(Tags, EventData)>,
}

impl<'a> Read<'a> {
    pub(super) fn new(json: &'a str, payload: Payload<'a>) -> Result<Self, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let read = deserializer.deserialize_map(payload)?;
        deserializer.end()?;
        Ok(read)
    }
}

/// Takes an object only: serde would also take an array for a struct, field by field.
impl<'de> de::Visitor<'de> for Payload<'_> {
    type Value = Read<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Read<'de>, A::Error> {
        let mut event_id = None::<Text<'de>>;
        let mut event_type = None::<EventType>;
        let mut api_version = None::<Option<Text<'de>>>;
        let mut webhook_version = None::<Option<WebhookVersion>>;
        let mut created_at = None;
        let mut trace_id = None::<Option<Text<'de>>>;
        let mut partner_id = None::<Option<Text<'de>>>;
        let mut data = None;
        while let Some(name) = fields.next_key()? {
            match name {
                Name::EventId => once(&mut event_id, "event_id", &mut fields)?,
                Name::EventType => once(&mut event_type, "event_type", &mut fields)?,
                Name::ApiVersion => once(&mut api_version, "api_version", &mut fields)?,
                Name::WebhookVersion => once(&mut webhook_version, "webhook_version", &mut fields)?,
                Name::CreatedAt => once(&mut created_at, "created_at", &mut fields)?,
                Name::TraceId => once(&mut trace_id, "trace_id", &mut fields)?,
                Name::PartnerId => once(&mut partner_id, "partner_id", &mut fields)?,
                Name::Data if data.is_some() => return Err(de::Error::duplicate_field("data")),
                Name::Data => {
                    let tags = self.tags(&api_version, &webhook_version, &event_type);
                    data = Some(fields.next_value_seed(ReadData(tags))?);
                }
                Name::Other => {
                    fields.next_value::<IgnoredAny>()?;
                }
            }
        }
        let (text, data) = match data {
            Some(Data::Text(text)) => (text, None),
            Some(Data::Read(tags, data)) => (RawValue::NULL, Some((tags, data))),
            None => (RawValue::NULL, None),
        };
        let envelope = Envelope {
            event_id: event_id.ok_or_else(|| de::Error::missing_field("event_id"))?.0,
            event_type: event_type.ok_or_else(|| de::Error::missing_field("event_type"))?,
            api_version: api_version.flatten().map(|text| text.0),
            webhook_version: webhook_version.flatten(),
            created_at: created_at.flatten(),
            trace_id: trace_id.flatten().map(|text| text.0),
            partner_id: partner_id.flatten().map(|text| text.0),
            data: text,
        };
        Ok(Read { envelope, data })
    }
}

impl Payload<'_> {
    /// The tags that the payload is to be read by: those that stood before it, and where they did not, those that stand
    /// last in the body. These are a guess: to be compared with what the envelope turns out to have.
    fn tags(
        self,
        api_version: &Option<Option<Text<'_>>>,
        webhook_version: &Option<Option<WebhookVersion>>,
        event_type: &Option<EventType>,
    ) -> Option<Tags> {
        let Self::Along(json) = self else { return None };
        let api_version = api_version.as_ref().and_then(Option::as_ref).map(|version| &*version.0);
        let event_type =
            event_type.clone().or_else(|| last_value(json, b"event_type").map(EventType::from))?;
        let webhook_version = match webhook_version {
            Some(version) => version.clone(),
            None => last_value(json, b"webhook_version").map(WebhookVersion::from),
        };
        Some(Tags { event_type, format: Format::of(api_version, webhook_version.as_ref()) })
    }
}

/// How many bytes at the end of a body are looked through.
const TAIL: usize = 512;

/// The text that stands behind the last key of this name, if both stand at the end of the body and have no escapes. What
/// looks like a key can be one of an inner object.
fn last_value<'a>(json: &'a str, key: &[u8]) -> Option<&'a str> {
    let tail = &json.as_bytes()[json.len().saturating_sub(TAIL)..];
    let mut pieces = tail.rsplit(|byte| *byte == b'"');
    let (mut value, mut between) = (pieces.next()?, pieces.next()?);
    for piece in pieces {
        if piece == key && between.trim_ascii() == b":" {
            return str::from_utf8(value).ok();
        }
        (value, between) = (between, piece);
    }
    None
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

/// Text that is borrowed unless it has escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads a field that must not come twice.
fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    name: &'static str,
    fields: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(de::Error::duplicate_field(name));
    }
    *slot = Some(fields.next_value()?);
    Ok(())
}

enum Data<'a> {
    Text(&'a RawValue),
    Read(Tags, EventData),
}

/// Reads a payload by its tags. Without tags, or where no type belongs to them, it stays text.
struct ReadData(Option<Tags>);

impl<'de> DeserializeSeed<'de> for ReadData {
    type Value = Data<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Data<'de>, D::Error> {
        let json = match self.0 {
            None => json,
            Some(tags) => match read::payload(&tags, json)? {
                Ok(data) => return Ok(Data::Read(tags, data)),
                Err(json) => json,
            },
        };
        Deserialize::deserialize(json).map(Data::Text)
    }
}
