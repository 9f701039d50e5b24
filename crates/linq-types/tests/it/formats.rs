//! Every sample of the older formats has the payload type that its `event_type` names, and none of its fields is lost.

use std::collections::BTreeSet;

use linq_types::events::{Event, EventData, v2};

use super::data::{Sample, folder, meaning};

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

/// Checks that every sample has the payload type of its event type and format, and loses no field; returns the event types.
fn check(samples: &[Sample], is_format: fn(&EventData) -> bool) -> BTreeSet<String> {
    let check = |sample: &Sample| {
        let (file, event, json) = (&sample.file, sample.event(), sample.json());
        assert!(is_format(&event.data), "{file}: {:?}", event.data);
        let payload_type = event.data.payload_type().unwrap();
        assert!(payload_type.ends_with(&format!("::{}", sample.type_name())), "{file}: {payload_type}");
        assert_eq!(
            meaning(serde_json::to_value(&event.data).unwrap()),
            meaning(json["data"].clone()),
            "{file}"
        );
        assert_eq!(serde_json::to_value(&event).unwrap(), json, "{file}");
        event.event_type.as_str().to_owned()
    };
    samples.iter().map(check).collect()
}

#[test]
fn every_2025_01_01_sample_has_the_payload_type_of_its_event_type() {
    let seen = check(&older(), |data| matches!(data, EventData::V2025_01_01(_)));
    assert_eq!(seen.len(), 4);
}

#[test]
fn every_v2_sample_has_the_payload_type_of_its_event_type() {
    let seen = check(&v2(), |data| matches!(data, EventData::V2(_)));
    // The reference shows no payload of two event types.
    assert_eq!(seen.len(), v2::EventType::KNOWN.len() - 2);
}

#[test]
fn the_enums_have_every_value_of_the_samples() {
    for sample in older().into_iter().chain(v2()) {
        let debug = format!("{:?}", sample.event().data);
        assert!(!debug.contains("Unknown("), "{}: {debug}", sample.file);
    }
}

#[test]
fn a_v2_payload_without_documented_fields_keeps_their_text() {
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
fn a_v2_id_is_written_as_the_string_or_number_it_was_read_from() {
    for data in [r#"{"id":12345}"#, r#"{"id":"12345"}"#] {
        for event_type in ["message.received", "contact.deleted", "call.completed", "reaction.sent"] {
            let body =
                format!(r#"{{"api_version":"v2","data":{data},"event_id":"e","event_type":"{event_type}"}}"#);
            let event = Event::parse_unverified(body).unwrap();
            assert_eq!(serde_json::to_string(&event.data).unwrap(), data);
        }
    }
}

#[test]
fn a_2025_01_01_event_other_than_a_message_has_the_newest_payload_type() {
    let body = r#"{"api_version":"v3","webhook_version":"2025-01-01","event_type":"reaction.added","event_id":"e1",
        "data":{"is_from_me":true,"reaction_type":"love"}}"#;
    let event = Event::parse_unverified(body.to_owned()).unwrap();
    assert!(matches!(event.data, EventData::ReactionAdded(_)));
    assert!(event.is_from_me());
}
