//! Reading what all events share, in one pass with the payload if that can be.

use std::{fmt, iter};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess},
};
use serde_json::value::RawValue;

use super::{
    EventData, EventType, WebhookVersion,
    envelope::{Envelope, Tags},
    read,
};
use crate::{Timestamp, json::Text};

/// A payload that is read along with its envelope, which has `null` in its place then.
///
/// That takes the tags before the payload, but the service writes them behind it, in the order of the alphabet. So those
/// that did not stand before it are guessed from the end of the body. They must be compared with what the envelope
/// turns out to have.
pub(super) struct Along<'a> {
    body: &'a str,
    /// The payload, and the tags by which it was read; `None` where no type belongs to them, or there were none.
    pub(super) read: Option<(Tags, EventData)>,
}

impl<'a> Along<'a> {
    pub(super) fn new(body: &'a str) -> Self {
        Self { body, read: None }
    }
}

/// Reads an envelope from the text of its body; the payload stays text unless it is read along.
pub(super) fn read_envelope<'a>(
    body: &'a str,
    along: Option<&mut Along<'a>>,
) -> Result<Envelope<'a>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(body);
    let envelope = json.deserialize_map(EnvelopeVisitor { along })?;
    json.end()?;
    Ok(envelope)
}

/// Takes an object only: serde would also take an array for a struct, field by field.
struct EnvelopeVisitor<'p, 'a> {
    along: Option<&'p mut Along<'a>>,
}

impl<'de> de::Visitor<'de> for EnvelopeVisitor<'_, 'de> {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Envelope<'de>, A::Error> {
        let mut fields = Fields::default();
        while let Some(name) = map.next_key()? {
            match name {
                Name::EventId => once(&mut fields.event_id, "event_id", &mut map)?,
                Name::EventType => once(&mut fields.event_type, "event_type", &mut map)?,
                Name::ApiVersion => once(&mut fields.api_version, "api_version", &mut map)?,
                Name::WebhookVersion => once(&mut fields.webhook_version, "webhook_version", &mut map)?,
                Name::CreatedAt => once(&mut fields.created_at, "created_at", &mut map)?,
                Name::TraceId => once(&mut fields.trace_id, "trace_id", &mut map)?,
                Name::PartnerId => once(&mut fields.partner_id, "partner_id", &mut map)?,
                Name::Data if fields.data.is_some() => return Err(de::Error::duplicate_field("data")),
                Name::Data => {
                    let along = self.along.as_mut().and_then(|along| {
                        let tags = fields.tags(along.body)?;
                        Some((tags, &mut along.read))
                    });
                    fields.data = Some(map.next_value_seed(ReadData { along })?);
                }
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

/// The fields read so far. Those that may be `null` are `Some(None)` then.
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
    /// The tags that have been read or, where they have not, stand at the end of the body.
    fn tags(&self, body: &str) -> Option<Tags> {
        let mut event_type = self.event_type.clone();
        let mut webhook_version = self.webhook_version.clone();
        let mut last = last_fields(body);
        while event_type.is_none() || webhook_version.is_none() {
            match last.next() {
                Some(("event_type", value)) if event_type.is_none() => event_type = Some(value.into()),
                Some(("webhook_version", value)) if webhook_version.is_none() => {
                    webhook_version = Some(Some(value.into()))
                }
                Some(_) => {}
                None => break,
            }
        }
        let api_version = self.api_version.as_ref().and_then(Option::as_ref).map(|version| &*version.0);
        Some(Tags::new(event_type?, api_version, webhook_version.flatten().as_ref()))
    }

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

/// Reads a field that must not come twice.
fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
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

/// The last fields of an object, from its end, as long as they are texts or `null`. It is a guess: escapes stay as they are,
/// and so a part of a text can look like a field.
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

/// Reads a payload along by its tags. Without tags, or where no type belongs to them, it stays text.
struct ReadData<'p> {
    along: Option<(Tags, &'p mut Option<(Tags, EventData)>)>,
}

impl<'de> DeserializeSeed<'de> for ReadData<'_> {
    type Value = &'de RawValue;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<&'de RawValue, D::Error> {
        let Some((tags, read)) = self.along else { return Deserialize::deserialize(json) };
        match read::payload(&tags, json)? {
            Ok(data) => {
                *read = Some((tags, data));
                Ok(RawValue::NULL)
            }
            Err(json) => Deserialize::deserialize(json),
        }
    }
}
