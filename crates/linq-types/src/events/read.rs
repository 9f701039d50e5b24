//! How the bytes of a body become an event.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{self, value::MapAccessDeserializer},
};

use super::{
    Event, EventData, Format, ParseEventError, RawBody,
    envelope::{Envelope, Tags},
    read_envelope::{Along, read_envelope},
    v2, v2025_01_01,
};
use crate::json::{self, JsonError};

/// Reads the payload along with its envelope if it can. Unless an event comes of that, the envelope is read first and the
/// payload after it, so that every error is one of this way.
pub(super) fn read(raw: RawBody) -> Result<Event, ParseEventError> {
    let body = match json::text(raw.as_bytes()) {
        Ok(body) => body,
        Err(error) => return Err(ParseEventError::no_event(error, raw)),
    };
    let mut along = Along::new(body);
    let Ok(envelope) = read_envelope(body, Some(&mut along)) else { return read_envelope_first(body, &raw) };
    match along.read {
        None => with_data(envelope, &raw),
        Some((tags, data)) if tags == envelope.tags() => Ok(envelope.into_event(data, raw.clone())),
        Some(_) => read_envelope_first(body, &raw),
    }
}

fn read_envelope_first(body: &str, raw: &RawBody) -> Result<Event, ParseEventError> {
    match read_envelope(body, None) {
        Ok(envelope) => with_data(envelope, raw),
        Err(error) => Err(ParseEventError::no_event(JsonError::new(body.as_bytes(), error), raw.clone())),
    }
}

/// Adds the payload, which is still text.
fn with_data(envelope: Envelope<'_>, raw: &RawBody) -> Result<Event, ParseEventError> {
    match envelope.parse_data() {
        Ok(data) => Ok(envelope.into_event(data, raw.clone())),
        Err(error) => {
            let unread = EventData::Unknown(envelope.unread());
            Err(ParseEventError::bad_payload(error, envelope.into_event(unread, raw.clone())))
        }
    }
}

/// Reads the payload that has a type for these tags from its text.
pub(super) fn from_text(tags: &Tags, json: &str) -> Result<Option<EventData>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(json);
    Ok(payload(tags, &mut json)?.ok())
}

/// Reads the payload that has a type for these tags; gives the deserializer back where none has.
///
/// All payloads are read by the same deserializer, be it that of the whole body or that of the payload's text, so that
/// there is one copy of their code.
pub(super) fn payload<'de, D: Deserializer<'de>>(
    tags: &Tags,
    json: D,
) -> Result<Result<EventData, D>, D::Error> {
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

/// Reads a JSON object only: serde would also take an array for a struct, field by field.
pub(super) fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    struct Visitor<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: de::MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(fields))
        }
    }

    json.deserialize_map(Visitor(PhantomData))
}
