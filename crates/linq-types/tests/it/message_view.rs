use linq_types::{
    events::{Direction, Event, EventData, MessageReceived, v2025_01_01},
    messages::Message,
};
use serde_json::{Value, json};

use super::data::{folder, json};

const LINE: &str = "+12025550143";

fn event(json: &Value) -> Event {
    Event::parse_unverified(json.to_string()).unwrap()
}

fn received(format: &str) -> Event {
    event(&json("events/pairs/message.received.json")[format])
}

#[test]
fn the_view_of_a_message_is_equal_in_both_formats() {
    let pairs = folder("events/pairs");
    assert_eq!(pairs.len(), 4);
    for (file, pair) in pairs {
        let pair: Value = serde_json::from_str(&pair).unwrap();
        let (older, newer) = (event(&pair["2025-01-01"]), event(&pair["2026-02-03"]));
        assert!(matches!(older.data, EventData::V2025_01_01(_)), "{file}");
        assert!(!matches!(newer.data, EventData::V2025_01_01(_)), "{file}");
        assert_eq!(older.event_type, newer.event_type);
        assert_eq!(older.message(), newer.message(), "{file}");
        assert_eq!(older.is_from_me(), newer.is_from_me(), "{file}");
        assert_eq!(older.is_from_me(), file != "message.received.json", "{file}");
    }
}

#[test]
fn the_view_has_the_values_of_the_payload() {
    let event = received("2026-02-03");
    insta::assert_debug_snapshot!(event.message().unwrap());
}

#[test]
fn the_payload_of_each_format_has_the_methods_of_the_view() {
    let (older, newer) = (received("2025-01-01"), received("2026-02-03"));
    let EventData::V2025_01_01(v2025_01_01::EventData::MessageReceived(older)) = older.data else { panic!() };
    let EventData::MessageReceived(newer) = newer.data else { panic!() };
    assert_eq!(older.view(), newer.view());
    for (text, sender, line) in
        [(older.text(), older.sender(), older.line()), (newer.text(), newer.sender(), newer.line())]
    {
        assert_eq!(text, "@Line hello\nMeet at 6? 🎉 Bring photos");
        assert_eq!(sender.unwrap(), "+14155550127");
        assert_eq!(line.unwrap(), LINE);
    }
    for [is_from_me, on_line, on_other_line, mentions_me, is_history] in [
        [
            older.is_from_me(),
            older.is_on_line(LINE),
            older.is_on_line("+12025550100"),
            older.mentions_me(),
            older.is_history(),
        ],
        [
            newer.is_from_me(),
            newer.is_on_line(LINE),
            newer.is_on_line("+12025550100"),
            newer.mentions_me(),
            newer.is_history(),
        ],
    ] {
        assert_eq!(
            (is_from_me, on_line, on_other_line, mentions_me, is_history),
            (false, true, false, true, false)
        );
    }
}

fn message(changes: &Value) -> MessageReceived {
    let mut data = json!({ "id": "m1", "chat": { "id": "c1" }, "direction": "inbound", "parts": [] });
    data.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    linq_types::json::from_slice(data.to_string().as_bytes()).unwrap()
}

#[test]
fn the_direction_of_a_message_without_one_comes_from_its_sender() {
    for (sender, direction) in [
        (json!({ "handle": LINE, "is_me": true }), Some(Direction::Outbound)),
        (json!({ "handle": LINE, "is_me": false }), Some(Direction::Inbound)),
        (json!({ "handle": LINE }), None),
        (json!(LINE), None),
    ] {
        let message = message(&json!({ "direction": null, "sender_handle": sender }));
        assert_eq!(message.view().direction, direction.as_ref(), "{sender}");
        assert_eq!(message.is_from_me(), direction == Some(Direction::Outbound), "{sender}");
        assert_eq!(message.sender().unwrap(), LINE);
    }
}

#[test]
fn a_message_that_was_recovered_late_is_history() {
    assert!(!message(&json!({ "reconciled_at": null })).is_history());
    assert!(message(&json!({ "reconciled_at": "2026-02-05T19:53:01Z" })).is_history());
}

#[test]
fn mentions_me_is_true_only_for_mentions_of_the_line() {
    let mention = |is_me| json!({ "handle": LINE, "is_me": is_me, "range": [0, 4] });
    for (part, mentions_me) in [
        (json!({ "type": "text", "value": "Line" }), false),
        (json!({ "type": "text", "value": "Line", "mentions": [] , "mention": LINE }), true),
        (json!({ "type": "text", "value": "Line", "mentions": [mention(false)] }), false),
        (json!({ "type": "text", "value": "Line", "mentions": [mention(false), mention(true)] }), true),
        (json!({ "type": "text", "value": "Line", "mention": "+12025550199" }), false),
        (json!({ "type": "text", "value": "Line", "mention": LINE }), true),
        (json!({ "type": "link", "value": "https://example.com" }), false),
    ] {
        let owner =
            json!({ "id": "h", "handle": LINE, "service": "SMS", "joined_at": "2026-02-05T19:53:01Z" });
        let chat = json!({ "id": "c1", "owner_handle": owner });
        let message = message(&json!({ "chat": chat, "parts": [part] }));
        assert_eq!(message.mentions_me(), mentions_me, "{part}");
    }
}

#[test]
fn mentions_me_is_false_without_a_line() {
    assert!(!message(&json!({ "parts": [{ "type": "text", "value": "hi" }] })).mentions_me());
    assert!(!message(&json!({})).is_on_line(""));
}

#[test]
fn the_direction_of_a_sparse_older_message_comes_from_its_sender() {
    let view = |data: Value| {
        let message: v2025_01_01::MessageSent = serde_json::from_value(data).unwrap();
        (message.is_from_me(), message.line().map(ToString::to_string))
    };
    let sender =
        |is_me| json!({ "id": "h", "handle": LINE, "service": "SMS", "joined_at": 0, "is_me": is_me });
    assert_eq!(view(json!({})), (false, None));
    assert_eq!(view(json!({ "from": LINE, "is_from_me": true })), (true, Some(LINE.to_owned())));
    assert_eq!(view(json!({ "from_handle": sender(true) })), (true, Some(LINE.to_owned())));
    assert_eq!(view(json!({ "from_handle": sender(false) })), (false, None));
    assert_eq!(
        view(json!({ "from_handle": sender(false), "recipient_phone": "+1" })),
        (false, Some("+1".to_owned()))
    );
}

#[test]
fn older_media_can_name_its_type_content_type() {
    let media = |types: Value| {
        let mut part = json!({ "type": "media", "id": "a", "filename": "f", "size_bytes": 1, "url": "u" });
        part.as_object_mut().unwrap().extend(types.as_object().unwrap().clone());
        let data = json!({ "message": { "parts": [part] } });
        let message: v2025_01_01::MessageReceived = serde_json::from_value(data).unwrap();
        serde_json::to_value(message.view().parts).unwrap()[0]["mime_type"].clone()
    };
    assert_eq!(media(json!({ "mime_type": "a/b" })), "a/b");
    assert_eq!(media(json!({ "content_type": "a/b" })), "a/b");
    assert_eq!(media(json!({ "mime_type": "a/b", "content_type": "c/d" })), "a/b");
    assert_eq!(media(json!({})), Value::Null);
}

#[test]
fn is_from_me_reads_reactions_and_messages_of_v2() {
    for (event_type, data, is_from_me) in [
        ("reaction.sent", json!({ "is_from_me": true }), true),
        ("reaction.received", json!({ "is_from_me": false }), false),
        ("reaction.received", json!({}), false),
        ("message.sent", json!({}), true),
        ("message.received", json!({}), false),
        ("contact.deleted", json!({}), false),
    ] {
        let body = json!({ "api_version": "v2", "event_type": event_type, "event_id": "e1", "data": data });
        let event = event(&body);
        assert_eq!(event.is_from_me(), is_from_me, "{body}");
        assert_eq!(event.message(), None);
    }
}

#[test]
fn is_from_me_reads_the_actor_or_the_direction() {
    let chat = || json!({ "id": "c1" });
    for is_me in [true, false] {
        let who = || json!({ "id": "h", "handle": LINE, "service": "SMS", "joined_at": 0, "is_me": is_me });
        let direction = if is_me { "outbound" } else { "inbound" };
        for (event_type, data) in [
            ("chat.typing_indicator.started", json!({ "chat_id": "c1", "actor_handle": who() })),
            ("chat.typing_indicator.stopped", json!({ "chat_id": "c1", "actor_handle": who() })),
            ("chat.background_updated", json!({ "chat": chat(), "actor_handle": who() })),
            (
                "chat.group_name_updated",
                json!({ "chat_id": "c1", "updated_at": 0, "changed_by_handle": who() }),
            ),
            (
                "chat.group_icon_updated",
                json!({ "chat_id": "c1", "updated_at": 0, "changed_by_handle": who() }),
            ),
            (
                "poll.failed",
                json!({
                    "message_id": "m1", "chat": chat(), "direction": direction, "service": "iMessage",
                    "poll": { "options": [], "total_voters": 0 }, "failed_at": 0,
                    "error": { "code": 4001, "message": "" },
                }),
            ),
        ] {
            let body = json!({ "event_type": event_type, "event_id": "e1", "data": data });
            assert_eq!(event(&body).is_from_me(), is_me, "{body}");
        }
    }
    let nobody = json!({ "event_type": "chat.typing_indicator.started", "event_id": "e1", "data": { "chat_id": "c1" } });
    assert!(!event(&nobody).is_from_me());
}

#[test]
fn the_files_of_a_message_are_those_of_its_media_parts() {
    let parts = json!([
        { "type": "media", "id": "a1", "url": "https://cdn.example.com/a1" },
        { "type": "text", "value": "Look" },
        { "type": "media", "id": "a2", "url": "https://cdn.example.com/a2" },
        { "type": "hologram", "url": "https://cdn.example.com/a3" },
    ]);
    let data = json!({ "id": "m1", "chat": { "id": "c1" }, "direction": "inbound", "parts": parts });
    let event = event(&json!({
        "api_version": "v3", "webhook_version": "2026-02-03", "event_type": "message.received", "event_id": "e1",
        "data": data,
    }));
    let view = event.message().unwrap();
    let EventData::MessageReceived(received) = &event.data else { panic!("{event:?}") };
    let message: Message =
        serde_json::from_value(json!({ "id": "m1", "chat_id": "c1", "parts": parts })).unwrap();
    let files: [Vec<_>; 3] = [view.media().collect(), received.media().collect(), message.media().collect()];
    for files in files {
        let ids: Vec<_> = files.iter().map(|file| file.id.as_ref().unwrap().as_str()).collect();
        assert_eq!(ids, ["a1", "a2"]);
    }
}
