use linq_types::chats::ChatCreateResponse;
use serde_json::{Value, json};

use super::api::{ADA, Api, BEN, LINE, text_message};

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
async fn the_same_line_and_the_same_set_of_people_find_the_chat_again_still_with_201() {
    let api = Api::start().await;
    let first = api.create_chat(&[ADA, BEN], "Hello").await;
    let again = api.create_chat(&[BEN, ADA, BEN], "Hello again").await;
    let other = api.create_chat(&[ADA], "Hello alone").await;
    assert_eq!((again.status.as_u16(), other.status.as_u16()), (201, 201));
    assert_eq!(first.body["chat"]["id"], again.body["chat"]["id"]);
    assert_ne!(first.body["chat"]["message"]["id"], again.body["chat"]["message"]["id"]);
    assert_eq!(again.body["chat"]["is_group"], true);
    assert_ne!(first.body["chat"]["id"], other.body["chat"]["id"]);
}

#[tokio::test]
async fn the_first_message_of_a_chat_may_not_hold_a_link_an_effect_or_a_reply() {
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
async fn the_recipients_are_1_to_31_others() {
    let api = Api::start().await;
    let people: Vec<_> = (10..42).map(|n| format!("+120255501{n}")).collect();
    let people: Vec<_> = people.iter().map(String::as_str).collect();
    for to in [&[LINE][..], &[ADA, LINE], &[], &people] {
        assert_eq!(api.create_chat(to, "hi").await.refusal(), (400, 1005), "{to:?}");
    }
    assert_eq!(api.create_chat(&people[..31], "hi").await.status, 201);
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
