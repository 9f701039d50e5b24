//! Holds what the sandbox writes against the API's description: `data/shapes.json` has the path of every documented
//! field of each body, and whether it is always there.

use std::collections::BTreeMap;

use linq_types::Service;
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, BEN, LINE, text_message},
    receiver::Receiver,
};

type Shape = BTreeMap<String, bool>;

struct Shapes(BTreeMap<String, Shape>);

impl Shapes {
    fn load() -> Self {
        Self(serde_json::from_str(include_str!("../data/shapes.json")).unwrap())
    }

    fn check(&self, name: &str, body: &Value) {
        let mut faults = Vec::new();
        compare(&self.0[name], "", body, &mut faults);
        assert!(faults.is_empty(), "{name}: {faults:?} in {body:#}");
    }
}

fn compare(shape: &Shape, path: &str, value: &Value, faults: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let inside = if path.is_empty() { String::new() } else { format!("{path}.") };
            for (documented, required) in shape {
                let field = documented.strip_prefix(&inside).filter(|field| !field.contains(['.', '[']));
                if let Some(field) = field
                    && *required
                    && !fields.contains_key(field)
                {
                    faults.push(format!("{documented} is missing"));
                }
            }
            for (field, value) in fields {
                let path = format!("{inside}{field}");
                if !shape.contains_key(&path) {
                    faults.push(format!("{path} is not documented"));
                }
                compare(shape, &path, value, faults);
            }
        }
        Value::Array(items) => {
            for item in items {
                let kind = item.get("type").filter(|_| path.ends_with("parts")).and_then(Value::as_str);
                let kind = kind.map(|kind| format!("({kind})")).unwrap_or_default();
                compare(shape, &format!("{path}[]{kind}"), item, faults);
            }
        }
        _ => {}
    }
}

fn rich_message() -> Value {
    json!({
        "parts": [
            {
                "type": "text",
                "value": "Meet at 6? 🎉",
                "text_decorations": [{ "range": [0, 4], "style": "bold" }],
                "inline_stickers": [{ "range": [11, 13], "url": "https://example.com/s.png" }],
            },
            { "type": "media", "url": "https://example.com/a.jpg" },
        ],
        "effect": { "type": "screen", "name": "confetti" },
        "preferred_service": "iMessage",
        "idempotency_key": "rich",
    })
}

#[tokio::test]
async fn answers_have_the_documented_fields() {
    let (api, shapes) = (Api::start().await, Shapes::load());
    shapes.check("POST /v3/chats", &api.create_chat(&[ADA, BEN], "Hello").await.body);
    let (chat_id, message_id) = api.chat_with_ada().await;
    api.wait_for_status(&message_id, "read").await;
    let reactions = format!("/v3/messages/{message_id}/reactions");
    for reaction in [
        json!({ "operation": "add", "type": "custom", "custom_emoji": "🔥" }),
        json!({ "operation": "add", "type": "sticker", "url": "https://example.com/cat.png" }),
    ] {
        shapes.check("POST /v3/messages/{messageId}/reactions", &api.post(&reactions, reaction).await.body);
    }
    let mut reply = rich_message();
    reply["reply_to"] = json!({ "message_id": message_id });
    let link = json!({ "parts": [{ "type": "link", "value": "https://example.com" }] });
    let card = json!({ "parts": [{
        "type": "imessage_app",
        "app": { "bundle_id": "com.example", "name": "Example", "team_id": "A1B2C3D4E5" },
        "layout": { "caption": "Pay now" },
    }] });
    let clip = json!({ "parts": [{ "type": "app_clip", "value": "https://example.com/clip" }] });
    for message in [reply, link, card, clip] {
        shapes.check("POST /v3/chats/{chatId}/messages", &api.send_message(&chat_id, message).await.body);
    }
    let page = api.get(&format!("/v3/chats/{chat_id}/messages?limit=2")).await;
    shapes.check("GET /v3/chats/{chatId}/messages", &page.body);
    shapes.check("GET /v3/messages/{messageId}", &api.get(&format!("/v3/messages/{message_id}")).await.body);
    shapes.check("GET /v3/phone_numbers", &api.get("/v3/phone_numbers").await.body);
    let subscription = json!({
        "target_url": "https://example.com", "subscribed_events": ["message.sent"], "phone_numbers": [LINE],
        "routing_key_header": "x-key", "routing_id_header": "x-id",
    });
    let created = api.post("/v3/webhook-subscriptions", subscription).await;
    shapes.check("POST /v3/webhook-subscriptions", &created.body);
    shapes.check("GET /v3/webhook-subscriptions", &api.get("/v3/webhook-subscriptions").await.body);
}

#[tokio::test]
async fn webhooks_have_the_documented_fields_in_both_formats() {
    let (api, shapes) = (Api::start().await, Shapes::load());
    let (newer, older) = (Receiver::start().await, Receiver::start().await);
    api.subscribe(&newer, "", json!({})).await;
    let messages = ["message.sent", "message.received", "message.delivered", "message.read"];
    api.subscribe(&older, "?version=2025-01-01", json!({ "subscribed_events": messages })).await;

    let ada = api.sandbox.person(ADA);
    let said = ada.says("Hi!").await.unwrap();
    let sent = api.send_message(&said.chat_id, rich_message()).await;
    api.wait_for_status(&sent.body["message"]["id"].as_str().unwrap().into(), "read").await;
    for operation in ["add", "remove"] {
        let reaction = json!({ "operation": operation, "type": "love" });
        api.post(&format!("/v3/messages/{}/reactions", said.message_id), reaction).await;
    }
    ada.on(Service::Sms);
    let mut strict = text_message("Hello");
    strict["preferred_service"] = "iMessage".into();
    api.send_message(&said.chat_id, strict).await;

    for event_type in
        messages.into_iter().chain(["message.failed", "reaction.added", "reaction.removed", "chat.created"])
    {
        shapes.check(event_type, &newer.wait_for_event(event_type).await.body);
    }
    for event_type in messages {
        let body = older.wait_for_event(event_type).await.body;
        assert_eq!(body["webhook_version"], "2025-01-01");
        shapes.check(&format!("{event_type} 2025-01-01"), &body);
    }
}
