//! What a test checks at its end.

use http::Method;
use linq_sandbox::Sandbox;
use serde_json::json;

use super::{
    api::{ADA, Api, LINE, text_message},
    panics::panic_of,
    receiver::Receiver,
};

async fn errors(sandbox: &Sandbox) -> String {
    panic_of(async { sandbox.expect_no_errors() }).await
}

#[tokio::test]
async fn scripts_that_were_not_followed_to_their_end_are_left() {
    let api = Api::still().await;
    for fault in
        ["chats.create: 503, ok", "GET /v3/phone_numbers: 503 x2", "webhook: duplicate 0.5", "*: cut 0"]
    {
        api.sandbox.inject_fault(fault.parse().unwrap()).unwrap();
    }
    let left = || api.sandbox.faults_left().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(left(), ["POST /v3/chats: 503, ok", "GET /v3/phone_numbers: 503, 503"]);
    api.create_chat(&[ADA], "hi").await;
    assert_eq!(left(), ["POST /v3/chats: ok x1", "GET /v3/phone_numbers: 503, 503"]);
    api.create_chat(&[ADA], "hi").await;
    for _ in 0..2 {
        api.get("/v3/phone_numbers").await;
    }
    assert!(api.sandbox.faults_left().is_empty());
    assert_eq!(api.sandbox.faults().len(), 2);
}

#[tokio::test]
async fn faults_and_webhooks_that_arrive_late_are_no_errors() {
    let api = Api::still().await;
    let receiver = Receiver::answering([Some(500), Some(503)]).await;
    api.subscribe(&receiver, "", json!({})).await;
    for fault in ["chats.create: 503, 429, 500, html", "webhook: duplicate"] {
        api.sandbox.inject_fault(fault.parse().unwrap()).unwrap();
    }
    let hi = json!({ "from": LINE, "to": [ADA], "message": text_message("hi") }).to_string();
    for _ in 0..5 {
        api.exchange(api.request(Method::POST, "/v3/chats", hi.clone())).await;
    }
    assert_eq!(api.sandbox.sent().len(), 1);
    api.advance_secs(3_600).await;
    api.sandbox.expect_no_errors();
}

#[tokio::test]
async fn rejected_requests_and_failed_webhooks_are_errors_also_beside_a_fault() {
    let api = Api::still().await;
    let receiver = Receiver::answering([Some(400)]).await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.inject_fault("chats.create: early-webhook".parse().unwrap()).unwrap();
    api.create_chat(&["nobody"], "hi").await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    for number in 0..11 {
        api.get(&format!("/v3/messages/{number}")).await;
    }
    let text = errors(&api.sandbox).await;
    assert!(text.starts_with("12 requests failed, and 1 webhooks were given up\n"), "{text}");
    assert!(text.contains("  requests that failed:\n    2 older ones\n    GET /"), "{text}");
    assert!(text.contains("/v3/messages/10: 404, code 2002\n  webhooks that"), "{text}");
    assert!(text.contains(&format!(" to {}: 400 (1 attempt)\n", receiver.url())), "{text}");
    api.sandbox.reset();
    api.sandbox.expect_no_errors();
}
