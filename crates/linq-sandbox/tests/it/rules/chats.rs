use linq_sandbox::{Assumptions, Sandbox};
use linq_types::{
    chats::{Chat, ChatCreateResponse, ChatListResponse},
    error::ErrorCode,
};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, Api, BEN, LINE, text_message},
    stage::{CLEO, DORA, Stage, text},
};

const OTHER_LINE: &str = "+12025550101";

#[tokio::test]
async fn rule_5_the_line_and_the_set_of_people_are_a_chats_key_and_reuse_is_201_by_default() {
    for (rules, status) in
        [(Assumptions::default(), 201), (Assumptions::default().reuse_returns_201(false), 200)]
    {
        let builder = Sandbox::builder().phone_number(LINE).phone_number(OTHER_LINE).assumptions(rules);
        let api = Api::with(builder).await;
        let first = api.create_chat(&[ADA, BEN], "Hello").await;
        let again = api.create_chat(&[BEN, ADA, BEN], "Hello again").await;
        assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, status));
        assert_eq!(first.body["chat"]["id"], again.body["chat"]["id"]);
        assert_eq!(again.body["chat"]["message"]["parts"][0]["value"], "Hello again");
        assert_ne!(first.body["chat"]["message"]["id"], again.body["chat"]["message"]["id"]);
        assert_eq!(again.body["chat"]["is_group"], true);
        let alone = api.create_chat(&[ADA], "Hello alone").await;
        assert_eq!(alone.status, 201);
        assert_ne!(first.body["chat"]["id"], alone.body["chat"]["id"]);
        let other = json!({ "from": OTHER_LINE, "to": [ADA, BEN], "message": text_message("Hello") });
        let other = api.post("/v3/chats", other).await;
        assert_ne!(first.body["chat"]["id"], other.body["chat"]["id"]);
    }
}

#[tokio::test]
async fn rule_6_a_named_group_changed_participants_and_a_chat_left_are_never_found_again() {
    let stage = Stage::start().await;
    let people = [ADA, BEN, CLEO];
    let (named, _) = stage.chat(&people).await;
    stage.api.put(&format!("/v3/chats/{named}"), json!({ "display_name": "Crew" })).await;
    stage.api.advance_secs(1).await;
    let (changed, _) = stage.chat(&people).await;
    assert_ne!(named, changed);
    let joining = format!("/v3/chats/{changed}/participants");
    assert_eq!(stage.api.post(&joining, json!({ "handle": DORA })).await.status, 202);
    let (left, _) = stage.chat(&people).await;
    assert_ne!(changed, left);
    assert_ne!(stage.chat(&[ADA, BEN, CLEO, DORA]).await.0, changed);
    assert_eq!(stage.api.post(&format!("/v3/chats/{left}/leave"), json!({})).await.status, 202);
    let (last, _) = stage.chat(&people).await;
    assert_ne!(left, last);
    assert_eq!(stage.chat(&people).await.0, last);
}

#[tokio::test]
async fn rule_7_a_first_message_has_no_link_no_effect_and_no_reply() {
    let api = Api::with(
        Sandbox::builder().assumptions(Assumptions::default().first_message_code(ErrorCode::INVALID_CONTENT)),
    )
    .await;
    let open = |message: Value| json!({ "from": LINE, "to": [ADA], "message": message });
    let mut effect = text_message("hi");
    effect["effect"] = json!({ "type": "screen", "name": "confetti" });
    let mut reply = text_message("hi");
    reply["reply_to"] = json!({ "message_id": "m" });
    for (message, code) in [(text_message("see https://example.com"), 1005), (effect, 1004), (reply, 1004)] {
        assert_eq!(api.post("/v3/chats", open(message)).await.refusal(), (400, code));
    }
}

#[tokio::test]
async fn rule_10_a_new_chat_is_announced_once_and_yours_not_by_choice() {
    for (rules, announced) in
        [(Assumptions::default(), 1), (Assumptions::default().announce_opened_chats(false), 0)]
    {
        let stage = Stage::with(Sandbox::builder().assumptions(rules)).await;
        stage.chat(&[ADA]).await;
        stage.chat(&[ADA]).await;
        assert_eq!(stage.count("chat.created").await, announced);
        let said = stage.api.sandbox.person(BEN).says("Hi!").unwrap();
        assert_eq!(stage.event("chat.created").await["id"], said.chat_id.as_str());
        assert_eq!(stage.count("chat.created").await, announced + 1);
    }
}

#[tokio::test]
async fn rule_11_chats_are_listed_by_line_and_person_in_pages_of_20_with_an_offset_as_cursor() {
    let builder = Sandbox::builder().phone_number(LINE).phone_number(OTHER_LINE);
    let stage = Stage::with(builder).await;
    let people: Vec<_> = (10..31).map(|number| format!("+120255502{number}")).collect();
    for person in &people {
        stage.chat(&[person.as_str(), ADA]).await;
    }
    let other = json!({ "from": OTHER_LINE, "to": [ADA], "message": text_message("Hello") });
    let other = stage.api.post("/v3/chats", other).await;

    let page = stage.api.get("/v3/chats").await;
    assert_eq!(page.body["next_cursor"], "20");
    let page: ChatListResponse = serde_json::from_value(page.body).unwrap();
    let chats = page.chats;
    assert_eq!(chats.len(), 20);
    assert_eq!(chats[0].id.as_str(), text(&other.body["chat"]["id"]), "the newest first");
    let rest = stage.api.get("/v3/chats?cursor=20").await.body;
    assert_eq!((rest["chats"].as_array().unwrap().len(), &rest["next_cursor"]), (2, &Value::Null));

    for (query, count) in [
        ("limit=100", 22),
        ("limit=100&from=%2B12025550100", 21),
        ("limit=100&from=%2B12025550101", 1),
        ("limit=100&to=%2B12025550199", 22),
        ("limit=100&to=%2B12025550210", 1),
        ("limit=100&from=%2B12025550101&to=%2B12025550199", 1),
        ("limit=100&from=%2B12025550101&to=%2B12025550210", 0),
        ("limit=3", 3),
        ("cursor=22", 0),
        ("cursor=99999999999", 0),
    ] {
        let page = stage.api.get(&format!("/v3/chats?{query}")).await;
        assert_eq!(page.body["chats"].as_array().unwrap().len(), count, "{query}");
    }
    for (query, code) in
        [("limit=101", 1005), ("limit=0", 1005), ("cursor=x", 1005), ("to=nobody", 1002), ("from=12", 1002)]
    {
        assert_eq!(stage.api.get(&format!("/v3/chats?{query}")).await.refusal(), (400, code), "{query}");
    }
    assert_eq!(stage.api.get("/v3/chats?from=%2B12025550111").await.refusal(), (403, 2006));
}

#[tokio::test]
async fn rule_12_a_chat_has_your_line_among_its_handles_and_is_healthy_at_first() {
    let stage = Stage::start().await;
    let (chat_id, _) = stage.chat(&[ADA, BEN]).await;
    let reply = stage.api.get(&format!("/v3/chats/{chat_id}")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["display_name"], format!("{ADA}, {BEN}"));
    assert_eq!(reply.body["health_status"]["status"], "HEALTHY");
    let chat: Chat = serde_json::from_value(reply.body).unwrap();
    let mine: Vec<_> = chat.handles.iter().filter(|one| one.is_me == Some(true)).collect();
    assert_eq!((mine.len(), mine[0].handle.as_str(), chat.handles.len()), (1, LINE, 3));
    assert_eq!(stage.api.get("/v3/chats/none").await.refusal(), (404, 2001));
}

#[tokio::test]
async fn rule_3_wrong_types_are_400_with_the_name_of_the_field() {
    let stage = Stage::start().await;
    let (chat_id, message_id) = stage.chat(&[ADA, BEN]).await;
    let chat = format!("/v3/chats/{chat_id}");
    for (method, path, body, field) in [
        ("POST", "/v3/chats".into(), json!({ "from": 1, "to": [ADA], "message": {} }), "from"),
        ("POST", "/v3/messages".into(), json!({ "to": "x", "message": {} }), "to"),
        ("PUT", chat.clone(), json!({ "display_name": 1 }), "display_name"),
        ("POST", format!("{chat}/messages"), json!({ "message": { "parts": {} } }), "message.parts"),
        ("POST", format!("{chat}/participants"), json!({ "handle": [] }), "handle"),
        ("POST", format!("{chat}/polls"), json!({ "poll": { "options": [1] } }), "poll.options[0]"),
        ("POST", format!("{chat}/background"), json!({ "type": "color", "shades": 1 }), "shades"),
        ("POST", format!("{chat}/voicememo"), json!({ "voice_memo_url": 1 }), "voice_memo_url"),
        (
            "POST",
            format!("/v3/messages/{message_id}/reactions"),
            json!({ "operation": "add", "type": "love", "part_index": "0" }),
            "part_index",
        ),
    ] {
        let reply = match method {
            "PUT" => stage.api.put(&path, body).await,
            _ => stage.api.post(&path, body).await,
        };
        assert_eq!(reply.refusal(), (400, 1003), "{path}: {reply:?}");
        assert!(reply.error_message().contains(&format!("`{field}`")), "{path}: {reply:?}");
    }
}

#[tokio::test]
async fn rule_7_the_first_message_of_a_chat_may_not_hold_a_link_an_effect_or_a_reply() {
    let api = Api::start().await;
    let messages = [
        json!({ "parts": [{ "type": "link", "value": "https://example.com" }] }),
        text_message("look: https://example.com"),
        text_message("look:\nHTTP://EXAMPLE.COM"),
        text_message("www.example.com"),
        json!({ "parts": [{ "type": "text", "value": "hi" }], "effect": { "type": "screen", "name": "confetti" } }),
        json!({ "parts": [{ "type": "text", "value": "hi" }], "reply_to": { "message_id": "x" } }),
    ];
    for message in &messages {
        let reply = api.post("/v3/chats", json!({ "from": LINE, "to": [ADA], "message": message })).await;
        assert_eq!(reply.refusal(), (400, 1005), "{message}");
    }
    let (chat_id, message_id) = api.chat_with_ada().await;
    for message in &messages[..5] {
        assert_eq!(api.send_message(&chat_id, message.clone()).await.status, 202, "{message}");
    }
    let reply =
        json!({ "parts": [{ "type": "text", "value": "hi" }], "reply_to": { "message_id": message_id } });
    let reused = api.post("/v3/chats", json!({ "from": LINE, "to": [ADA], "message": reply })).await;
    assert_eq!(reused.status, 201);
}

#[tokio::test]
async fn rule_8_the_recipients_are_1_to_31_others() {
    let api = Api::start().await;
    let people: Vec<_> = (10..42).map(|n| format!("+120255501{n}")).collect();
    let people: Vec<_> = people.iter().map(String::as_str).collect();
    for to in [&[LINE][..], &[ADA, LINE], &[], &people] {
        assert_eq!(api.create_chat(to, "hi").await.refusal(), (400, 1005), "{to:?}");
    }
    assert_eq!(api.create_chat(&people[..31], "hi").await.status, 201);
}

#[tokio::test]
async fn a_new_chat_is_201_with_its_handles_and_its_message() {
    let api = Api::frozen().await;
    let created = api.create_chat(&[ADA], "Hello").await;
    assert_eq!(created.status, 201);
    let chat = &created.body["chat"];
    assert_eq!(chat["is_group"], false);
    assert_eq!(chat["service"], "iMessage");
    assert_eq!(chat["display_name"], Value::Null);
    assert_eq!(chat["health_status"]["status"], "HEALTHY");
    let handles: Vec<_> =
        chat["handles"].as_array().unwrap().iter().map(|one| (&one["handle"], &one["is_me"])).collect();
    assert_eq!(handles, [(&json!(LINE), &json!(true)), (&json!(ADA), &json!(false))]);
    assert_eq!(chat["message"]["delivery_status"], "pending");
    assert_eq!(chat["message"]["sent_at"], Value::Null);
    assert_eq!(chat["message"]["parts"][0]["value"], "Hello");
    serde_json::from_value::<ChatCreateResponse>(created.body).unwrap();
}

#[tokio::test]
async fn a_refused_chat_is_not_there() {
    let api = Api::start().await;
    let refused = json!({
        "from": LINE, "to": [ADA],
        "message": { "parts": [{ "type": "media", "attachment_id": "none" }] },
    });
    assert_eq!(api.post("/v3/chats", refused).await.refusal(), (404, 2003));
    let effect = json!({ "parts": [{ "type": "text", "value": "hi" }], "effect": { "name": "love" } });
    let still_new = api.post("/v3/chats", json!({ "from": LINE, "to": [ADA], "message": effect })).await;
    assert_eq!(still_new.refusal(), (400, 1005));
}
