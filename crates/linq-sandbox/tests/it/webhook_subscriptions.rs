use base64::{Engine as _, prelude::BASE64_STANDARD};
use linq_types::webhook_subscriptions::WebhookSubscriptionCreateResponse;
use serde_json::{Value, json};

use super::api::{Api, LINE};

fn subscription(target_url: &str) -> Value {
    json!({ "target_url": target_url, "subscribed_events": ["message.sent"] })
}

#[tokio::test]
async fn the_secret_of_32_bytes_is_shown_once() {
    let api = Api::start().await;
    let created = api.post("/v3/webhook-subscriptions", subscription("https://example.com/hook")).await;
    assert_eq!(created.status, 201);
    let secret = created.body["signing_secret"].as_str().unwrap();
    assert_eq!(BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap().len(), 32);
    let typed: WebhookSubscriptionCreateResponse = serde_json::from_value(created.body.clone()).unwrap();
    assert_eq!(typed.subscription.is_active, Some(true));

    let listed = api.get("/v3/webhook-subscriptions").await;
    let mut without_secret = created.body;
    without_secret.as_object_mut().unwrap().remove("signing_secret");
    assert_eq!(listed.body, json!({ "subscriptions": [without_secret] }));
}

#[tokio::test]
async fn the_target_must_be_https_or_http_on_this_machine() {
    let api = Api::start().await;
    for url in
        ["http://example.com", "ftp://example.com", "example.com", "/hook", "", "https://", "http://10.0.0.1"]
    {
        let reply = api.post("/v3/webhook-subscriptions", subscription(url)).await;
        assert_eq!(reply.refusal(), (400, 1005), "{url}");
    }
    for url in ["https://example.com", "http://localhost:80/a", "http://127.0.0.1:1", "http://[::1]:1/"] {
        assert_eq!(api.post("/v3/webhook-subscriptions", subscription(url)).await.status, 201, "{url}");
    }
}

#[tokio::test]
async fn an_address_is_taken_once_and_again_after_its_deletion() {
    let api = Api::start().await;
    let url = "https://example.com/hook";
    let created = api.post("/v3/webhook-subscriptions", subscription(url)).await;
    let again = api.post("/v3/webhook-subscriptions", subscription(url)).await;
    assert_eq!(again.refusal(), (409, 2015));
    let other_query = subscription("https://example.com/hook?line=2");
    assert_eq!(api.post("/v3/webhook-subscriptions", other_query).await.status, 201);

    let path = format!("/v3/webhook-subscriptions/{}", created.body["id"].as_str().unwrap());
    let deleted = api.delete(&path).await;
    assert_eq!((deleted.status.as_u16(), deleted.body), (204, Value::Null));
    assert_eq!(api.delete(&path).await.refusal(), (404, 2010));
    assert_eq!(api.post("/v3/webhook-subscriptions", subscription(url)).await.status, 201);
}

#[tokio::test]
async fn an_unknown_event_name_or_version_is_400_and_a_foreign_line_403() {
    let api = Api::start().await;
    let url = "https://example.com";
    for (body, refusal) in [
        (json!({ "target_url": url, "subscribed_events": ["message.sent", "comet.sighted"] }), (400, 1005)),
        (json!({ "target_url": url, "subscribed_events": [] }), (400, 1005)),
        (json!({ "target_url": url }), (400, 1001)),
        (json!({ "subscribed_events": ["message.sent"] }), (400, 1001)),
        (subscription("https://example.com?version=2031-01-01"), (400, 1005)),
        (
            json!({ "target_url": url, "subscribed_events": ["message.sent"], "phone_numbers": ["+12025550177"] }),
            (403, 2006),
        ),
        (
            json!({ "target_url": url, "subscribed_events": ["message.sent"], "phone_numbers": ["12"] }),
            (400, 1002),
        ),
    ] {
        let reply = api.post("/v3/webhook-subscriptions", body.clone()).await;
        assert_eq!(reply.refusal(), refusal, "{body}");
    }
    let own = json!({ "target_url": url, "subscribed_events": ["message.sent"], "phone_numbers": [LINE] });
    let created = api.post("/v3/webhook-subscriptions", own).await;
    assert_eq!(created.body["phone_numbers"], json!([LINE]));
}
