//! Every sample of a format that is not the newest is read as the payload type that its `event_type` names, and nothing
//! of it is lost.

use std::collections::BTreeSet;

use linq_types::events::{Event, EventData, EventPayload, Format, FromEvent, v2, v2025_01_01};
use serde_json::Value;

use super::data::{folder, meaning};

struct Sample {
    file: String,
    body: String,
}

impl Sample {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn event(&self) -> Event {
        Event::parse_unverified(self.body.clone())
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.file, error.path()))
    }
}

fn samples(folders: &[&str]) -> Vec<Sample> {
    let files = folders.iter().flat_map(|name| folder(name));
    files.map(|(file, body)| Sample { file, body }).collect()
}

fn older() -> Vec<Sample> {
    samples(&["events/v3-2025-01-01"])
}

fn v2() -> Vec<Sample> {
    samples(&["events/v2", "events/v2-derived"])
}

/// What a payload type makes of an event: the event type it belongs to, and what it writes by itself.
fn read<T: EventPayload + serde::Serialize>(format: Format, event: &Event) -> Option<(&'static str, Value)> {
    assert_eq!(T::EVENT.format, format);
    let payload = T::from_event(event.clone())?;
    assert_eq!(<Event<T>>::from_event(event.clone()).map(|event| event.data).is_some(), T::matches(event));
    Some((T::EVENT.event_type, serde_json::to_value(&payload).unwrap()))
}

macro_rules! readers {
    ($format:ident, $module:ident: $($payload:ident)+) => {
        [$((|event| read::<$module::$payload>(Format::$format, event)) as Reader),+]
    };
}

type Reader = fn(&Event) -> Option<(&'static str, Value)>;

const OLDER: [Reader; 4] =
    readers!(V2025_01_01, v2025_01_01: MessageReceived MessageSent MessageDelivered MessageRead);

const V2: [Reader; 13] = readers!(
    V2, v2: MessageSent MessageReceived MessageRead CallCompleted ReactionSent ReactionReceived
    TypingIndicatorReceived TypingIndicatorRemoved ContactCreated ContactUpdated ContactDeleted ParticipantAdded
    ParticipantRemoved
);

/// Checks the samples, and gives the event types seen.
fn check(samples: &[Sample], readers: &[Reader]) -> BTreeSet<&'static str> {
    let check = |Sample { file, .. }: &Sample, event: &Event, json: Value| {
        let payloads: Vec<_> = readers.iter().filter_map(|read| read(event)).collect();
        let [(event_type, payload)] = payloads.as_slice() else { panic!("{file}: {payloads:?}") };
        assert_eq!(*event_type, json["event_type"], "{file}");
        assert_eq!(meaning(payload.clone()), meaning(json["data"].clone()), "{file}");
        assert_eq!(serde_json::to_value(event).unwrap(), json, "{file}");
        *event_type
    };
    samples.iter().map(|sample| check(sample, &sample.event(), sample.json())).collect()
}

#[test]
fn every_older_sample_is_read_whole_as_its_own_payload_type() {
    let samples = older();
    assert_eq!(samples.len(), 8);
    assert_eq!(check(&samples, &OLDER).len(), 4);
    assert!(samples.iter().all(|sample| matches!(sample.event().data, EventData::V2025_01_01(_))));
}

#[test]
fn every_v2_sample_is_read_whole_as_its_own_payload_type() {
    let samples = v2();
    assert_eq!(samples.len(), 11);
    // Of two the service shows no payload.
    assert_eq!(check(&samples, &V2).len(), v2::EventType::KNOWN.len() - 2);
    assert!(samples.iter().all(|sample| matches!(sample.event().data, EventData::V2(_))));
}

#[test]
fn the_enums_know_every_value_of_the_samples() {
    for sample in older().into_iter().chain(v2()) {
        let debug = format!("{:?}", sample.event().data);
        assert!(!debug.contains("Unknown("), "{}: {debug}", sample.file);
    }
}

#[test]
fn a_v2_payload_without_documented_fields_keeps_them_as_they_came() {
    let data = r#"{"chat_id": 7, "huge": 1e400, "who": {"identifier": "+12025550199"}}"#;
    let body = format!(
        r#"{{"api_version":"v2","data":{data},"event_id":"wh_evt_1","event_type":"participant.added"}}"#
    );
    let event = Event::parse_unverified(body).unwrap();
    let EventData::V2(v2::EventData::ParticipantAdded(added)) = &event.data else { panic!("{event:?}") };
    assert_eq!(added.fields["chat_id"].parse::<v2::Id>().unwrap(), v2::Id::from(7));
    assert_eq!(
        serde_json::to_string(added).unwrap(),
        r#"{"chat_id":7,"huge":1e400,"who":{"identifier": "+12025550199"}}"#
    );
}

#[test]
fn ids_of_v2_are_text_or_numbers_and_stay_so() {
    for data in [r#"{"id":12345}"#, r#"{"id":"12345"}"#] {
        for event_type in ["message.received", "contact.deleted", "call.completed", "reaction.sent"] {
            let body =
                format!(r#"{{"api_version":"v2","data":{data},"event_id":"e","event_type":"{event_type}"}}"#);
            let event = Event::parse_unverified(body).unwrap();
            let [(_, payload)] = &V2.iter().filter_map(|read| read(&event)).collect::<Vec<_>>()[..] else {
                panic!("{event:?}")
            };
            assert_eq!(payload.to_string(), data);
        }
    }
}

#[test]
fn an_older_event_that_is_no_message_is_read_as_ever() {
    let body = r#"{"api_version":"v3","webhook_version":"2025-01-01","event_type":"reaction.added","event_id":"e1",
        "data":{"is_from_me":true,"reaction_type":"love"}}"#;
    let event = Event::parse_unverified(body.to_owned()).unwrap();
    assert!(matches!(event.data, EventData::ReactionAdded(_)));
    assert!(event.is_from_me());
}
