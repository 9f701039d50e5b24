use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use linq_sandbox::{Assumptions, Fault, FaultEffect, FaultTarget, LogEntry, Sandbox};
use serde_json::json;

use crate::it::{
    api::{ADA, Api, LINE, Reply, text_message},
    receiver::Receiver,
};

async fn with(faults: &[&str]) -> Api {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap());
    let builder = faults.fold(Sandbox::builder().manual_time(), |builder, fault| builder.fault(fault));
    Api::with(builder).await
}

async fn send(api: &Api) -> Option<Reply> {
    let mut message = text_message("Hello");
    message["idempotency_key"] = "once".into();
    let body = json!({ "from": LINE, "to": [ADA], "message": message });
    api.try_send(api.request(Method::POST, "/v3/chats", body.to_string())).await
}

fn elapsed_since(start: Instant) -> Duration {
    start.elapsed()
}

#[expect(clippy::disallowed_methods, reason = "what a client sees of these faults is real time")]
fn start() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn rule_54_after_a_lost_acknowledgement_the_same_key_finds_what_was_sent() {
    for effect in ["lost-ack", "truncated"] {
        let api = with(&[&format!("POST /v3/chats: {effect} x1")]).await;
        assert!(send(&api).await.is_none());
        assert_eq!(api.sandbox.sent().len(), 1);
        let again = send(&api).await.unwrap();
        assert_eq!(again.status, 201);
        assert_eq!(again.body["chat"]["message"]["id"], api.sandbox.sent()[0].id.as_str());
        assert_eq!(api.sandbox.sent().len(), 1);
    }
}

#[tokio::test]
async fn rule_54_a_cut_before_the_commit_leaves_nothing() {
    let api = with(&["chats.create: cut x1"]).await;
    assert!(send(&api).await.is_none());
    assert!(api.sandbox.sent().is_empty());
    assert_eq!(send(&api).await.unwrap().status, 201);
}

#[tokio::test]
async fn rule_54_a_stalled_or_late_answer_comes_in_the_end() {
    for effect in ["stall", "timeout"] {
        let api = with(&[&format!("POST /v3/chats: {effect} 150ms x1")]).await;
        let begin = start();
        let reply = send(&api).await.unwrap();
        assert_eq!(reply.status, 201);
        assert!(reply.body["chat"]["id"].is_string());
        assert!(elapsed_since(begin) >= Duration::from_millis(150));
    }
}

#[tokio::test]
async fn rule_54_a_stalled_answer_has_sent_its_head_and_half_its_body() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let api = with(&["GET /v3/phone_numbers: stall 60s"]).await;
    let mut stream = tokio::net::TcpStream::connect(api.sandbox.address()).await.unwrap();
    let key = api.sandbox.api_key();
    let request = format!(
        "GET /api/partner/v3/phone_numbers HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = String::new();
    while !received.contains("{\"phone_numbers\":[") {
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer).await.unwrap();
        received.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    assert!(received.starts_with("HTTP/1.1 200 OK"));
    let more = tokio::time::timeout(Duration::from_millis(100), stream.read_u8()).await;
    assert!(more.is_err() && !received.trim_end().ends_with('}'), "{received}");
}

#[tokio::test]
async fn rule_54_a_burst_of_429_500_503_and_html_ends_and_nothing_was_carried_out() {
    let api = with(&["POST /v3/chats: 429 7s x2, 500, 503, html"]).await;
    for (status, code) in [(429, 1007), (429, 1007), (500, 3006), (503, 4004)] {
        let reply = send(&api).await.unwrap();
        assert_eq!(reply.refusal(), (status, code));
        if status == 429 {
            assert_eq!(reply.headers["retry-after"], "7");
            assert_eq!(reply.body["error"]["retry_after"], 7);
        }
    }
    let html = send(&api).await.unwrap();
    assert_eq!(
        (html.status, &html.headers["content-type"]),
        (StatusCode::BAD_GATEWAY, &"text/html".parse().unwrap())
    );
    assert!(!html.trace_id().is_empty());
    assert!(api.sandbox.sent().is_empty());
    assert_eq!(send(&api).await.unwrap().status, 201);
    assert!(api.sandbox.faults().is_empty());
}

#[tokio::test]
async fn rule_54_faults_hit_their_route_alone_and_are_cleared() {
    let api = Api::still().await;
    api.sandbox.inject_fault("GET /v3/chats/{id}/messages: 503".parse().unwrap()).unwrap();
    assert_eq!(send(&api).await.unwrap().status, 201);
    assert_eq!(api.get("/v3/chats/none/messages").await.refusal(), (503, 4004));
    assert_eq!(api.get("/v3/chats/a%2Fb/messages").await.refusal(), (503, 4004));
    api.sandbox.clear_faults();
    assert_eq!(api.get("/v3/chats/none/messages").await.refusal(), (404, 2001));
    let every = Fault::new(FaultTarget::calls(), FaultEffect::Unavailable).unwrap();
    api.sandbox.inject_fault(every).unwrap();
    assert_eq!(api.get("/v3/nowhere").await.refusal(), (503, 4004));
    assert_eq!(api.control(Method::GET, "/time", json!(null)).await.status, 200);
}

#[tokio::test]
async fn rule_54_the_log_tells_what_went_wrong_on_purpose() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = seen.clone();
    let builder = Sandbox::builder()
        .fault("*: lost-ack x1".parse().unwrap())
        .on_log(move |entry| log.lock().unwrap().push(entry.clone()));
    let api = Api::with(builder).await;
    assert!(send(&api).await.is_none());
    let LogEntry::Request(request) = seen.lock().unwrap()[0].clone() else { panic!("{seen:?}") };
    assert_eq!((request.status.as_u16(), request.fault), (201, Some(FaultEffect::LostAck)));
}

#[tokio::test]
async fn rule_54_webhooks_come_late_or_twice() {
    let api = with(&["webhook message.received: delay 90s x1", "webhook chat.created: duplicate"]).await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({})).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    let types = |receiver: &Receiver| -> Vec<_> {
        receiver.received().iter().map(|one| one.event_type().to_owned()).collect()
    };
    api.advance_secs(89).await;
    assert_eq!(types(&receiver), ["chat.created", "chat.created"]);
    api.advance_secs(1).await;
    assert_eq!(types(&receiver), ["chat.created", "chat.created", "message.received"]);
    let received = receiver.received();
    assert_eq!(received[0].header("webhook-id"), received[1].header("webhook-id"));
}

#[tokio::test]
async fn rule_51_webhooks_come_out_of_order_and_twice_by_choice_and_the_seed_decides_how() {
    let order = async || {
        let api = with(&["webhook: duplicate 0.3", "webhook: reorder 60s"]).await;
        let receiver = Receiver::start().await;
        api.subscribe(&receiver, "", json!({})).await;
        for number in 0..20 {
            api.sandbox.person(ADA).says(number.to_string()).unwrap();
        }
        api.advance_secs(60).await;
        let received = receiver.received();
        let texts = received.iter().filter_map(|one| one.body["data"]["parts"][0]["value"].as_str());
        texts.map(|text| text.parse::<u32>().unwrap()).collect::<Vec<_>>()
    };
    let seen = order().await;
    assert!(!seen.is_sorted(), "{seen:?}");
    assert!(seen.len() > 20, "{seen:?}");
    assert!((0..20).all(|number| seen.contains(&number)), "{seen:?}");
    assert_eq!(order().await, seen);
}

#[tokio::test]
async fn rule_54_a_webhook_comes_before_the_answer() {
    let api = with(&["POST /v3/chats/{id}/messages: early-webhook"]).await;
    let (chat_id, _) = api.chat_with_ada().await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({})).await;
    let sent = api.send_message(&chat_id, text_message("Hello")).await;
    let received = receiver.received();
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0].event_type(), "message.sent");
    assert_eq!(received[0].body["data"]["id"], sent.body["message"]["id"]);
    assert_eq!(sent.body["message"]["delivery_status"], "pending");
    api.advance_secs(60).await;
    let types: Vec<_> = receiver.received()[1..].iter().map(|one| one.event_type().to_owned()).collect();
    let mine: Vec<_> = types.iter().filter(|name| *name == "message.delivered").collect();
    assert_eq!(mine.len(), 2, "one for each message: {types:?}");
}

#[tokio::test]
async fn rule_55_a_new_chat_is_409_with_2009_for_as_long_as_the_rules_say() {
    let settling = Assumptions::default().chat_ready_delay(Duration::from_secs(3));
    let api = Api::with(Sandbox::builder().manual_time().assumptions(settling)).await;
    let (chat_id, _) = api.chat_with_ada().await;
    assert_eq!(api.send_message(&chat_id, text_message("hi")).await.refusal(), (409, 2009));
    assert_eq!(api.get(&format!("/v3/chats/{chat_id}/messages")).await.refusal(), (409, 2009));
    api.advance_secs(3).await;
    assert_eq!(api.send_message(&chat_id, text_message("hi")).await.status, 202);
}
