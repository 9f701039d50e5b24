//! Rules 46 to 48: webhook subscriptions.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::StatusCode;
use linq_sandbox::{Assumptions, Sandbox};
use linq_types::{
    events::EventType, webhook_events::WebhookEventListResponse, webhook_subscriptions::WebhookSubscription,
};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, Api, LINE},
    receiver::Receiver,
};

const SECOND_LINE: &str = "+12025550101";

fn subscription(target_url: &str) -> Value {
    json!({ "target_url": target_url, "subscribed_events": ["message.sent"] })
}

async fn create(api: &Api, body: Value) -> Value {
    let created = api.post("/v3/webhook-subscriptions", body).await;
    assert_eq!(created.status, 201, "{created:?}");
    created.body
}

fn path_of(created: &Value) -> String {
    format!("/v3/webhook-subscriptions/{}", created["id"].as_str().unwrap())
}

#[tokio::test]
async fn rule_46_the_secret_is_shown_once_and_stays_through_updates() {
    let api = Api::start().await;
    let mut created = create(&api, subscription("https://example.com/hook")).await;
    let path = path_of(&created);
    let secret = created.as_object_mut().unwrap().remove("signing_secret").unwrap();
    let key = secret.as_str().unwrap().strip_prefix("whsec_").unwrap();
    assert_eq!(BASE64_STANDARD.decode(key).unwrap().len(), 32);
    assert_eq!(api.get(&path).await.body, created);
    let updated = api.put(&path, json!({})).await;
    assert_eq!((updated.status.as_u16(), &updated.body), (200, &created));
    serde_json::from_value::<WebhookSubscription>(updated.body).unwrap();
}

#[tokio::test]
async fn rule_46_an_address_must_be_https_and_free_in_updates_too() {
    let api = Api::start().await;
    let first = create(&api, subscription("https://example.com/1")).await;
    let second = create(&api, subscription("https://example.com/2")).await;
    let path = path_of(&second);
    for (url, refusal) in [
        ("http://example.com", (400, 1005)),
        ("nonsense", (400, 1005)),
        ("https://example.com/2?version=1999-01-01", (400, 1005)),
        ("https://example.com/1", (409, 2015)),
    ] {
        assert_eq!(api.put(&path, json!({ "target_url": url })).await.refusal(), refusal, "{url}");
    }
    for url in ["https://example.com/2", "https://example.com/3"] {
        assert_eq!(api.put(&path, json!({ "target_url": url })).await.body["target_url"], url);
    }
    assert_eq!(api.put(&path_of(&first), json!({ "target_url": "https://example.com/2" })).await.status, 200);
}

#[tokio::test]
async fn rule_46_the_status_for_a_taken_address_is_a_switch() {
    let rules = Assumptions::default().duplicate_target_status(StatusCode::BAD_REQUEST);
    let api = Api::with(Sandbox::builder().assumptions(rules)).await;
    create(&api, subscription("https://example.com/1")).await;
    let again = api.post("/v3/webhook-subscriptions", subscription("https://example.com/1")).await;
    assert_eq!(again.refusal(), (400, 2015));
}

#[tokio::test]
async fn rule_47_filters_by_event_line_and_activity_are_obeyed() {
    let builder = Sandbox::builder().phone_number(LINE).phone_number(SECOND_LINE);
    let api = Api::with(builder).await;
    let [by_event, by_line, by_other_line, paused] = [(); 4].map(|()| Receiver::start());
    let (by_event, by_line, by_other_line, paused) = tokio::join!(by_event, by_line, by_other_line, paused);
    let events = ["contact_card.received", "message.received"];
    api.subscribe(&by_event, "", json!({ "subscribed_events": ["message.received"] })).await;
    api.subscribe(&by_line, "", json!({ "subscribed_events": events, "phone_numbers": [LINE] })).await;
    let other = json!({ "subscribed_events": events, "phone_numbers": [SECOND_LINE] });
    let other = api.subscribe(&by_other_line, "", other).await;
    let pausing = api.subscribe(&paused, "", json!({ "subscribed_events": events })).await;
    let pausing = format!("/v3/webhook-subscriptions/{pausing}");
    assert_eq!(api.put(&pausing, json!({ "is_active": false })).await.body["is_active"], false);

    let ada = api.sandbox.person(ADA);
    ada.sends_contact_card("Ada", "Lovelace", None).unwrap();
    ada.says("Hello?").unwrap();
    by_line.wait_for(2).await;
    by_event.wait_for(1).await;

    api.put(&pausing, json!({ "is_active": true })).await;
    let other = format!("/v3/webhook-subscriptions/{other}");
    assert_eq!(api.put(&other, json!({ "phone_numbers": [] })).await.body["phone_numbers"], json!(null));
    ada.says("Are you there?").unwrap();
    for receiver in [&paused, &by_other_line] {
        let received = receiver.wait_for(1).await;
        assert_eq!(received[0].body["data"]["parts"][0]["value"], "Are you there?");
    }
    assert!(by_event.wait_for(2).await.iter().all(|one| one.event_type() == "message.received"));
}

#[tokio::test]
async fn rule_47_unknown_event_names_are_refused_unless_switched_on() {
    let body = json!({ "target_url": "https://example.com", "subscribed_events": ["comet.sighted"] });
    let api = Api::start().await;
    assert_eq!(api.post("/v3/webhook-subscriptions", body.clone()).await.refusal(), (400, 1005));
    let known = path_of(&create(&api, subscription("https://example.com/known")).await);
    let update = json!({ "subscribed_events": ["comet.sighted"] });
    assert_eq!(api.put(&known, update).await.refusal(), (400, 1005));

    let rules = Assumptions::default().accept_unknown_event_types(true);
    let api = Api::with(Sandbox::builder().assumptions(rules)).await;
    assert_eq!(create(&api, body).await["subscribed_events"], json!(["comet.sighted"]));
}

#[tokio::test]
async fn rule_48_the_payload_version_follows_the_address() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let events = json!({ "subscribed_events": ["message.received"] });
    let id = api.subscribe(&receiver, "?version=2025-01-01", events).await;
    let ada = api.sandbox.person(ADA);
    ada.says("One").unwrap();
    assert_eq!(receiver.wait_for(1).await[0].body["webhook_version"], "2025-01-01");
    let update = json!({ "target_url": receiver.url() });
    api.put(&format!("/v3/webhook-subscriptions/{id}"), update).await;
    ada.says("Two").unwrap();
    let second = &receiver.wait_for(2).await[1].body;
    assert_eq!(second["webhook_version"], "2026-02-03", "the newest without a version");
    assert_eq!(second["data"]["parts"][0]["value"], "Two");
}

#[tokio::test]
async fn updates_keep_what_they_leave_out_and_clear_what_they_null() {
    let api = Api::start().await;
    let mut body = subscription("https://example.com");
    body["phone_numbers"] = json!([LINE]);
    body["routing_key_header"] = "x-key".into();
    body["routing_id_header"] = "x-id".into();
    let path = path_of(&create(&api, body).await);
    let kept = api.put(&path, json!({ "is_active": true, "colour": "blue" })).await.body;
    assert_eq!((&kept["phone_numbers"], &kept["routing_key_header"]), (&json!([LINE]), &json!("x-key")));
    let cleared = json!({ "phone_numbers": null, "routing_key_header": null, "routing_id_header": "" });
    let cleared = api.put(&path, cleared).await.body;
    assert_eq!(cleared["phone_numbers"], json!(null));
    assert!(cleared.get("routing_key_header").is_none() && cleared.get("routing_id_header").is_none());
    for (body, refusal) in [
        (json!({ "is_active": "yes" }), (400, 1003)),
        (json!({ "subscribed_events": [] }), (400, 1005)),
        (json!({ "phone_numbers": [ADA] }), (403, 2006)),
        (json!({ "phone_numbers": ["12"] }), (400, 1002)),
    ] {
        assert_eq!(api.put(&path, body.clone()).await.refusal(), refusal, "{body}");
    }
    assert_eq!(api.get("/v3/webhook-subscriptions/none").await.refusal(), (404, 2010));
    assert_eq!(api.put("/v3/webhook-subscriptions/none", json!({})).await.refusal(), (404, 2010));
}

#[tokio::test]
async fn each_change_of_a_subscription_is_told_to_the_others() {
    let api = Api::start().await;
    let receiver = Receiver::start().await;
    let kinds = EventType::KNOWN.iter().filter(|kind| kind.as_str().starts_with("webhook_subscription."));
    let kinds: Vec<_> = kinds.map(EventType::as_str).collect();
    assert_eq!(kinds.len(), 9);
    api.subscribe(&receiver, "", json!({ "subscribed_events": kinds, "phone_numbers": [LINE] })).await;
    let path = path_of(&create(&api, subscription("https://example.com/1")).await);
    let changes = json!({
        "target_url": "https://example.com/2", "subscribed_events": ["message.read"], "is_active": false,
        "phone_numbers": [LINE], "routing_key_header": "x-key",
    });
    let changed = api.put(&path, changes).await;
    api.put(&path, json!({ "is_active": true, "routing_key_header": null })).await;
    api.delete(&path).await;
    let told = receiver.wait_for(9).await;
    let mut types: Vec<_> = told.iter().map(|one| one.event_type().to_owned()).collect();
    types.sort();
    let mut expected = kinds;
    expected.sort_unstable();
    assert_eq!(types, expected);
    let moved = told.iter().find(|one| one.event_type().ends_with("target_url_changed")).unwrap();
    assert_eq!(moved.body["trace_id"], changed.trace_id());
    let change = json!({ "from": "https://example.com/1", "to": "https://example.com/2" });
    assert_eq!(moved.body["data"]["change"], change);
    assert_eq!(moved.body["data"]["actor"], json!({ "type": "api" }));
}

#[tokio::test]
async fn the_events_that_can_be_subscribed_to_are_listed() {
    let api = Api::start().await;
    let listed = api.get("/v3/webhook-events").await;
    assert_eq!(listed.status, 200);
    let listed: WebhookEventListResponse = serde_json::from_value(listed.body).unwrap();
    assert_eq!(listed.events, EventType::KNOWN);
    let mut all = subscription("https://example.com");
    all["subscribed_events"] = json!(listed.events);
    create(&api, all).await;
}
