use linq_types::events::{Event, FromEvent, InboundMessage, MessageView};
use serde_json::{Value, json};

use super::data;

fn event(json: &Value) -> Event {
    Event::parse_unverified(json.to_string()).unwrap()
}

#[test]
fn it_matches_received_messages_of_both_formats_and_has_what_their_view_has() {
    let pair = data::json("events/pairs/message.received.json");
    for format in ["2025-01-01", "2026-02-03"] {
        let event = event(&pair[format]);
        assert!(InboundMessage::matches(&event) && InboundMessage::INTEREST.includes(&event), "{format}");
        let message = InboundMessage::from_event(event.clone()).unwrap();
        let mut expected = event.message().unwrap();
        // An inbound message has neither.
        (expected.preferred_service, expected.idempotency_key) = (None, None);
        assert_eq!(message.view(), expected, "{format}");
        let whole = <Event<InboundMessage>>::from_event(event.clone()).unwrap();
        assert_eq!((&whole.event_id, whole.raw()), (&event.event_id, event.raw()), "{format}");
        assert_eq!(whole.data, message, "{format}");
    }
}

#[test]
fn it_matches_neither_other_events_nor_those_of_v2_nor_a_message_without_ids() {
    for (tags, data) in [
        (json!({ "event_type": "message.sent" }), json!({ "id": "m1", "chat": { "id": "c1" }, "parts": [] })),
        (
            json!({ "event_type": "message.received", "api_version": "v2" }),
            json!({ "id": "m1", "chat_id": "c1" }),
        ),
        (older(), json!({ "message": { "id": "m1" } })),
        (older(), json!({ "chat_id": "c1" })),
    ] {
        let mut body = tags;
        body["data"] = data;
        let event = event(&body);
        assert!(!InboundMessage::matches(&event), "{body}");
        assert_eq!(InboundMessage::from_event(event.clone()), None, "{body}");
        assert_eq!(<Event<InboundMessage>>::from_event(event), None, "{body}");
    }
}

fn older() -> Value {
    json!({ "event_type": "message.received", "webhook_version": "2025-01-01" })
}

#[test]
fn a_message_opts_out_only_if_it_is_one_of_the_documented_keywords_alone_in_a_direct_chat() {
    let message = |parts: Value, is_group: bool, direction: &str| {
        let chat = json!({ "id": "c1", "is_group": is_group });
        let data = json!({ "id": "m1", "chat": chat, "direction": direction, "parts": parts });
        let body = json!({ "event_type": "message.received", "data": data });
        InboundMessage::from_event(event(&body)).unwrap()
    };
    let text = |text: &str| json!({ "type": "text", "value": text });
    for keyword in
        ["STOP", "UNSUBSCRIBE", "OPTOUT", "CANCEL", "END", "QUIT", "opt out", "Opt-Out", "optOut", "OPT OUT"]
    {
        assert!(message(json!([text(keyword)]), false, "inbound").is_opt_out(), "{keyword}");
        assert!(!message(json!([text(keyword)]), true, "inbound").is_opt_out(), "{keyword} in a group");
        assert!(!message(json!([text(keyword)]), false, "outbound").is_opt_out(), "{keyword} of a line");
    }
    for other in ["stop", "STOP it", " STOP", "", "START", "opt  out"] {
        assert!(!message(json!([text(other)]), false, "inbound").is_opt_out(), "{other}");
    }
    assert!(!message(json!([text("STOP"), text("STOP")]), false, "inbound").is_opt_out());
    assert!(!message(json!([]), false, "inbound").is_opt_out());
}

#[test]
fn the_media_are_the_files_of_the_message() {
    let parts = json!([
        { "type": "text", "value": "Look" },
        { "type": "media", "id": "a1", "url": "https://example.com/a1" },
        { "type": "media", "id": "a2", "url": "https://example.com/a2" },
    ]);
    let data = json!({ "id": "m1", "chat": { "id": "c1" }, "parts": parts });
    let event = event(&json!({ "event_type": "message.received", "data": data }));
    let MessageView { parts, .. } = event.message().unwrap();
    let ids: Vec<_> =
        event.message().unwrap().media().map(|media| media.id.as_ref().unwrap().as_str()).collect();
    assert_eq!((parts.len(), ids), (3, vec!["a1", "a2"]));
}
