//! The log of requests and deliveries.

use http::Method;
use linq_sandbox::Sandbox;
use linq_types::Operation;
use serde_json::{Value, json};

use super::{
    super::{
        api::{ADA, Api, text_message},
        receiver::Receiver,
    },
    stream::Stream,
};

#[tokio::test]
async fn requests_are_kept_without_the_key_and_those_of_the_page_are_not() {
    let api = Api::still().await;
    api.chat_with_ada().await;
    api.get("/v3/chats?limit=5&from=x").await;
    let mut looking = api.control_request(Method::GET, "/time", "");
    let token = api.sandbox.page_url().split_once("token=").unwrap().1;
    looking.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    assert_eq!(api.send(looking).await.status, 200);

    let requests = api.sandbox.requests();
    let [created, listed] = requests.as_slice() else { panic!("{requests:#?}") };
    assert_eq!((created.operation, created.status.as_u16()), (Some(Operation::ChatsCreate), 201));
    assert_eq!(created.headers["content-type"], "application/json");
    assert_eq!(created.headers["authorization"], "[redacted]");
    assert_eq!(listed.query.as_deref(), Some("limit=5&from=x"));
    assert!(!format!("{requests:?}").contains(api.sandbox.api_key()));

    let listed = api.control(Method::GET, "/requests", json!(null)).await.body;
    assert_eq!(listed["requests"][0]["operation"], "chats.create");
    let detail = api.control(Method::GET, "/log/1", json!(null)).await.body;
    assert_eq!((&detail["kind"], &detail["number"]), (&json!("request"), &json!(1)));
    let sent: Value = serde_json::from_str(detail["request"]["body"].as_str().unwrap()).unwrap();
    assert_eq!((&sent["to"], &detail["request"]["truncated"]), (&json!([ADA]), &json!(false)));
    let headers = detail["request"]["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["authorization", "[redacted]"])), "{headers:?}");
    assert_eq!(detail["response"]["status"], 201);
    let got: Value = serde_json::from_str(detail["response"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(got["chat"]["message"]["parts"][0]["value"], "Hello");

    assert_eq!(api.control(Method::DELETE, "/log", json!(null)).await.status, 204);
    assert_eq!(api.control(Method::GET, "/log/1", json!(null)).await.refusal(), (404, 1005));
    assert_eq!(api.control(Method::GET, "/log/x", json!(null)).await.refusal(), (404, 1005));
}

#[tokio::test]
async fn the_newest_10_000_requests_are_kept_with_bodies_up_to_64_kib() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let large = text_message(&"x".repeat(100_000));
    api.send_message(&chat_id, large).await;
    let detail = api.control(Method::GET, "/log/2", json!(null)).await.body;
    assert_eq!(detail["request"]["truncated"], true);
    assert_eq!(detail["request"]["body"].as_str().unwrap().len(), 65_536);
    for _ in 0..300 {
        api.send(api.request(Method::POST, "/v3/messages", vec![b'x'; 70_000])).await;
    }
    let detail = api.control(Method::GET, "/log/2", json!(null)).await.body;
    assert_eq!(
        (&detail["request"], &detail["response"]),
        (&json!(null), &json!(null)),
        "older bodies go first"
    );
    let newest = api.control(Method::GET, "/log/300", json!(null)).await.body;
    assert_eq!(newest["request"]["body"].as_str().unwrap().len(), 65_536);
    for _ in 0..10_000 {
        api.get("/v3/none").await;
    }
    let requests = api.sandbox.requests();
    assert_eq!(requests.len(), 10_000);
    assert!(requests.iter().all(|request| request.path == "/api/partner/v3/none"));
}

#[tokio::test]
async fn the_stream_goes_on_where_the_log_was_and_says_when_it_was_cleared() {
    let api = Api::still().await;
    for _ in 0..1_200 {
        api.get("/v3/phone_numbers").await;
    }
    let mut stream = Stream::open(&api.sandbox, "").await;
    let entries = |view: &Value| view["log"]["entries"].as_array().unwrap().clone();
    let first = stream.with("log").await;
    let numbers: Vec<_> = entries(&first).iter().map(|entry| entry["number"].as_u64().unwrap()).collect();
    // The stream itself is a request.
    assert_eq!(numbers.len(), 1_000);
    assert!(numbers.is_sorted());
    let mut last = *numbers.last().unwrap();
    assert!(last >= 1_200);
    for _ in 0..3_000 {
        api.get("/v3/phone_numbers").await;
    }
    while last < 4_201 {
        for entry in entries(&stream.with("log").await) {
            assert_eq!(entry["number"], last + 1);
            last += 1;
        }
    }
    api.control(Method::DELETE, "/log", json!(null)).await;
    let mut cleared = false;
    while !cleared {
        cleared = stream.with("log").await["log"]["cleared"] == true;
    }
}

#[tokio::test]
async fn a_webhook_is_sent_again_with_the_same_id_and_payload() {
    let api = Api::with(Sandbox::builder().manual_time()).await;
    let (first, second) = (Receiver::start().await, Receiver::start().await);
    let only = json!({ "subscribed_events": ["message.received"] });
    let first_id = api.subscribe(&first, "", only.clone()).await;
    api.subscribe(&second, "", only).await;
    api.sandbox.person(ADA).says("Hi!").unwrap();
    api.advance_secs(0).await;
    let event_id = first.received()[0].header("webhook-id").to_owned();
    let path = format!("/webhooks/{event_id}/send_again");

    assert_eq!(api.control(Method::POST, &path, json!({ "subscription_id": first_id })).await.status, 204);
    api.advance_secs(0).await;
    assert_eq!((first.received().len(), second.received().len()), (2, 1));
    assert_eq!(api.send(api.control_request(Method::POST, &path, "")).await.status, 204);
    api.advance_secs(0).await;
    assert_eq!((first.received().len(), second.received().len()), (3, 2));
    for again in first.received() {
        assert_eq!((again.header("webhook-id"), &again.raw), (event_id.as_str(), &first.received()[0].raw));
    }

    let log = Stream::open(&api.sandbox, "").await.with("log").await;
    let mut entries = log["log"]["entries"].as_array().unwrap().iter();
    let delivery = entries.rfind(|entry| entry["kind"] == "delivery").unwrap();
    assert_eq!((&delivery["event_type"], &delivery["status"]), (&json!("message.received"), &json!(200)));
    let detail = api.control(Method::GET, &format!("/log/{}", delivery["number"]), json!(null)).await.body;
    assert_eq!(detail["request"]["body"].as_str().unwrap().as_bytes(), &*first.received()[0].raw);
    let headers = detail["request"]["headers"].as_array().unwrap();
    assert!(headers.contains(&json!(["webhook-id", event_id])), "{headers:?}");

    let unknown = json!({ "subscription_id": "none" });
    assert_eq!(api.control(Method::POST, &path, unknown).await.refusal(), (404, 1005));
    api.control(Method::DELETE, "/log", json!(null)).await;
    assert_eq!(api.control(Method::POST, &path, json!({})).await.refusal(), (404, 1005));

    let disable = json!({ "is_active": false });
    api.put(&format!("/v3/webhook-subscriptions/{first_id}"), disable).await;
    let again = api.control(Method::POST, &path, json!({ "subscription_id": first_id })).await;
    assert_eq!(again.status, 404);
}
