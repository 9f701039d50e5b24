use std::{fs, path::Path};

use linq_types::events::Event;
use serde_json::Value;

#[test]
fn the_ids_of_every_sample_are_found() {
    let (mut chats, mut messages, mut keys) = (0, 0, 0);
    for folder in ["v3-0.1.0", "v3-0.65.0", "v3-2025-01-01", "v2", "v2-derived"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/events").join(folder);
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.ends_with("python-dispatch.json") {
                continue;
            }
            let body = fs::read_to_string(&path).unwrap();
            let json: Value = serde_json::from_str(&body).unwrap();
            let (data, event_type) = (&json["data"], json["event_type"].as_str().unwrap_or_default());
            let event = Event::parse_unverified(body).unwrap();

            let own = data["id"].as_str().filter(|_| event_type == "chat.created");
            let chat = data["chat_id"].as_str().or(data["chat"]["id"].as_str()).or(own);
            assert_eq!(event.chat_id().as_ref().map(|id| id.as_str()), chat, "{}", path.display());

            let own = data["id"].as_str().filter(|_| event_type.starts_with("message."));
            let message = data["message_id"].as_str().or(data["message"]["id"].as_str()).or(own);
            assert_eq!(event.message_id().as_ref().map(|id| id.as_str()), message, "{}", path.display());

            let key = data["idempotency_key"].as_str().filter(|key| !key.is_empty());
            assert_eq!(event.idempotency_key().as_ref().map(|key| key.as_str()), key, "{}", path.display());

            chats += usize::from(chat.is_some());
            messages += usize::from(message.is_some());
            keys += usize::from(key.is_some());
        }
    }
    assert!(chats >= 100 && messages >= 40 && keys >= 10, "{chats} chats, {messages} messages, {keys} keys");
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
