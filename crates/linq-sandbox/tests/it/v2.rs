//! The routes and the webhooks of V2.

use std::time::Duration;

use http::{Method, StatusCode};
use linq_sandbox::{Fault, FaultEffect, FaultTarget, Sandbox};
use linq_types::{
    MessageId, Timestamp,
    events::{Event, EventData, v2},
    reactions::{Reaction, ReactionType},
};
use linq_webhooks::{Scheme, Schemes, Verifier};
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, BEN, LINE, Reply},
    receiver::Receiver,
    stage::{CLEO, DORA},
};

const SECRET: &str = "my-v2-secret-of-32-characters-xx";

async fn call(api: &Api, method: Method, path: &str, body: Option<Value>) -> Reply {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let mut request = api.request(method, path, body);
    let headers = request.headers_mut();
    headers.remove("authorization");
    headers.insert("x-linq-integration-token", api.sandbox.api_key().parse().unwrap());
    api.send(request).await
}

async fn create(api: &Api, to: &[&str], message: Value) -> Reply {
    let body = json!({ "send_from": LINE, "chat": { "phone_numbers": to }, "message": message });
    call(api, Method::POST, "/v2/chats", Some(body)).await
}

fn subscription(url: &str, events: &[v2::EventType]) -> Value {
    let events: Vec<_> = events.iter().map(v2::EventType::as_str).collect();
    json!({ "webhook_subscription": { "webhook_url": url, "version": 2, "events": events, "secret": SECRET } })
}

async fn subscribe(api: &Api, url: &str, events: &[v2::EventType]) -> Reply {
    call(api, Method::POST, "/v2/webhook_subscriptions", Some(subscription(url, events))).await
}

/// A sandbox whose time stands still, a V2 subscription to everything, and its receiver.
async fn stage() -> (Api, Receiver) {
    let api = Api::still().await;
    let receiver = Receiver::start().await;
    let subscribed = subscribe(&api, &receiver.url(), v2::EventType::KNOWN).await;
    assert_eq!(subscribed.status, StatusCode::CREATED, "{subscribed:?}");
    (api, receiver)
}

/// Everything delivered so far: its signature is that of V2 and nothing else, its body is canonical, and its payload has a type.
async fn events(api: &Api, receiver: &Receiver) -> Vec<v2::EventData> {
    api.advance_secs(0).await;
    let verifier = Verifier::for_schemes(Schemes::V2, SECRET).unwrap();
    let now = Timestamp::from_unix(0, 0).unwrap();
    let typed = receiver.unverified().into_iter().map(|one| {
        let verified = verifier.verify_at(&one.headers, one.raw.clone(), now).unwrap();
        assert_eq!(verified.scheme(), Scheme::V2);
        assert!(!one.headers.contains_key("webhook-signature"), "{one:?}");
        assert_eq!(one.raw, sorted(&one.body).to_string(), "not canonical");
        let event = Event::parse_unverified(one.raw.to_vec()).unwrap();
        assert_eq!(one.body["api_version"], "v2");
        let EventData::V2(data) = event.data else { panic!("{one:?}") };
        data
    });
    typed.collect()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            fields.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_chat_of_v2_is_one_of_v3_and_is_found_again() {
    let api = Api::start().await;
    let created = create(&api, &["2025550199"], json!({ "text": "Hello" })).await;
    assert_eq!(created.status, 200, "{created:?}");
    let chat = &created.body["data"];
    assert_eq!(chat["chat_messages"]["text"], "Hello");
    assert_eq!(chat["chat_handles"][0]["phone_number"], ADA);
    let chats = api.get("/v3/chats").await.body;
    assert_eq!(chats["chats"].as_array().unwrap().len(), 1);

    let path = format!("/v2/chats/{}/chat_messages", chat["id"]);
    let files = json!({ "message": { "text": "Look", "attachment_urls": ["https://example.com/cat.jpg"] } });
    let sent = call(&api, Method::POST, &path, Some(files)).await;
    assert_eq!((sent.status.as_u16(), &sent.body["data"]["text"]), (201, &json!("Look")));
    assert_eq!(sent.body["data"]["attachments"][0]["mime_type"], "image/jpeg");
    assert_eq!(create(&api, &[ADA], json!({ "text": "Again" })).await.body["data"]["id"], chat["id"]);
    let id = chats["chats"][0]["id"].as_str().unwrap();
    let messages = api.get(&format!("/v3/chats/{id}/messages")).await.body;
    assert_eq!(messages["messages"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_key_sends_once_and_a_repeated_send_gets_200_with_the_message() {
    let api = Api::start().await;
    let chat = create(&api, &[ADA], json!({ "text": "Hello", "idempotency_key": "k-0" })).await;
    let again = create(&api, &[ADA], json!({ "text": "Hello", "idempotency_key": "k-0" })).await;
    assert_eq!(again.body["data"]["chat_messages"]["id"], chat.body["data"]["chat_messages"]["id"]);
    let path = format!("/v2/chats/{}/chat_messages", chat.body["data"]["id"]);
    let message = json!({ "message": { "text": "Once", "idempotency_key": "k_1" } });
    let first = call(&api, Method::POST, &path, Some(message.clone())).await;
    let second = call(&api, Method::POST, &path, Some(message)).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 200));
    assert_eq!(first.body["data"]["id"], second.body["data"]["id"]);
    assert_eq!(api.sandbox.person(ADA).hears().await.text(), "Hello");
    assert_eq!(api.sandbox.person(ADA).hears().await.text(), "Once");
    let bad = json!({ "message": { "text": "Never", "idempotency_key": "k 1" } });
    let refused = call(&api, Method::POST, &path, Some(bad)).await;
    assert_eq!(refused.status, 400, "{refused:?}");
}

#[tokio::test]
async fn lines_and_the_availability_check() {
    let api = Api::still().await;
    let lines = call(&api, Method::GET, "/v2/phone_numbers", None).await;
    assert_eq!(lines.body["phone_numbers"][0]["phone_number"], LINE);
    assert!(lines.body["phone_numbers"][0]["id"].is_u64());
    let check = json!({ "phone_number": "2025550199" });
    let path = "/v2/i_message_availability/check";
    let checked = call(&api, Method::POST, path, Some(check.clone())).await;
    assert_eq!(checked.body, json!({ "available": true, "phone_number": ADA }));
    let refused = call(&api, Method::POST, path, Some(check)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(refused.body["errors"][0]["code"], "too_many_requests");
}

#[tokio::test]
async fn subscriptions_of_v2_are_created_listed_replaced_and_deleted_apart_from_those_of_v3() {
    let api = Api::start().await;
    let base = "/v2/webhook_subscriptions";
    let url = "https://example.com/hook";
    let created = subscribe(&api, url, &[v2::EventType::MessageSent]).await;
    let one = &created.body["webhook_subscription"];
    assert_eq!(
        (&one["secret_configured"], &one["version"], &one["active"]),
        (&json!(true), &json!(2), &json!(true))
    );
    assert!(!created.body.to_string().contains(SECRET));
    assert_eq!(
        subscribe(&api, url, &[v2::EventType::MessageSent]).await.status,
        201,
        "several can have one URL"
    );
    assert_eq!(api.get("/v3/webhook-subscriptions").await.body["subscriptions"], json!([]));

    let path = format!("{base}/{}", one["id"]);
    let replacement = json!({ "webhook_subscription": {
        "webhook_url": "https://example.com/other", "version": 2, "events": ["message.read"], "active": false,
    } });
    let replaced = call(&api, Method::PUT, &path, Some(replacement)).await.body;
    let replaced = &replaced["webhook_subscription"];
    assert_eq!(
        (&replaced["webhook_url"], &replaced["events"], &replaced["active"], &replaced["secret_configured"]),
        (&json!("https://example.com/other"), &json!(["message.read"]), &json!(false), &json!(true))
    );
    assert_eq!(call(&api, Method::DELETE, &path, None).await.status, 204);
    assert_eq!(call(&api, Method::DELETE, &path, None).await.status, 404);
    let left = call(&api, Method::GET, base, None).await.body;
    assert_eq!(left["webhook_subscriptions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn refusals_have_the_form_of_their_endpoint() {
    let api = Api::start().await;
    let url = "https://example.com/hook";
    let flat = json!({ "webhook_url": url, "version": 2, "events": ["message.sent"] });
    let with = |field: &str, value: Value| {
        let mut body = subscription(url, &[v2::EventType::MessageSent]);
        body["webhook_subscription"][field] = value;
        body
    };
    for body in [
        flat,
        with("version", json!(3)),
        with("events", json!([])),
        with("events", json!(["chat.created"])),
        with("webhook_url", json!("http://example.com")),
        with("secret", json!("")),
    ] {
        let refused = call(&api, Method::POST, "/v2/webhook_subscriptions", Some(body.clone())).await;
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(
            (&refused.body["status"], &refused.body["error_code"]),
            (&json!("400"), &json!("bad_request"))
        );
        assert!(refused.body["errors"][0].is_string(), "{refused:?}");
    }
    for (to, message) in [
        (vec![], json!({ "text": "Hi" })),
        (vec!["202-555"], json!({ "text": "Hi" })),
        (vec![ADA], json!({})),
    ] {
        let refused = create(&api, &to, message).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["errors"][0]["status"]),
            (400, &json!(400)),
            "{to:?}"
        );
    }
    let path = "/v2/chats/1/chat_messages";
    let missing = call(&api, Method::POST, path, Some(json!({ "message": { "text": "Hi" } }))).await;
    assert_eq!((missing.status.as_u16(), &missing.body["errors"][0]["title"]), (404, &json!("Not Found")));
    let unknown = call(&api, Method::GET, "/v2/chats", None).await;
    assert_eq!((unknown.status.as_u16(), &unknown.body["errors"][0]["code"]), (404, &json!("not_found")));
}

#[tokio::test]
async fn v2_takes_the_integration_token_only_and_v3_takes_none() {
    let api = Api::start().await;
    assert_eq!(api.get("/v2/phone_numbers").await.status, 401);
    assert_eq!(call(&api, Method::GET, "/v3/phone_numbers", None).await.status, 401);
    let mut request = api.request(Method::GET, "/v2/phone_numbers", "");
    request.headers_mut().insert("x-linq-integration-token", "wrong".parse().unwrap());
    let refused = api.send(request).await;
    assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["code"]), (401, &json!("unauthorized")));
    call(&api, Method::GET, "/v2/phone_numbers", None).await;
    let log = format!("{:?}", api.sandbox.requests());
    assert!(log.contains("x-linq-integration-token") && !log.contains(api.sandbox.api_key()), "{log}");
}

#[tokio::test]
async fn faults_of_all_calls_strike_v2_too() {
    let fault = Fault::script(FaultTarget::calls(), [Some(FaultEffect::ServerError)]).unwrap();
    let api = Api::with(Sandbox::builder().fault(fault)).await;
    assert_eq!(call(&api, Method::GET, "/v2/phone_numbers", None).await.status, 500);
    assert_eq!(call(&api, Method::GET, "/v2/phone_numbers", None).await.status, 200);
}

#[tokio::test]
async fn a_message_is_sent_and_read() {
    let (api, receiver) = stage().await;
    let created = create(&api, &[ADA], json!({ "text": "Hello" })).await.body;
    api.advance_secs(60).await;
    let events = events(&api, &receiver).await;
    let [v2::EventData::MessageSent(sent), v2::EventData::MessageRead(read)] = &events[..] else {
        panic!("{events:?}")
    };
    let id = created["data"]["chat_messages"]["id"].to_string();
    assert_eq!(
        (sent.id.as_ref().unwrap().as_str(), read.id.as_ref().unwrap().as_str()),
        (id.as_str(), id.as_str())
    );
    assert_eq!(sent.chat_id.as_ref().unwrap().as_str(), created["data"]["id"].to_string());
    assert_eq!((sent.text.as_deref(), sent.from_phone.as_ref().unwrap().as_str()), (Some("Hello"), LINE));
    let people: Vec<_> =
        sent.chat_handles.iter().map(|one| (one.identifier.clone().unwrap(), one.is_me)).collect();
    assert_eq!(people, [(LINE.into(), Some(true)), (ADA.into(), Some(false))]);
    assert!(sent.sent_at.unwrap().to_string().ends_with(" +0000"), "{:?}", sent.sent_at);
    assert!(read.read_at.is_some());
}

#[tokio::test]
async fn people_write_react_and_type() {
    let (api, receiver) = stage().await;
    let said = api.sandbox.person(ADA).says("Hi").unwrap();
    api.sandbox.person(ADA).types(&said.chat_id).unwrap();
    api.sandbox.person(ADA).stops_typing(&said.chat_id).unwrap();
    let path = format!("/v3/messages/{}/reactions", said.message_id);
    api.post(&path, json!({ "operation": "add", "type": "love" })).await;
    api.post(&path, json!({ "operation": "add", "type": "custom", "custom_emoji": "🔥" })).await;
    let sent =
        api.send_message(&said.chat_id, json!({ "parts": [{ "type": "text", "value": "Hello" }] })).await;
    let id = MessageId::from(sent.body["message"]["id"].as_str().unwrap());
    api.advance_secs(60).await;
    api.sandbox.person(ADA).reacts(&id, Reaction::LAUGH).unwrap();
    let events = events(&api, &receiver).await;
    let [
        v2::EventData::MessageReceived(received),
        v2::EventData::TypingIndicatorReceived(typing),
        v2::EventData::TypingIndicatorRemoved(stopped),
        v2::EventData::ReactionSent(loved),
        v2::EventData::MessageSent(_),
        v2::EventData::MessageRead(_),
        v2::EventData::ReactionReceived(laughed),
    ] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((received.text.as_deref(), received.from_phone.as_ref().unwrap().as_str()), (Some("Hi"), ADA));
    assert_eq!((typing.display, stopped.display), (Some(true), Some(false)));
    assert_eq!((&loved.reaction, loved.is_from_me), (&Some(ReactionType::Love), Some(true)));
    assert_eq!(loved.chat_message_id, received.id);
    assert_eq!((&laughed.reaction, laughed.is_from_me), (&Some(ReactionType::Laugh), Some(false)));
    assert_eq!(laughed.chat_handle.as_ref().unwrap().identifier.as_ref().unwrap(), ADA);
    assert_eq!(laughed.associated_message.as_ref().unwrap().text.as_deref(), Some("Hello"));
}

#[tokio::test]
async fn people_join_and_leave_groups() {
    let (api, receiver) = stage().await;
    let group =
        api.create_chat(&[ADA, BEN, CLEO], "Hello").await.body["chat"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v3/chats/{group}/participants");
    api.post(&path, json!({ "handle": DORA })).await;
    api.delete_with(&path, json!({ "handle": DORA })).await;
    let events = events(&api, &receiver).await;
    let added = events.iter().find_map(|event| match event {
        v2::EventData::ParticipantAdded(added) => Some(added),
        _ => None,
    });
    assert!(added.unwrap().fields["chat_handle"].as_str().contains(DORA));
    assert!(events.iter().any(|event| matches!(event, v2::EventData::ParticipantRemoved(_))));
}

#[tokio::test]
async fn deliveries_are_counted_retried_and_unsigned_without_a_secret() {
    let api = Api::with(Sandbox::builder().webhook_retry_factor(0.01)).await;
    let receiver = Receiver::answering([Some(500)]).await;
    let mut body = subscription(&receiver.url(), &[v2::EventType::MessageReceived]);
    body["webhook_subscription"].as_object_mut().unwrap().remove("secret");
    call(&api, Method::POST, "/v2/webhook_subscriptions", Some(body)).await;
    api.sandbox.person(ADA).says("Hi").unwrap();
    for _ in 0..500 {
        if api.sandbox.deliveries().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let received = receiver.unverified();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].raw, received[1].raw);
    assert!(!received[0].headers.contains_key("x-webhook-signature"));
    let list = call(&api, Method::GET, "/v2/webhook_subscriptions", None).await.body;
    let one = &list["webhook_subscriptions"][0];
    assert_eq!((&one["delivery_attempts"], &one["secret_configured"]), (&json!(2), &json!(false)));
    assert!(one["last_delivered_at"].is_string());
}
