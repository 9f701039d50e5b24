use http::Method;
use linq_types::reactions::Reaction;
use serde_json::json;

use crate::it::{
    api::{ADA, Api, LINE},
    receiver::Receiver,
};

#[tokio::test]
async fn rule_52_what_a_person_does_comes_in_and_makes_a_chat_where_there_was_none() {
    let receiver = Receiver::start().await;
    let api = Api::still().await;
    api.subscribe(&receiver, "", json!({})).await;
    let ada = api.sandbox.person(ADA);
    let said = ada.says("Hello?").await.unwrap();
    ada.reacts(&said.message_id, Reaction::Love).await.unwrap();
    let again = ada.says("Anybody?").await.unwrap();
    assert_eq!(said.chat_id, again.chat_id);
    api.advance_secs(0).await;
    let received = receiver.received();
    let types: Vec<_> = received.iter().map(|one| one.event_type()).collect();
    assert_eq!(types, ["chat.created", "message.received", "reaction.added", "message.received"]);
    assert_eq!(received[1].body["data"]["chat"]["id"], said.chat_id.as_str());
    assert_eq!(received[2].body["data"]["from"], ADA);
}

#[tokio::test]
async fn rule_52_people_act_by_the_control_endpoints_too() {
    let api = Api::still().await;
    let path = |action: &str| format!("/people/{ADA}/{action}");
    let said = api.control(Method::POST, &path("says"), json!({ "text": "Hello?", "to": LINE })).await;
    assert_eq!(said.status, 200, "{said:?}");
    let reaction = json!({ "message_id": said.body["message_id"], "operation": "add", "type": "like" });
    assert_eq!(api.control(Method::POST, &path("reacts"), reaction).await.body, json!({}));
    assert_eq!(api.control(Method::POST, &path("on"), json!({ "service": "SMS" })).await.body, json!({}));
    let later = api.control(Method::POST, &path("says"), json!({ "text": "Anybody?" })).await;
    let message = api.get(&format!("/v3/messages/{}", later.body["message_id"].as_str().unwrap())).await;
    assert_eq!(message.body["service"], "SMS");
    let chat_id = said.body["chat_id"].as_str().unwrap().into();
    assert_eq!(
        api.sandbox.transcript(&chat_id),
        "+12025550199: Hello? [like by +12025550199]\n+12025550199: Anybody?\n"
    );
    for (action, body, refusal) in [
        ("flies", json!({}), (404, 1005)),
        ("says", json!({}), (400, 1001)),
        ("says", json!({ "text": "hi", "to": "+12025550177" }), (403, 2006)),
        ("reacts", json!({ "message_id": "none", "operation": "add", "type": "like" }), (404, 2002)),
        ("on", json!({ "service": "pigeon" }), (400, 1005)),
    ] {
        let reply = api.control(Method::POST, &path(action), body.clone()).await;
        assert_eq!(reply.refusal(), refusal, "{action} {body}");
    }
    let nobody = api.control(Method::POST, "/people/somebody/says", json!({ "text": "hi" })).await;
    assert_eq!(nobody.refusal(), (400, 1002));
}

#[tokio::test]
async fn rule_53_one_event_is_told_in_both_formats() {
    let (older, newer) = (Receiver::start().await, Receiver::start().await);
    let api = Api::still().await;
    api.subscribe(&older, "?version=2025-01-01", json!({})).await;
    api.subscribe(&newer, "?version=2026-02-03", json!({})).await;
    let said = api.sandbox.person(ADA).says("Hi!").await.unwrap();
    api.advance_secs(0).await;
    let (old, new) = (older.received()[1].body.clone(), newer.received()[1].body.clone());
    assert_eq!(
        (&old["webhook_version"], &new["webhook_version"]),
        (&json!("2025-01-01"), &json!("2026-02-03"))
    );
    for field in ["event_id", "event_type", "trace_id", "created_at", "partner_id"] {
        assert_eq!(old[field], new[field]);
    }
    assert_eq!(old["data"]["message"]["id"], said.message_id.as_str());
    assert_eq!(new["data"]["id"], said.message_id.as_str());
    assert_eq!(old["data"]["message"]["parts"], new["data"]["parts"]);
}
