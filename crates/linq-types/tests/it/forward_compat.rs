//! What these types do not know, or not like this: made-up payloads and what becomes of each.

use linq_types::{
    chats::Chat,
    error::ErrorCode,
    events::{Event, EventData, FromEvent, MessageFailed, MessageReceived},
    json::{self, JsonError},
    messages::Message,
};

use super::data::{folder, text};

enum Outcome {
    /// Its payload type.
    Typed,
    /// Data without a type.
    Raw,
    /// An error at this path.
    Error(&'static str),
}

use Outcome::{Error, Raw, Typed};

const EVENTS: [(&str, Outcome); 9] = [
    ("call.ringing.json", Raw),
    ("invented.event.json", Raw),
    ("message.failed.code-as-string.json", Typed),
    ("message.received.missing-required.json", Typed),
    ("message.received.null-data.json", Error("data")),
    ("message.received.odd-times.json", Error("data.sent_at")),
    ("message.received.unknown-enum-values.json", Typed),
    ("message.received.unknown-fields.json", Typed),
    ("message.received.unknown-part.json", Typed),
];

type Read = fn(&str) -> Result<(), JsonError>;

const ANSWERS: [(&str, Read, Outcome); 4] = [
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
fn every_file_is_in_a_table() {
    let tables = EVENTS.iter().map(|(file, _)| *file).chain(ANSWERS.iter().map(|(file, ..)| *file));
    let mut tables: Vec<_> = tables.collect();
    tables.sort_unstable();
    tables.dedup();
    let files: Vec<_> = folder("events/forward-compat").into_keys().collect();
    assert_eq!(files, tables);
}

#[test]
fn an_event_is_typed_or_raw_or_an_error_with_its_path_and_body() {
    for (file, expected) in &EVENTS {
        let body = sample(file);
        match (Event::parse_unverified(body.clone()), expected) {
            (Ok(event), Typed) => assert!(!matches!(event.data, EventData::Unknown(_)), "{file}"),
            (Ok(event), Raw) => assert!(matches!(event.data, EventData::Unknown(_)), "{file}"),
            (Err(error), Error(path)) => {
                assert_eq!(error.path(), *path, "{file}");
                assert_eq!(error.raw(), body.as_bytes(), "{file}");
            }
            (result, _) => panic!("{file}: {result:?}"),
        }
    }
}

#[test]
fn an_answer_is_typed_or_an_error_with_its_path() {
    for (file, read, expected) in &ANSWERS {
        match (read(&sample(file)), expected) {
            (Ok(()), Typed) => {}
            (Err(error), Error(path)) => assert_eq!(error.path(), *path, "{file}"),
            (result, _) => panic!("{file}: {result:?}"),
        }
    }
}

#[test]
fn an_unknown_value_keeps_its_text() {
    let message: MessageReceived = payload("message.received.unknown-enum-values.json");
    assert_eq!(message.direction.as_str(), "sideways");
    assert_eq!(message.service.as_ref().unwrap().as_str(), "Satellite");
    assert!(!message.is_from_me());
}

#[test]
fn an_error_code_in_quotes_is_read() {
    let failed: MessageFailed = payload("message.failed.code-as-string.json");
    assert_eq!(failed.code, ErrorCode::DELIVERY_FAILED);
}

#[test]
fn a_number_is_a_time_in_unix_seconds() {
    let odd = sample("message.received.odd-times.json");
    let event = Event::parse_unverified(odd.replace("yesterday", "2026-02-05T19:52:17Z")).unwrap();
    assert_eq!(event.created_at.unwrap().unix_seconds(), 1_770_321_138);
}
