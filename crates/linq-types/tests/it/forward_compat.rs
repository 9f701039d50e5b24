//! Values that these types do not have, in invented payloads, and the outcome of reading each.

use linq_types::{
    chats::Chat,
    error::ErrorCode,
    events::{Event, EventData, FromEvent, MessageFailed, MessageReceived},
    json::{self, JsonError},
    messages::Message,
};

use super::data::{folder, text};

enum Outcome {
    /// The payload has a type.
    Typed,
    /// The payload is untyped.
    Untyped,
    /// An error at this path.
    Error(&'static str),
}

use Outcome::{Error, Typed, Untyped};

const EVENTS: [(&str, Outcome); 9] = [
    ("call.ringing.json", Untyped),
    ("invented.event.json", Untyped),
    ("message.failed.code-as-string.json", Typed),
    ("message.received.missing-required.json", Typed),
    ("message.received.null-data.json", Error("data")),
    ("message.received.odd-times.json", Typed),
    ("message.received.unknown-enum-values.json", Typed),
    ("message.received.unknown-fields.json", Typed),
    ("message.received.unknown-part.json", Typed),
];

type Read = fn(&str) -> Result<(), JsonError>;

const RESPONSES: [(&str, Read, Outcome); 4] = [
    ("chat.missing-required.json", read::<Chat>, Typed),
    ("chat.missing-required.json", read::<Message>, Error("")),
    ("message.unknown-part.json", read::<Message>, Typed),
    ("message.unknown-value-and-field.json", read::<Message>, Typed),
];

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<(), JsonError> {
    json::from_slice::<T>(json.as_bytes()).map(drop)
}

fn sample(file: &str) -> String {
    text(&format!("events/forward-compat/{file}"))
}

fn payload<T: FromEvent>(file: &str) -> T {
    let event = Event::parse_unverified(sample(file)).unwrap();
    T::from_event(event).unwrap()
}

#[test]
fn every_sample_has_an_expected_outcome() {
    let tables = EVENTS.iter().map(|(file, _)| *file).chain(RESPONSES.iter().map(|(file, ..)| *file));
    let mut tables: Vec<_> = tables.collect();
    tables.sort_unstable();
    tables.dedup();
    let files: Vec<_> = folder("events/forward-compat").into_keys().collect();
    assert_eq!(files, tables);
}

#[test]
fn an_event_is_typed_or_untyped_or_an_error_with_its_path_and_the_body() {
    for (file, expected) in &EVENTS {
        let body = sample(file);
        match (Event::parse_unverified(body.clone()), expected) {
            (Ok(event), Typed) => assert!(!matches!(event.data, EventData::Unknown(_)), "{file}"),
            (Ok(event), Untyped) => assert!(matches!(event.data, EventData::Unknown(_)), "{file}"),
            (Err(error), Error(path)) => {
                assert_eq!(error.path(), *path, "{file}");
                assert_eq!(error.raw(), body.as_bytes(), "{file}");
            }
            (result, _) => panic!("{file}: {result:?}"),
        }
    }
}

#[test]
fn a_response_is_typed_or_an_error_with_its_path() {
    for (file, read, expected) in &RESPONSES {
        match (read(&sample(file)), expected) {
            (Ok(()), Typed) => {}
            (Err(error), Error(path)) => assert_eq!(error.path(), *path, "{file}"),
            (result, _) => panic!("{file}: {result:?}"),
        }
    }
}

#[test]
fn an_unknown_enum_value_keeps_its_text() {
    let message: MessageReceived = payload("message.received.unknown-enum-values.json");
    assert_eq!(message.direction.as_ref().unwrap().as_str(), "sideways");
    assert_eq!(message.service.as_ref().unwrap().as_str(), "Satellite");
    assert!(!message.is_from_me());
}

#[test]
fn an_error_code_can_be_a_string() {
    let failed: MessageFailed = payload("message.failed.code-as-string.json");
    assert_eq!(failed.code, ErrorCode::DELIVERY_FAILED);
}

#[test]
fn a_timestamp_can_be_a_number_of_unix_seconds_and_is_absent_if_it_is_invalid() {
    let event = Event::parse_unverified(sample("message.received.odd-times.json")).unwrap();
    assert_eq!(event.created_at.unwrap().unix_seconds(), 1_770_321_138);
    assert_eq!(event.message().unwrap().sent_at, None);
}
