//! How the bytes of a body become an event.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use super::{
    Event, EventData, EventType, Format, ParseEventError, RawBody, RawJson, WebhookVersion, v2, v2025_01_01,
};
use crate::{EventId, PartnerId, Timestamp, TraceId, json::JsonError};

pub(super) fn read(raw: RawBody) -> Result<Event, ParseEventError> {
    let body = raw.as_bytes();
    let envelope = match serde_json::from_slice::<Object<Envelope<'_>>>(body) {
        Ok(envelope) => envelope.0,
        Err(error) => return Err(ParseEventError::no_event(JsonError::new(body, error), raw)),
    };
    let json = envelope.data.unwrap_or(RawValue::NULL);
    match payload(&envelope, json.get()) {
        Ok(Some(data)) => Ok(envelope.with(data, &raw)),
        Ok(None) => Ok(envelope.with(EventData::Unknown(RawJson::new(json)), &raw)),
        Err(error) => {
            let error = JsonError::new(json.get().as_bytes(), error).inside("data");
            Err(ParseEventError::bad_payload(
                error,
                envelope.with(EventData::Unknown(RawJson::new(json)), &raw),
            ))
        }
    }
}

/// What all events share; `data` stays text until the type is known, for it stands before the type.
#[derive(Deserialize)]
struct Envelope<'a> {
    event_id: EventId,
    event_type: EventType,
    api_version: Option<Box<str>>,
    webhook_version: Option<WebhookVersion>,
    created_at: Option<Timestamp>,
    trace_id: Option<TraceId>,
    partner_id: Option<PartnerId>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

impl Envelope<'_> {
    fn format(&self) -> Format {
        match (self.api_version.as_deref(), &self.webhook_version) {
            (Some("v2"), _) => Format::V2,
            (_, Some(WebhookVersion::V2025_01_01)) => Format::V2025_01_01,
            _ => Format::V3,
        }
    }

    fn with(self, data: EventData, raw: &RawBody) -> Event {
        Event {
            event_id: self.event_id,
            event_type: self.event_type,
            api_version: self.api_version,
            webhook_version: self.webhook_version,
            created_at: self.created_at,
            trace_id: self.trace_id,
            partner_id: self.partner_id,
            data,
            raw: raw.clone(),
        }
    }
}

/// The payload of the event's type in the event's format; `None` where no type describes it.
fn payload(envelope: &Envelope<'_>, json: &str) -> Result<Option<EventData>, serde_json::Error> {
    let event_type = &envelope.event_type;
    match envelope.format() {
        Format::V2 => {
            let data = v2::EventData::read(&event_type.as_str().into(), json)?;
            Ok(data.map(EventData::V2))
        }
        Format::V2025_01_01 => match v2025_01_01::EventData::read(event_type, json)? {
            Some(data) => Ok(Some(EventData::V2025_01_01(data))),
            None => EventData::read(event_type, json),
        },
        Format::V3 => EventData::read(event_type, json),
    }
}

/// Reads a JSON object only: serde would also take an array for a struct, field by field.
pub(super) fn object<T: DeserializeOwned>(json: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(json).map(|Object(payload)| payload)
}

struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Visitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, fields: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
            }
        }

        deserializer.deserialize_map(Visitor(PhantomData))
    }
}
