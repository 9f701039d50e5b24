//! Holds what the sandbox writes against the API's description: `data/shapes.json` has the path of every documented
//! field of each body, and whether it is always there. A `*` stands for names that the API leaves to others.

use std::{collections::BTreeMap, time::Duration};

use http::Method;
use linq_sandbox::{Location, Sandbox};
use linq_types::{
    Service, error::ErrorCode, experiences::Experience, polls::PollContent, reactions::Reaction,
};
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
    let said = ada.says("Hi!").unwrap();
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
    api.sandbox.person(ADA).shares_location(&chat_id, place).unwrap();
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
    api.sandbox.person(ADA).replies(&id, "Hi!").unwrap();
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
    api.sandbox.person(ADA).reacts(&id, Reaction::LOVE).unwrap();
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
    ada.adds(&group, DORA).unwrap();
    ada.types(&group).unwrap();
    ada.stops_typing(&group).unwrap();
    let said = ada.sends_into(&group, "Hi!").unwrap();
    ada.edits(&said.message_id, "Hi").unwrap();
    ada.shares_location(&group, Location::new(1.0, 2.0)).unwrap();
    ada.stops_sharing_location(&group).unwrap();
    let asked = ada.asks(&group, PollContent::new(["Yes", "No"])).unwrap().message_id;
    ada.reacts(&asked, Reaction::LOVE).unwrap();
    ada.adds_options(&asked, ["Maybe"]).unwrap();
    let poll = api.get(&format!("/v3/messages/{asked}/poll")).await.body;
    let option_id = text(&poll["poll"]["options"][0]["option_id"]);
    ada.votes(&asked, option_id).unwrap();
    ada.takes_vote_back(&asked, option_id).unwrap();
    let poll = json!({ "poll": { "options": [{ "text": "Yes" }, { "text": "No" }] } });
    api.post(&path("/polls"), poll.clone()).await;
    api.advance_secs(1).await;
    let cleo = api.sandbox.person(CLEO).unreachable(ErrorCode::DELIVERY_FAILED);
    api.post(&path("/polls"), poll).await;
    api.advance_secs(1).await;
    cleo.leaves(&group).unwrap();

    let about_chats = ["chat.", "participant.", "location.", "poll.", "message.edited"];
    for event_type in shapes.0.keys().filter(|name| about_chats.iter().any(|about| name.starts_with(about))) {
        shapes.check(event_type, &stage.body(event_type).await);
    }
}

#[tokio::test]
async fn answers_about_the_account_have_the_documented_fields() {
    let (api, shapes) = (Api::start().await, Shapes::load());
    let line = "%2B12025550100";
    let checked = async |method: Method, template: &str, path: &str, body: Value| -> Value {
        let reply = api.send(api.request(method.clone(), path, body.to_string())).await;
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        shapes.check(&format!("{method} {template}"), &reply.body);
        reply.body
    };
    let (get, post, put, patch, delete) =
        (Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    let id_in = |body: &Value, field: &str| body[field].as_str().unwrap().to_owned();

    let file = json!({ "filename": "a.jpg", "content_type": "image/jpeg", "size_bytes": 7 });
    let file = checked(post.clone(), "/v3/attachments", "/v3/attachments", file).await;
    let path = format!("/v3/attachments/{}", id_in(&file, "attachment_id"));
    checked(get.clone(), "/v3/attachments/{attachmentId}", &path, json!({})).await;

    let card = json!({ "phone_number": LINE, "first_name": "A", "last_name": "B", "image_url": "https://a.example" });
    checked(post.clone(), "/v3/contact_card", "/v3/contact_card", card).await;
    checked(get.clone(), "/v3/contact_card", "/v3/contact_card", json!({})).await;
    let path = format!("/v3/contact_card?phone_number={line}");
    checked(patch, "/v3/contact_card", &path, json!({ "first_name": "C" })).await;

    for path in ["/v3/phonenumbers", "/v3/phone_numbers", "/v3/available_number", "/v3/webhook-events"] {
        checked(get.clone(), path, path, json!({})).await;
    }
    let id = id_in(&api.get("/v3/phone_numbers").await.body["phone_numbers"][0], "id");
    let forwarding = json!({ "forwarding_number": BEN });
    let path = format!("/v3/phone_numbers/{id}");
    checked(put.clone(), "/v3/phone_numbers/{phoneNumberId}", &path, forwarding).await;

    api.sandbox.line(LINE).flag().unwrap();
    api.sandbox.person(ADA).opts_out().unwrap();
    let path = format!("/v3/phone_numbers/{line}/reputation_audit");
    let audits = "/v3/phone_numbers/{phoneNumber}/reputation_audit";
    let audit = checked(post.clone(), audits, &path, json!({})).await;
    let path = format!("{path}/{}", id_in(&audit, "audit_id"));
    let template = format!("{audits}/{{auditId}}");
    checked(get.clone(), &template, &path, json!({})).await;
    api.sandbox.advance(Duration::from_secs(30)).await;
    assert!(checked(get.clone(), &template, &path, json!({})).await["report"].is_object());

    for (path, service) in [("check_imessage", Service::Rcs), ("check_rcs", Service::Rcs)] {
        api.sandbox.person(ADA).on(service);
        let path = format!("/v3/capability/{path}");
        checked(post.clone(), &path, &path, json!({ "address": ADA })).await;
        api.sandbox.advance(Duration::from_secs(10)).await;
    }
    let spam = json!({ "handle": "24365", "reason": "Spam" });
    checked(post.clone(), "/v3/blocked_handles", "/v3/blocked_handles", spam).await;
    checked(get.clone(), "/v3/blocked_handles", "/v3/blocked_handles", json!({})).await;

    let subscription = json!({ "target_url": "https://example.com", "subscribed_events": ["message.sent"] });
    let id = id_in(&api.post("/v3/webhook-subscriptions", subscription).await.body, "id");
    let (path, template) =
        (format!("/v3/webhook-subscriptions/{id}"), "/v3/webhook-subscriptions/{subscriptionId}");
    checked(get.clone(), template, &path, json!({})).await;
    checked(put, template, &path, json!({ "routing_key_header": "x-key" })).await;

    let provider = "/v3/payments/providers/{provider}";
    let back = json!({ "return_url": "https://example.com" });
    let path = "/v3/payments/providers/natural";
    checked(post.clone(), &format!("{provider}/connect"), &format!("{path}/connect"), back).await;
    checked(get.clone(), provider, path, json!({})).await;
    for rail in ["stripe", "natural"] {
        api.sandbox.connect_payment_provider(rail);
        let request = json!({
            "price_id": "price_1", "rail": rail, "trial_period_days": 3, "customer_id": "cus_1", "description": "d",
            "discount": { "coupon": "c" }, "metadata": { "order": "A-1" },
        });
        let requests = "/v3/payment_requests";
        let request = checked(post.clone(), requests, requests, request).await;
        let (path, template) =
            (format!("{requests}/{}", id_in(&request, "id")), "/v3/payment_requests/{paymentRequestId}");
        api.sandbox.person(BEN).pays(&id_in(&request, "id").into()).unwrap();
        checked(get.clone(), template, &path, json!({})).await;
        checked(get.clone(), requests, requests, json!({})).await;
        let request = json!({ "amount": 1, "currency": "usd", "rail": rail });
        let path = format!("{requests}/{}/cancel", id_in(&api.post(requests, request).await.body, "id"));
        checked(post.clone(), &format!("{template}/cancel"), &path, json!({})).await;
    }

    let payment = json!({
        "handle": ADA, "amount_cents": 1, "currency": "usd", "description": "d",
        "merchant": { "name": "n", "url": "u" }, "metadata": { "a": "b" },
    });
    let payment = checked(post.clone(), "/v3/payments", "/v3/payments", payment).await;
    let (person, template) = ("/v3/payments/handles/%2B12025550199", "/v3/payments/handles/{handle}");
    let begun =
        checked(post.clone(), &format!("{template}/connect"), &format!("{person}/connect"), json!({})).await;
    let code = api.sandbox.person(ADA).payment_code().unwrap();
    let proof = json!({ "connect_id": begun["connect_id"], "code": code });
    checked(post.clone(), &format!("{template}/verify"), &format!("{person}/verify"), proof).await;
    let connection = (format!("{template}/connection"), format!("{person}/connection"));
    checked(get.clone(), &connection.0, &connection.1, json!({})).await;
    let id = id_in(&payment, "id");
    let (path, template) = (format!("/v3/payments/{id}"), "/v3/payments/{paymentId}");
    checked(get.clone(), template, &path, json!({})).await;
    api.sandbox.person(ADA).approves(&id.into()).unwrap();
    checked(get, &format!("{template}/credentials"), &format!("{path}/credentials"), json!({})).await;
    checked(post, &format!("{template}/cancel"), &format!("{path}/cancel"), json!({})).await;
    checked(delete, &connection.0, &connection.1, json!({})).await;
}

#[tokio::test]
async fn webhooks_about_the_account_have_the_documented_fields() {
    let (api, shapes) = (Api::start().await, Shapes::load());
    let receiver = Receiver::start().await;
    let about_account = ["contact_card.", "payment.", "phone_number.", "webhook_subscription."];
    let is_about_account = |name: &&String| about_account.iter().any(|prefix| name.starts_with(prefix));
    let events: Vec<_> = shapes.0.keys().filter(is_about_account).collect();
    api.subscribe(&receiver, "", json!({ "subscribed_events": events })).await;

    let card = json!({ "phone_number": LINE, "first_name": "A", "last_name": "B", "image_url": "https://a.example" });
    api.post("/v3/contact_card", card).await;
    let card = json!({ "first_name": "C", "last_name": "D", "image_url": "https://b.example" });
    api.patch("/v3/contact_card?phone_number=%2B12025550100", card).await;
    api.sandbox.person(ADA).sends_contact_card("A", "B", Some("https://c.example")).unwrap();

    let id = api.get("/v3/phone_numbers").await.body["phone_numbers"][0]["id"].clone();
    let path = format!("/v3/phone_numbers/{}", id.as_str().unwrap());
    api.put(&path, json!({ "forwarding_number": BEN })).await;
    api.sandbox.line(LINE).flag().unwrap();

    api.sandbox.connect_payment_provider("stripe");
    for action in ["pay", "cancel", "wait"] {
        let request = json!({ "price_id": "price_1", "trial_period_days": 3, "customer_id": "cus_1",
            "discount": { "coupon": "c" }, "metadata": { "order": "A-1" }, "description": "d" });
        let id = api.post("/v3/payment_requests", request).await.body["id"].as_str().unwrap().to_owned();
        match action {
            "pay" => api.sandbox.person(ADA).pays(&id.into()).unwrap(),
            "cancel" => drop(api.post(&format!("/v3/payment_requests/{id}/cancel"), json!({})).await),
            _ => api.sandbox.advance(Duration::from_secs(24 * 60 * 60)).await,
        }
    }
    let subscription = json!({ "target_url": "https://example.com", "subscribed_events": ["message.sent"] });
    let id = api.post("/v3/webhook-subscriptions", subscription).await.body["id"].clone();
    let path = format!("/v3/webhook-subscriptions/{}", id.as_str().unwrap());
    for update in [
        json!({ "target_url": "https://b.example", "subscribed_events": ["message.read"], "is_active": false,
            "phone_numbers": [LINE], "routing_key_header": "x-key" }),
        json!({ "is_active": true, "routing_key_header": null }),
    ] {
        api.put(&path, update).await;
    }
    api.delete(&path).await;
    for event_type in events {
        shapes.check(event_type, &receiver.wait_for_event(event_type).await.body);
    }
}
