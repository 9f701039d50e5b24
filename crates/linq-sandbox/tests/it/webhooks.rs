use std::time::{Duration, SystemTime};

use linq_sandbox::{Assumptions, Delivery, DeliveryOutcome, Sandbox};
use linq_types::Service;
use linq_webhooks::Verifier;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{
    api::{ADA, Api, LINE, text_message},
    receiver::Receiver,
};

/// Retries that come at once.
async fn hasty() -> Api {
    Api::with(Sandbox::builder().webhook_retry_factor(0.01).webhook_timeout(Duration::from_millis(100))).await
}

async fn wait_for_deliveries(api: &Api, count: usize) -> Vec<Delivery> {
    for _ in 0..500 {
        let deliveries = api.sandbox.deliveries();
        if deliveries.len() >= count {
            return deliveries;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("only {:#?}", api.sandbox.deliveries());
}

#[tokio::test]
async fn each_step_of_a_message_is_one_webhook_with_the_trace_id_of_its_request() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({})).await;
    let mut message = text_message("Hello");
    message["idempotency_key"] = "k".into();
    let created = api.post("/v3/chats", json!({ "from": LINE, "to": [ADA], "message": message })).await;
    let received = receiver.wait_for(4).await;
    let types: Vec<_> = received.iter().map(|one| one.event_type()).collect();
    assert_eq!(types, ["chat.created", "message.sent", "message.delivered", "message.read"]);
    let mut event_ids: Vec<_> = received.iter().map(|one| one.body["event_id"].as_str().unwrap()).collect();
    event_ids.sort_unstable();
    event_ids.dedup();
    assert_eq!(event_ids.len(), 4);
    for one in &received {
        assert_eq!(one.body["trace_id"], created.trace_id());
        assert_eq!(one.body["webhook_version"], "2026-02-03");
        assert_eq!(one.body["api_version"], "v3");
        one.event();
    }
    for one in &received[1..] {
        let data = &one.body["data"];
        assert_eq!(data["id"], created.body["chat"]["message"]["id"]);
        assert_eq!((&data["direction"], &data["idempotency_key"]), (&json!("outbound"), &json!("k")));
    }
    assert_eq!(received[1].body["data"]["delivered_at"], Value::Null);
    assert!(received[3].body["data"]["read_at"].is_string());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(receiver.received().len(), 4, "a read message goes nowhere");
}

#[tokio::test]
async fn a_message_that_fails_is_message_failed_with_a_code() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.failed"] })).await;
    api.sandbox.person(ADA).on(Service::Sms);
    let mut message = text_message("Hello");
    message["preferred_service"] = "iMessage".into();
    let created = api.post("/v3/chats", json!({ "from": LINE, "to": [ADA], "message": message })).await;
    let failed = receiver.wait_for(1).await.remove(0).body;
    assert_eq!(failed["data"]["code"], 4001);
    assert_eq!(failed["data"]["message_id"], created.body["chat"]["message"]["id"]);
    assert!(failed["data"]["failed_at"].is_string());
}

#[tokio::test]
async fn a_delivery_has_both_header_sets_and_both_signatures() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let id = api.subscribe(&receiver, "?from=linq", json!({})).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    let one = receiver.wait_for_event("message.received").await;
    assert_eq!(one.path, "/hook?from=linq");
    assert_eq!(one.header("content-type"), "application/json");
    assert_eq!(one.header("x-webhook-event"), "message.received");
    assert_eq!(one.header("x-webhook-subscription-id"), id.as_str());
    assert_eq!(one.header("webhook-id"), one.body["event_id"]);
    assert_eq!(one.header("webhook-timestamp"), one.header("x-webhook-timestamp"));

    let secret = receiver.secret();
    let verifier = Verifier::new(&secret).unwrap();
    let standard = verifier.verify(&one.headers, one.raw.clone()).unwrap();
    assert_eq!(standard.scheme().to_string(), "standard");
    let mut older = one.headers.clone();
    older.remove("webhook-signature");
    older.remove("webhook-id");
    older.remove("webhook-timestamp");
    assert_eq!(verifier.verify(&older, one.raw).unwrap().scheme().to_string(), "legacy");
}

#[tokio::test]
async fn a_deleted_subscription_gets_nothing_more() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let id = api.subscribe(&receiver, "", json!({})).await;
    api.chat_with_ada().await;
    receiver.wait_for_event("chat.created").await;
    assert_eq!(api.delete(&format!("/v3/webhook-subscriptions/{id}")).await.status, 204);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn rule_48_the_version_in_the_address_chooses_the_format() {
    let api = Api::start().await;
    let (older, newer) = (Receiver::start().await, Receiver::start().await);
    api.subscribe(&older, "?version=2025-01-01", json!({})).await;
    api.subscribe(&newer, "?version=2026-02-03", json!({})).await;
    let said = api.sandbox.person(ADA).says("Hi!").unwrap();
    let (old, new) =
        (older.wait_for_event("message.received").await, newer.wait_for_event("message.received").await);
    assert_eq!(old.body["event_id"], new.body["event_id"]);
    assert_eq!(new.body["webhook_version"], "2026-02-03");
    assert_eq!(old.body["webhook_version"], "2025-01-01");
    let data = &old.body["data"];
    assert_eq!(data["chat_id"], said.chat_id.as_str());
    assert_eq!((&data["from"], &data["is_from_me"]), (&json!(ADA), &json!(false)));
    assert_eq!(data["recipient_handle"]["handle"], LINE);
    assert!(data["received_at"].is_string());
    assert_eq!(data["message"]["id"], said.message_id.as_str());
    assert_eq!(data["message"]["parts"][0]["value"], "Hi!");
    let (old, new) = (old.event(), new.event());
    assert_eq!(old.message().unwrap().text(), "Hi!");
    assert_eq!(old.message(), new.message());

    let sent = api.send_message(&said.chat_id, text_message("Hello")).await;
    let read = older.wait_for_event("message.read").await;
    assert_eq!(read.event().message(), newer.wait_for_event("message.read").await.event().message());
    let read = read.body;
    assert_eq!(read["data"]["message_id"], sent.body["message"]["id"]);
    assert_eq!(read["data"]["recipient_handle"], Value::Null);
    assert_eq!(read["data"]["preferred_service"], "auto");
    assert_eq!(read["data"]["message"]["is_read"], true);
    assert_eq!(read["data"]["read_at"], read["data"]["message"]["read_at"]);
    let delivered = older.wait_for_event("message.delivered").await.body;
    assert_eq!(delivered["data"]["delivered_at"], delivered["data"]["message"]["delivered_at"]);
}

#[tokio::test]
async fn a_delivery_is_tried_again_after_5xx_429_and_no_answer_with_the_same_id() {
    let api = hasty().await;
    let receiver = Receiver::answering([Some(500), Some(429), None, Some(503)]).await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    let received = receiver.wait_for(5).await;
    for one in &received {
        assert_eq!(one.header("webhook-id"), received[0].header("webhook-id"));
        assert_eq!(one.raw, received[0].raw);
    }
    let deliveries = wait_for_deliveries(&api, 5).await;
    let attempts: Vec<_> = deliveries.iter().map(|one| (one.attempt, one.retry_at.is_some())).collect();
    assert_eq!(attempts, [(1, true), (2, true), (3, true), (4, true), (5, false)]);
    assert_eq!(deliveries[0].outcome, DeliveryOutcome::Responded(http::StatusCode::INTERNAL_SERVER_ERROR));
    assert!(
        matches!(&deliveries[2].outcome, DeliveryOutcome::Failed(reason) if reason.contains("no answer"))
    );
    assert!(deliveries[4].succeeded() && !deliveries[3].succeeded());
    let waits: Vec<_> = deliveries.windows(2).map(|pair| pair[0].retry_at.unwrap() <= pair[1].time).collect();
    assert_eq!(waits, [true; 4]);
}

#[tokio::test]
async fn each_attempt_is_signed_with_its_own_time() {
    // The second attempt comes about 1.2 seconds after the first.
    let api = Api::with(Sandbox::builder().webhook_retry_factor(0.75)).await;
    let receiver = Receiver::answering([Some(500)]).await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    let received = receiver.wait_for(2).await;
    assert_ne!(received[0].header("webhook-timestamp"), received[1].header("webhook-timestamp"));
    assert_ne!(received[0].header("webhook-signature"), received[1].header("webhook-signature"));
}

#[tokio::test]
async fn a_delivery_is_not_tried_again_after_another_4xx() {
    for status in [400, 401, 404, 410] {
        let api = hasty().await;
        let receiver = Receiver::answering([Some(status)]).await;
        api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
        api.sandbox.person(ADA).says("Hi!").unwrap();
        let delivery = wait_for_deliveries(&api, 1).await.remove(0);
        assert_eq!(delivery.outcome, DeliveryOutcome::Responded(http::StatusCode::from_u16(status).unwrap()));
        assert_eq!(delivery.retry_at, None);
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!(receiver.received().len(), 1);
    }
}

#[tokio::test]
async fn a_delivery_is_tried_again_when_the_connection_is_refused() {
    let api = hasty().await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = format!("http://{closed}/");
    api.sandbox.subscribe(&url).unwrap();
    api.sandbox.person(ADA).says("Hi!").unwrap();
    let deliveries = wait_for_deliveries(&api, 4).await;
    assert!(deliveries.iter().any(|one| one.attempt == 2), "{deliveries:?}");
    for one in &deliveries {
        assert_eq!(one.target_url, url);
        assert!(
            matches!(&one.outcome, DeliveryOutcome::Failed(reason) if reason.contains("refused")),
            "{one:?}"
        );
        assert!(one.retry_at.is_some());
    }
}

#[tokio::test]
async fn a_delivery_ends_after_the_last_retry_of_half_an_hour() {
    let api = Api::with(Sandbox::builder().webhook_retry_factor(0.000_05)).await;
    let receiver = Receiver::answering(vec![Some(500); 100]).await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    for _ in 0..500 {
        if api.sandbox.deliveries().last().is_some_and(|last| last.retry_at.is_none()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let attempts = api.sandbox.deliveries().len();
    assert!((2..=14).contains(&attempts), "{attempts}");
    assert_eq!(receiver.received().len(), attempts);
}

#[tokio::test]
async fn a_connection_that_has_nothing_to_deliver_is_closed_soon() {
    let api = Api::start().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    api.sandbox.subscribe(format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    api.sandbox.person(ADA).says("Hello?").unwrap();

    let (mut connection, _) = listener.accept().await.unwrap();
    let mut request = [0; 16 * 1024];
    assert_ne!(connection.read(&mut request).await.unwrap(), 0);
    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();

    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), connection.read_to_end(&mut rest)).await;
    closed.expect("the connection is closed").unwrap();
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the setting is about the wall clock")]
async fn webhooks_are_signed_with_the_time_of_the_sandbox_or_with_wall_time() {
    let year = 365 * 24 * 60 * 60;
    let wall_time = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    for (of_sandbox, builder) in [
        (true, Sandbox::builder()),
        (false, Sandbox::builder().sign_with_wall_time()),
        (false, {
            Sandbox::builder()
                .sign_with_wall_time()
                .assumptions(Assumptions::default().fresh_timestamps(false))
        }),
    ] {
        let api = Api::with(builder.manual_time()).await;
        // The second attempt is made, too.
        let receiver = Receiver::answering([Some(500)]).await;
        api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
        let before = wall_time();
        api.advance_secs(year).await;
        api.sandbox.person(ADA).says("Hi!").unwrap();
        api.advance_secs(60).await;
        let after = wall_time();
        let received = receiver.received();
        assert_eq!(received.len(), 2);
        for webhook in received {
            let signed_at: u64 = webhook.header("webhook-timestamp").parse().unwrap();
            let is_wall_time = (before..=after).contains(&signed_at);
            assert_eq!(is_wall_time, !of_sandbox, "{signed_at}");
            assert_eq!(signed_at >= before + year, of_sandbox, "{signed_at}");
            assert_eq!(webhook.header("x-webhook-timestamp"), webhook.header("webhook-timestamp"));
        }
    }
}
