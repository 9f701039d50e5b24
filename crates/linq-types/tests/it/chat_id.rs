use std::{fs, path::Path};

use linq_types::events::Event;
use serde_json::Value;

#[test]
fn every_sample_with_a_chat_has_its_id() {
    let mut with_chat = 0;
    for folder in ["v3-0.1.0", "v3-0.65.0", "v3-2025-01-01", "v2", "v2-derived"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/events").join(folder);
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.ends_with("python-dispatch.json") {
                continue;
            }
            let body = fs::read_to_string(&path).unwrap();
            let json: Value = serde_json::from_str(&body).unwrap();
            let data = &json["data"];
            let own = data["id"].as_str().filter(|_| json["event_type"] == "chat.created");
            let expected = data["chat_id"].as_str().or(data["chat"]["id"].as_str()).or(own);
            let event = Event::parse_unverified(body).unwrap();
            let id = event.chat_id();
            assert_eq!(id.as_ref().map(|id| id.as_str()), expected, "{}", path.display());
            with_chat += usize::from(expected.is_some());
        }
    }
    assert!(with_chat >= 100, "{with_chat}");
}

#[test]
fn the_chat_is_found_in_events_of_unknown_types_and_never_in_other_places() {
    for (event_type, data, expected) in [
        ("comet.sighted", r#"{"chat": {"id": "c1"}}"#, Some("c1")),
        ("comet.sighted", r#"{"chat_id": "c1", "chat": {"id": "c2"}}"#, Some("c1")),
        ("comet.sighted", r#"{"chat_id": null, "chat": {"id": "c2"}}"#, Some("c2")),
        ("comet.sighted", r#"{"chat_id": ""}"#, None),
        ("comet.sighted", r#"{"id": "c1"}"#, None),
        ("comet.sighted", r#"{"message": {"chat_id": "c1"}}"#, None),
        ("comet.sighted", "null", None),
        ("comet.sighted", "[]", None),
    ] {
        let body = format!(r#"{{"event_id": "e1", "event_type": "{event_type}", "data": {data}}}"#);
        let event = Event::parse_unverified(body).unwrap();
        assert_eq!(event.chat_id().as_ref().map(|id| id.as_str()), expected, "{data}");
    }
}
