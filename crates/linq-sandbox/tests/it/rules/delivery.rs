use std::time::Duration;

use linq_sandbox::{Assumptions, DeliveryOutcome, Sandbox};
use linq_types::Timestamp;
use linq_webhooks::Verifier;
use serde_json::json;

use crate::it::{
    api::{ADA, Api, BEN, LINE, text_message},
    receiver::Receiver,
};

async fn subscribed(receiver: &Receiver) -> Api {
    let api = Api::still().await;
    api.subscribe(receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api
}

async fn text_from_ada(api: &Api) {
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
}

fn seconds_between(earlier: &Timestamp, later: &Timestamp) -> f64 {
    let seconds = (later.unix_seconds() - earlier.unix_seconds()) as f64;
    seconds + (f64::from(later.subsec_nanoseconds()) - f64::from(earlier.subsec_nanoseconds())) / 1e9
}

#[tokio::test]
async fn rule_49_a_delivery_has_both_signatures_a_fresh_timestamp_and_the_id_of_its_event() {
    let receiver = Receiver::answering([Some(500), Some(500)]).await;
    let api = subscribed(&receiver).await;
    text_from_ada(&api).await;
    api.advance_secs(60).await;
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    let verifier = Verifier::new(receiver.secret()).unwrap();
    let deliveries = api.sandbox.deliveries();
    for (one, delivery) in received.iter().zip(&deliveries) {
        assert_eq!(one.header("webhook-id"), one.body["event_id"]);
        assert_eq!(one.raw, received[0].raw);
        let signed_at = delivery.time;
        assert_eq!(one.header("webhook-timestamp"), signed_at.unix_seconds().to_string());
        assert_eq!(one.header("webhook-timestamp"), one.header("x-webhook-timestamp"));
        let mut headers = one.headers.clone();
        let standard = verifier.verify_at(&headers, one.raw.clone(), signed_at).unwrap();
        headers.remove("webhook-signature");
        headers.remove("webhook-id");
        headers.remove("webhook-timestamp");
        let legacy = verifier.verify_at(&headers, one.raw.clone(), signed_at).unwrap();
        assert_eq!(
            (standard.scheme().to_string(), legacy.scheme().to_string()),
            ("standard".into(), "legacy".into())
        );
    }
    assert_ne!(received[0].header("webhook-signature"), received[1].header("webhook-signature"));
}

#[tokio::test]
async fn rule_49_the_timestamp_of_the_first_attempt_stays_by_choice() {
    let receiver = Receiver::answering([Some(500)]).await;
    let api = Api::with(
        Sandbox::builder().manual_time().assumptions(Assumptions::default().fresh_timestamps(false)),
    )
    .await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    text_from_ada(&api).await;
    api.advance_secs(60).await;
    let received = receiver.received();
    assert_eq!(received[0].header("webhook-timestamp"), received[1].header("webhook-timestamp"));
    assert_eq!(received[0].header("webhook-signature"), received[1].header("webhook-signature"));
}

#[tokio::test]
async fn rule_50_waits_double_from_two_seconds_to_ten_minutes_within_half_an_hour_give_or_take_a_fifth() {
    let receiver = Receiver::answering(vec![Some(500); 100]).await;
    let api = subscribed(&receiver).await;
    text_from_ada(&api).await;
    api.advance_secs(24 * 3_600).await;
    let deliveries = api.sandbox.deliveries();
    let waits: Vec<_> =
        deliveries.windows(2).map(|pair| seconds_between(&pair[0].time, &pair[1].time)).collect();
    let exact = [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 600.0];
    assert!((9..=10).contains(&waits.len()), "{waits:?}");
    for (wait, exact) in waits.iter().zip(exact) {
        assert!((0.8 * exact..=1.2 * exact).contains(wait), "{waits:?}");
    }
    assert!(waits.iter().zip(exact).any(|(wait, exact)| (wait - exact).abs() > 0.01 * exact), "{waits:?}");
    let last = deliveries.last().unwrap();
    assert!(seconds_between(&deliveries[0].time, &last.time) <= 1_800.0);
    assert_eq!(last.retry_at, None);
    assert_eq!(receiver.received().len(), deliveries.len());
}

#[tokio::test]
async fn rule_50_it_is_tried_again_after_5xx_429_no_answer_and_refusal_and_not_after_another_4xx() {
    for (answer, retried) in [
        (Some(500), true),
        (Some(502), true),
        (Some(599), true),
        (Some(429), true),
        (None, true),
        (Some(200), false),
        (Some(204), false),
        (Some(302), false),
        (Some(400), false),
        (Some(401), false),
        (Some(404), false),
        (Some(408), false),
        (Some(410), false),
    ] {
        let receiver = Receiver::answering([answer]).await;
        let quick = Sandbox::builder().manual_time().webhook_timeout(Duration::from_millis(100));
        let api = Api::with(quick).await;
        api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
        text_from_ada(&api).await;
        assert_eq!(api.sandbox.deliveries()[0].retry_at.is_some(), retried, "{answer:?}");
        api.advance_secs(3_600).await;
        assert_eq!(receiver.received().len(), 1 + usize::from(retried), "{answer:?}");
    }

    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let api = Api::still().await;
    api.sandbox.subscribe(format!("http://{closed}/")).unwrap();
    text_from_ada(&api).await;
    let refused = api.sandbox.deliveries().remove(0);
    assert!(
        matches!(&refused.outcome, DeliveryOutcome::Failed(reason) if reason.contains("refused")),
        "{refused:?}"
    );
    assert!(refused.retry_at.is_some());
}

#[tokio::test]
async fn everything_due_is_done_in_the_order_of_time_before_advance_returns() {
    let receiver = Receiver::start().await;
    let api = Api::still().await;
    api.subscribe(&receiver, "", json!({})).await;
    let sent =
        api.post("/v3/chats", json!({ "from": LINE, "to": [ADA], "message": text_message("Hello") })).await;
    let path = format!("/v3/messages/{}", sent.body["chat"]["message"]["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await.body["delivery_status"], "pending");
    let before = api.sandbox.now();
    api.sandbox.advance(Duration::from_millis(99)).await;
    assert_eq!(api.get(&path).await.body["delivery_status"], "sent");
    api.sandbox.advance(Duration::from_millis(1)).await;
    assert_eq!(api.get(&path).await.body["delivery_status"], "delivered");
    api.advance_secs(60).await;
    let types: Vec<_> = receiver.received().iter().map(|one| one.event_type().to_owned()).collect();
    assert_eq!(types, ["chat.created", "message.sent", "message.delivered", "message.read"]);
    let passed = seconds_between(&before, &api.sandbox.now());
    assert!((passed - 60.1).abs() < 1e-6, "{passed}");
}

#[tokio::test]
async fn time_that_passes_by_itself_can_be_advanced_too() {
    let receiver = Receiver::answering([Some(503); 5]).await;
    let api = Api::start().await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    text_from_ada(&api).await;
    api.advance_secs(120).await;
    assert_eq!(receiver.received().len(), 6);
    api.sandbox.advance(Duration::MAX).await;
    assert!(api.get("/v3/phone_numbers").await.status.is_success());
}

#[tokio::test]
async fn with_delivery_affinity_webhooks_name_their_chat_and_come_with_the_token_of_the_last_answer() {
    let (plain, sticky, named) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    let api = Api::still().await;
    let events = json!(["message.received"]);
    api.subscribe(&plain, "", json!({ "subscribed_events": events, "routing_id_header": "x-chat" })).await;
    api.subscribe(&sticky, "", json!({ "subscribed_events": events, "routing_key_header": "x-instance" }))
        .await;
    let both = json!({
        "subscribed_events": events, "routing_key_header": "X-Instance", "routing_id_header": "X-Chat",
    });
    api.subscribe(&named, "", both).await;
    text_from_ada(&api).await;
    sticky.set_header("x-instance", "seven");
    text_from_ada(&api).await;
    text_from_ada(&api).await;
    api.sandbox.person(BEN).says("Hi!").unwrap();
    api.advance_secs(0).await;

    let header = |receiver: &Receiver, name: &str| -> Vec<Option<String>> {
        let received = receiver.received();
        let values = received.iter().map(|one| one.headers.get(name));
        values.map(|value| value.map(|value| value.to_str().unwrap().to_owned())).collect()
    };
    let chats: Vec<_> = plain
        .received()
        .iter()
        .map(|one| Some(one.body["data"]["chat"]["id"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(header(&plain, "x-chat"), [None, None, None, None]);
    assert_eq!(header(&sticky, "linq-chat-id"), chats);
    assert_eq!(header(&named, "x-chat"), chats);
    assert_eq!(header(&named, "x-instance"), [None, None, None, None]);
    let seven = Some("seven".to_owned());
    assert_eq!(header(&sticky, "x-instance"), [None, None, seven, None], "the token is of the chat");
}
