//! Every sample of a V3 event has the payload type that its `event_type` names, and none of its fields is lost.

use std::collections::BTreeSet;

use linq_types::events::{Event, EventData, EventType};
use serde_json::Value;

use super::data::{Sample, folder, json, meaning, text};

/// The payloads of two versions of the API.
const FOLDERS: [&str; 2] = ["events/v3-0.1.0", "events/v3-0.65.0"];
const DISPATCH: &str = "python-dispatch.json";

/// The name of the payload type, and the payload as the type alone writes it.
fn payload(data: &EventData) -> (&'static str, Value) {
    let name = data.payload_type().unwrap_or_else(|| panic!("no payload type: {data:?}"));
    (name, serde_json::to_value(data).unwrap())
}

/// Only an event type without a payload type accepts null.
fn has_payload_type(event_type: &EventType) -> bool {
    let body = serde_json::json!({ "event_type": event_type, "event_id": "e1", "data": null });
    Event::parse_unverified(body.to_string()).is_err()
}

fn samples(folder_name: &str) -> impl Iterator<Item = Sample> {
    let files = folder(folder_name).into_iter().filter(|(file, _)| file != DISPATCH);
    files.map(move |(file, body)| Sample { file: format!("{folder_name}/{file}"), body })
}

fn all_samples() -> impl Iterator<Item = Sample> {
    FOLDERS.into_iter().flat_map(samples)
}

#[test]
fn every_event_type_has_samples_with_the_payload_type_of_its_name() {
    let mut seen = BTreeSet::new();
    for sample in all_samples() {
        let event = sample.event();
        let (name, _) = payload(&event.data);
        assert_eq!(name, sample.type_name(), "{}", sample.file);
        assert_eq!(name, format!("{:?}", event.event_type), "{}", sample.file);
        seen.insert(name.to_owned());
    }
    let typed = EventType::KNOWN.iter().filter(|event_type| has_payload_type(event_type));
    let unseen: Vec<_> = typed.filter(|event_type| !seen.contains(&format!("{event_type:?}"))).collect();
    assert!(unseen.is_empty(), "add a sample to {FOLDERS:?} of {unseen:?}");
}

#[test]
fn only_calls_have_no_payload_type() {
    for event_type in EventType::KNOWN {
        assert_eq!(has_payload_type(event_type), !event_type.as_str().starts_with("call."), "{event_type}");
    }
}

#[test]
fn the_default_version_is_the_newest_and_the_older_differs_only_in_messages() {
    let with_version = |sample: &Sample, version: Option<&str>| {
        let mut json = sample.json();
        json["webhook_version"] = version.into();
        Event::parse_unverified(json.to_string()).unwrap().data
    };
    for sample in all_samples() {
        let newest = with_version(&sample, Some("2026-02-03"));
        assert_eq!(with_version(&sample, None), newest, "{}", sample.file);
        let older = with_version(&sample, Some("2025-01-01"));
        assert!(matches!(older, EventData::V2025_01_01(_)) || older == newest, "{}", sample.file);
    }
}

#[test]
fn an_event_is_written_as_its_body() {
    for sample in all_samples() {
        assert_eq!(serde_json::to_value(sample.event()).unwrap(), sample.json(), "{}", sample.file);
    }
}

#[test]
fn a_payload_type_has_every_field_of_its_samples() {
    for sample in all_samples() {
        let (_, written) = payload(&sample.event().data);
        assert_eq!(meaning(written), meaning(sample.json()["data"].take()), "{}", sample.file);
    }
}

#[test]
fn the_enums_have_every_value_of_the_samples() {
    for sample in all_samples() {
        let debug = format!("{:?}", sample.event().data);
        // This sample has an invented word in place of most strings, among them an event type.
        let expected = usize::from(sample.file.ends_with("webhook_subscription.target_url_changed.max.json"));
        assert_eq!(debug.matches("Unknown(").count(), expected, "{}: {debug}", sample.file);
    }
}

#[test]
fn events_of_one_shape_get_their_own_type_where_the_official_python_sdk_confuses_them() {
    for folder_name in FOLDERS {
        let dispatch = json(&format!("{folder_name}/{DISPATCH}"));
        let mut confused = 0;
        let files = dispatch["by_file"].as_object().unwrap();
        for (file, classes) in files {
            let event = Event::parse_unverified(text(&format!("{folder_name}/{file}"))).unwrap();
            let (name, _) = payload(&event.data);
            let own_class = classes["own_class"].as_str().unwrap();
            assert!(own_class.eq_ignore_ascii_case(&format!("{name}WebhookEvent")), "{file}: {name}");
            confused += usize::from(classes["python_gives"] != own_class);
        }
        assert_eq!(dispatch["misdispatched"], confused);
        assert_eq!(dispatch["samples"], files.len());
    }
}

#[test]
fn event_data_has_at_most_768_bytes() {
    let size = size_of::<EventData>();
    assert!(size <= 768, "{size} bytes");
}
