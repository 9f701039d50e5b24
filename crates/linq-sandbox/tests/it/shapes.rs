//! Holds what the sandbox writes against the API's description: `data/shapes.json` has the path of every documented
//! field of each body, and whether it is always there. A `*` stands for names that the API leaves to others.

use std::collections::BTreeMap;

use linq_sandbox::{Location, Sandbox};
use linq_types::{Service, error::ErrorCode, experiences::Experience, polls::NewPoll, reactions::Reaction};
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, BEN, LINE, text_message},
    receiver::Receiver,
    stage::{CLEO, DORA, Stage, message_id, text},
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
                let any = format!("{inside}*");
                let path = if shape.contains_key(&any) { any } else { format!("{inside}{field}") };
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

fn experience() -> Experience {
    let experience = json!({
        "experience": "tickets", "display_name": "Tickets",
        "actions": [{ "name": "offer", "summary": "Offers", "fields": { "price": { "type": "cents", "max": 9 } } }],
    });
    serde_json::from_value(experience).unwrap()
}

#[tokio::test]
async fn answers_about_chats_have_the_documented_fields() {
    let stage = Stage::with(Sandbox::builder().experience(experience())).await;
    let (api, shapes) = (&stage.api, Shapes::load());
    let group = stage.group().await;
    let path = |rest: &str| format!("/v3/chats/{group}{rest}");
    let named = json!({ "display_name": "Crew", "group_chat_icon": "https://example.com/a.png" });
    shapes.check("PUT /v3/chats/{chatId}", &api.put(&path(""), named).await.body);
    api.advance_secs(1).await;
    let dora = json!({ "handle": DORA });
    let added = api.post(&path("/participants"), dora.clone()).await;
    shapes.check("POST /v3/chats/{chatId}/participants", &added.body);
    let removed = api.delete_with(&path("/participants"), dora.clone()).await;
    shapes.check("DELETE /v3/chats/{chatId}/participants", &removed.body);
    shapes.check("GET /v3/chats/{chatId}", &api.get(&path("")).await.body);
    shapes.check("GET /v3/chats", &api.get("/v3/chats").await.body);
    let memo = json!({ "voice_memo_url": "https://example.com/a.m4a" });
    shapes.check("POST /v3/chats/{chatId}/voicememo", &api.post(&path("/voicememo"), memo).await.body);
    shapes.check("POST /v3/chats/{chatId}/leave", &api.post(&path("/leave"), json!({})).await.body);

    let (chat_id, _) = stage.chat(&[ADA]).await;
    let place = Location::new(1.0, 2.0).altitude(3.0).address("Main Street 1").locality("Oakland");
    api.sandbox.person(ADA).shares_location(&chat_id, place).await.unwrap();
    let path = format!("/v3/chats/{chat_id}/location");
    let asked = api.post(&format!("{path}/request"), json!({})).await;
    shapes.check("POST /v3/chats/{chatId}/location/request", &asked.body);
    shapes.check("GET /v3/chats/{chatId}/location", &api.get(&path).await.body);
    let stopped = api.delete_with(&path, json!({ "handle": ADA })).await;
    shapes.check("DELETE /v3/chats/{chatId}/location", &stopped.body);
    shapes.check("GET /v3/experiences", &api.get("/v3/experiences").await.body);
    shapes.check("GET /v3/experiences/{experience}", &api.get("/v3/experiences/tickets").await.body);
}

#[tokio::test]
async fn answers_about_messages_have_the_documented_fields() {
    let (stage, shapes) = (Stage::start().await, Shapes::load());
    let api = &stage.api;
    let created = api.post("/v3/messages", json!({ "to": [ADA, BEN], "message": rich_message() })).await;
    shapes.check("POST /v3/messages", &created.body);
    let id = message_id(&created);
    api.advance_secs(1).await;
    let path = |rest: &str| format!("/v3/messages/{id}{rest}");
    let sticker = json!({ "operation": "add", "type": "sticker", "url": "https://example.com/cat.png" });
    api.post(&path("/reactions"), sticker).await;
    let reaction = stage.message(&id).await["parts"][0]["reactions"][0]["id"].clone();
    let placement = json!({ "placement": { "x": 0.5, "y": 0.5 } });
    let moved = api.patch(&path(&format!("/reactions/{}", text(&reaction))), placement).await;
    shapes.check("PATCH /v3/messages/{messageId}/reactions/{reactionId}", &moved.body);
    shapes.check("PATCH /v3/messages/{messageId}", &api.patch(&path(""), json!({ "text": "x" })).await.body);
    api.sandbox.person(ADA).replies(&id, "Hi!").await.unwrap();
    shapes.check("GET /v3/messages/{messageId}/thread", &api.get(&path("/thread")).await.body);

    let chat_id = text(&created.body["chat_id"]).into();
    let card = json!({ "parts": [{
        "type": "imessage_app", "layout": { "caption": "Pay now" },
        "app": { "bundle_id": "com.example", "name": "Example", "team_id": "A1B2C3D4E5" },
    }] });
    let card = message_id(&api.send_message(&chat_id, card).await);
    api.advance_secs(1).await;
    let paid = json!({ "layout": { "caption": "Paid" } });
    let paid = api.post(&format!("/v3/messages/{card}/update"), paid).await;
    shapes.check("POST /v3/messages/{messageId}/update", &paid.body);

    let poll = json!({ "poll": { "options": [{ "text": "Yes" }, { "text": "No" }] } });
    let poll = api.post(&format!("/v3/chats/{chat_id}/polls"), poll).await;
    shapes.check("POST /v3/chats/{chatId}/polls", &poll.body);
    let id = text(&poll.body["message_id"]).into();
    api.advance_secs(1).await;
    api.sandbox.person(ADA).reacts(&id, Reaction::Love).await.unwrap();
    let path = format!("/v3/messages/{id}/poll");
    let option_id = &poll.body["poll"]["options"][0]["option_id"];
    let voted = json!({ "operation": "add", "option_id": option_id });
    let voted = api.post(&format!("{path}/votes"), voted).await;
    shapes.check("POST /v3/messages/{messageId}/poll/votes", &voted.body);
    let added = api.post(&format!("{path}/options"), json!({ "options": [{ "text": "Maybe" }] })).await;
    shapes.check("POST /v3/messages/{messageId}/poll/options", &added.body);
    shapes.check("GET /v3/messages/{messageId}/poll", &api.get(&path).await.body);
}

#[tokio::test]
async fn webhooks_about_chats_have_the_documented_fields() {
    let (stage, shapes) = (Stage::start().await, Shapes::load());
    let api = &stage.api;
    let group = stage.group().await;
    let path = |rest: &str| format!("/v3/chats/{group}{rest}");
    let named = json!({ "display_name": "Crew", "group_chat_icon": "https://example.com/a.png" });
    let mango = json!({ "type": "color", "variant": "mango" });
    api.put(&path(""), named.clone()).await;
    api.post(&path("/background"), mango.clone()).await;
    api.advance_secs(1).await;
    for change in [json!({ "display_name": "x" }), json!({ "group_chat_icon": "https://example.com" }), mango]
    {
        api.sandbox.fail_next_update(&group, ErrorCode::DELIVERY_FAILED).unwrap();
        match change.get("type") {
            Some(_) => api.post(&path("/background"), change).await,
            None => api.put(&path(""), change).await,
        };
        api.advance_secs(1).await;
    }
    let ada = api.sandbox.person(ADA);
    ada.adds(&group, DORA).await.unwrap();
    ada.types(&group).await.unwrap();
    ada.stops_typing(&group).await.unwrap();
    let said = ada.sends_into(&group, "Hi!").await.unwrap();
    ada.edits(&said.message_id, "Hi").await.unwrap();
    ada.shares_location(&group, Location::new(1.0, 2.0)).await.unwrap();
    ada.stops_sharing_location(&group).await.unwrap();
    let asked = ada.asks(&group, NewPoll::new(["Yes", "No"])).await.unwrap().message_id;
    ada.reacts(&asked, Reaction::Love).await.unwrap();
    ada.adds_options(&asked, ["Maybe"]).await.unwrap();
    let poll = api.get(&format!("/v3/messages/{asked}/poll")).await.body;
    let option_id = text(&poll["poll"]["options"][0]["option_id"]);
    ada.votes(&asked, option_id).await.unwrap();
    ada.takes_vote_back(&asked, option_id).await.unwrap();
    let poll = json!({ "poll": { "options": [{ "text": "Yes" }, { "text": "No" }] } });
    api.post(&path("/polls"), poll.clone()).await;
    api.advance_secs(1).await;
    let cleo = api.sandbox.person(CLEO).unreachable(ErrorCode::DELIVERY_FAILED);
    api.post(&path("/polls"), poll).await;
    api.advance_secs(1).await;
    cleo.leaves(&group).await.unwrap();

    let about_chats = ["chat.", "participant.", "location.", "poll.", "message.edited"];
    for event_type in shapes.0.keys().filter(|name| about_chats.iter().any(|about| name.starts_with(about))) {
        shapes.check(event_type, &stage.body(event_type).await);
    }
}
