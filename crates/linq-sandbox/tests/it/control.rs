use http::Method;
use linq_sandbox::{Sandbox, WebhookQuery, WebhookStatus};
use linq_types::events::EventType;
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, BEN, text_message},
    receiver::Receiver,
};

#[tokio::test]
async fn time_is_read_and_advanced() {
    let api = Api::still().await;
    let (_, message_id) = api.chat_with_ada().await;
    let before = api.control(Method::GET, "/time", json!(null)).await.body;
    assert_eq!(api.control(Method::GET, "/time", json!(null)).await.body, before);
    let after = api.control(Method::POST, "/advance", json!({ "seconds": 0.075 })).await.body;
    assert_ne!(after, before);
    let message = api.get(&format!("/v3/messages/{message_id}")).await.body;
    assert_eq!(message["delivery_status"], "sent");
    for seconds in [json!(-1), json!(1e300), json!("1"), Value::Null] {
        let reply = api.control(Method::POST, "/advance", json!({ "seconds": seconds })).await;
        assert_eq!(reply.status, 400, "{seconds}");
    }
}

#[tokio::test]
async fn faults_are_added_listed_and_cleared() {
    let api = Api::still().await;
    let faults = json!({ "faults": ["POST /v3/chats: 503 x2", "webhook: duplicate 0.5"] });
    let added = api.control(Method::POST, "/faults", faults).await;
    assert_eq!(added.body, json!({ "faults": ["POST /v3/chats: 503, 503", "webhook: duplicate 0.5"] }));
    assert_eq!(api.create_chat(&[ADA], "hi").await.refusal(), (503, 4004));
    let left = api.control(Method::GET, "/faults", json!(null)).await;
    assert_eq!(left.body["faults"][0], "POST /v3/chats: 503 x1");
    assert_eq!(api.control(Method::DELETE, "/faults", json!(null)).await.status, 204);
    assert_eq!(api.create_chat(&[ADA], "hi").await.status, 201);
    let wrong = api.control(Method::POST, "/faults", json!({ "faults": ["*: earthquake"] })).await;
    assert_eq!(wrong.refusal(), (400, 1005));
    assert!(wrong.error_message().contains("earthquake"));
}

#[tokio::test]
async fn the_delivery_log_tells_attempts_status_and_the_next_attempt_by_subscription_and_event() {
    let api = Api::still().await;
    let (failing, working) = (Receiver::answering(vec![Some(500); 50]).await, Receiver::start().await);
    let failing_id = api.subscribe(&failing, "", json!({})).await;
    let working_id = api.subscribe(&working, "", json!({})).await;
    api.sandbox.person(ADA).says("Hi!").await.unwrap();
    api.advance_secs(10).await;

    let all = api.control(Method::GET, "/webhooks", json!(null)).await.body;
    assert_eq!(all["webhooks"].as_array().unwrap().len(), 4);
    let path = format!("/webhooks?subscription_id={failing_id}&event_type=message.received");
    let found = api.control(Method::GET, &path, json!(null)).await.body;
    let [webhook] = found["webhooks"].as_array().unwrap().as_slice() else { panic!("{found:#}") };
    assert_eq!((&webhook["status"], &webhook["subscription_id"]), (&json!("waiting"), &json!(failing_id)));
    let attempts = webhook["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 3);
    assert_eq!((&attempts[2]["attempt"], &attempts[2]["status"]), (&json!(3), &json!(500)));
    assert!(webhook["next_attempt"].is_string());

    let event_id = webhook["event_id"].as_str().unwrap();
    let of_event = api.sandbox.webhooks(&WebhookQuery::default().event_id(event_id));
    let statuses: Vec<_> = of_event.iter().map(|one| (one.subscription_id.clone(), one.status)).collect();
    assert_eq!(
        statuses,
        [(failing_id.clone(), WebhookStatus::Waiting), (working_id, WebhookStatus::Delivered)]
    );
    api.advance_secs(3_600).await;
    let query = WebhookQuery::default().subscription_id(failing_id).event_type(EventType::ChatCreated);
    let given_up = api.sandbox.webhooks(&query).remove(0);
    assert_eq!((given_up.status, given_up.next_attempt), (WebhookStatus::Failed, None));
}

#[tokio::test]
async fn a_webhook_that_waits_for_its_first_attempt_is_in_the_log() {
    let builder = Sandbox::builder().manual_time().fault("webhook: delay 60s".parse().unwrap());
    let api = Api::with(builder).await;
    let receiver = Receiver::start().await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.person(ADA).says("Hi!").await.unwrap();
    api.advance_secs(0).await;
    let webhook = api.sandbox.webhooks(&WebhookQuery::default()).remove(0);
    assert_eq!((webhook.status, webhook.attempts.len()), (WebhookStatus::Waiting, 0));
    assert_eq!(webhook.next_attempt.unwrap().unix_seconds() - api.sandbox.now().unix_seconds(), 60);
}

#[tokio::test]
async fn what_was_sent_and_what_a_chat_holds_can_be_read() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    api.create_chat(&[BEN], "To Ben").await;
    api.sandbox.person(ADA).says("Hi!").await.unwrap();
    api.send_message(&chat_id, text_message("Bye")).await;
    let texts = |messages: &[linq_types::messages::Message]| -> Vec<String> {
        let parts = messages.iter().flat_map(|message| message.parts.clone().unwrap());
        parts.map(|part| part.as_text().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&api.sandbox.sent()), ["Hello", "To Ben", "Bye"]);
    assert_eq!(texts(&api.sandbox.messages(&chat_id)), ["Hello", "Hi!", "Bye"]);
    assert!(api.sandbox.messages(&"none".into()).is_empty());

    let sent = api.control(Method::GET, "/messages", json!(null)).await.body;
    assert_eq!(sent["messages"][1]["parts"][0]["value"], "To Ben");
    let path = format!("/chats/{chat_id}/messages");
    let messages = api.control(Method::GET, &path, json!(null)).await.body;
    assert_eq!(messages["messages"].as_array().unwrap().len(), 3);
    let path = format!("/chats/{chat_id}/transcript");
    let transcript = api.control(Method::GET, &path, json!(null)).await.body;
    assert_eq!(transcript["transcript"], api.sandbox.transcript(&chat_id));
    assert_eq!(api.control(Method::GET, "/chats/none/transcript", json!(null)).await.refusal(), (404, 2001));
}

#[tokio::test]
async fn a_reset_begins_anew_with_the_first_ids() {
    let api = Api::still().await;
    let receiver = Receiver::start().await;
    let lines = api.get("/v3/phone_numbers").await.body;
    let first = api.create_chat(&[ADA], "hi").await;
    api.subscribe(&receiver, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.sandbox.inject("*: 503".parse().unwrap()).unwrap();

    let kept = api.control(Method::POST, "/reset", json!({ "keep_subscriptions": true })).await;
    assert_eq!(kept.status, 204);
    assert!(api.sandbox.sent().is_empty() && api.sandbox.deliveries().is_empty());
    api.sandbox.person(ADA).says("Still there?").await.unwrap();
    api.advance_secs(0).await;
    assert_eq!(receiver.received().len(), 1);

    api.sandbox.reset();
    assert_eq!(api.get("/v3/phone_numbers").await.body, lines);
    let again = api.create_chat(&[ADA], "hi").await;
    assert_eq!(again.body["chat"]["id"], first.body["chat"]["id"]);
    assert_eq!(again.trace_id(), first.trace_id());
    api.sandbox.person(ADA).says("Gone?").await.unwrap();
    api.advance_secs(60).await;
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn the_index_lists_what_there_is_and_the_rest_is_404() {
    let api = Api::still().await;
    let index = api.control(Method::GET, "/", json!(null)).await.body;
    assert!(index["actions"].as_array().unwrap().contains(&json!("says")));
    assert!(index["endpoints"].as_array().unwrap().contains(&json!("POST /sandbox/advance")));
    for (method, path) in [(Method::POST, "/nothing"), (Method::GET, "/advance"), (Method::GET, "/chats/x")] {
        assert_eq!(api.control(method, path, json!({})).await.status, 404, "{path}");
    }
}
