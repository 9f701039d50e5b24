//! Payment requests and payments, as far as it is known what they do.

use std::time::Duration;

use linq_types::{
    PaymentId, PaymentRequestId,
    error::ErrorCode,
    payment_requests::{PaymentRequest, PaymentRequestListResponse, PaymentRequestStatus},
    payments::{Payment, PaymentCredentialsResponse, PaymentHandleConnection, PaymentStatus},
};
use serde_json::{Value, json};

use crate::it::{
    api::{ADA, Api, BEN, LINE, Reply},
    receiver::Receiver,
};

async fn connected() -> Api {
    let api = Api::start().await;
    api.sandbox.connect_payment_provider("stripe");
    api
}

fn deposit() -> Value {
    json!({ "amount": 2500, "currency": "usd", "from": LINE, "metadata": { "order": "A-1" } })
}

async fn request(api: &Api, body: Value) -> PaymentRequest {
    let created = api.post("/v3/payment_requests", body).await;
    assert_eq!(created.status, 201, "{created:?}");
    serde_json::from_value(created.body).unwrap()
}

async fn status(api: &Api, id: &PaymentRequestId) -> PaymentRequestStatus {
    let found = api.get(&format!("/v3/payment_requests/{id}")).await.body;
    serde_json::from_value::<PaymentRequest>(found).unwrap().status.unwrap()
}

async fn post_with_key(api: &Api, path: &str, key: &str, body: Value) -> Reply {
    let mut request = api.request(http::Method::POST, path, body.to_string());
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    api.send(request).await
}

#[tokio::test]
async fn payment_requests_need_a_provider_that_is_connected() {
    let api = Api::start().await;
    assert_eq!(api.post("/v3/payment_requests", deposit()).await.refusal(), (403, 2011));
    assert_eq!(api.get("/v3/payments/providers/stripe").await.status, 404);
    let back = json!({ "return_url": "https://example.com/back" });
    let begun = api.post("/v3/payments/providers/stripe/connect", back).await;
    assert_eq!((begun.status.as_u16(), &begun.body["status"]), (200, &json!("onboarding")));
    assert_eq!(api.post("/v3/payment_requests", deposit()).await.refusal(), (403, 2011));
    api.sandbox.connect_payment_provider("stripe");
    let ready = json!({ "provider": "stripe", "status": "ready" });
    assert_eq!(api.get("/v3/payments/providers/stripe").await.body, ready);
    request(&api, deposit()).await;
    let natural = json!({ "amount": 1, "currency": "usd", "rail": "natural" });
    assert_eq!(api.post("/v3/payment_requests", natural).await.refusal(), (403, 2011));
    assert_eq!(api.post("/v3/payments/providers/stripe/connect", json!({})).await.refusal(), (400, 1001));
}

#[tokio::test]
async fn a_request_is_paid_called_off_or_expires_once_and_tells() {
    let api = connected().await;
    let receiver = Receiver::start().await;
    let events = ["payment.succeeded", "payment.canceled", "payment.expired"];
    api.subscribe(&receiver, "", json!({ "subscribed_events": events })).await;
    let (paid, canceled, expired) =
        (request(&api, deposit()).await, request(&api, deposit()).await, request(&api, deposit()).await);
    assert_eq!(paid.status, Some(PaymentRequestStatus::Requested));
    api.sandbox.person(ADA).pays(&paid.id).unwrap();
    let told = receiver.wait_for_event("payment.succeeded").await.body;
    assert_eq!((&told["data"]["id"], &told["data"]["amount"]), (&json!(paid.id), &json!(2500)));
    assert_eq!(told["data"]["status"], "succeeded");
    assert_eq!(status(&api, &paid.id).await, PaymentRequestStatus::Succeeded);

    let path = format!("/v3/payment_requests/{}/cancel", canceled.id);
    let off = api.post(&path, json!({})).await;
    assert_eq!((off.status.as_u16(), &off.body["status"]), (200, &json!("canceled")));
    let told = receiver.wait_for_event("payment.canceled").await.body;
    assert_eq!(told["trace_id"], off.trace_id());
    assert_eq!(api.post(&path, json!({})).await.refusal(), (409, 2015));
    let late = api.sandbox.person(ADA).pays(&canceled.id).unwrap_err();
    assert_eq!(late.code(), ErrorCode::CONFLICT);

    api.sandbox.advance(Duration::from_secs(24 * 60 * 60)).await;
    let told = receiver.wait_for_event("payment.expired").await.body;
    assert_eq!(told["data"]["id"], json!(expired.id));
    assert_eq!(status(&api, &paid.id).await, PaymentRequestStatus::Succeeded);
    assert_eq!(receiver.wait_for(3).await.len(), 3);
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_refused() {
    let api = connected().await;
    for (body, refusal) in [
        (json!({}), (400, 1001)),
        (json!({ "amount": 2500 }), (400, 1001)),
        (json!({ "mode": "subscription" }), (400, 1001)),
        (json!({ "amount": "2500", "currency": "usd" }), (400, 1003)),
        (json!({ "amount": 0, "currency": "usd" }), (400, 1005)),
        (json!({ "amount": 1, "currency": "dollars" }), (400, 1005)),
        (json!({ "amount": 1, "currency": "usd", "price_id": "price_1" }), (400, 1005)),
        (json!({ "amount": 1, "currency": "usd", "rail": "pigeon" }), (400, 1005)),
        (json!({ "amount": 1, "currency": "usd", "mode": "gift" }), (400, 1005)),
        (json!({ "amount": 1, "currency": "usd", "metadata": { "linq_a": "b" } }), (400, 1005)),
        (json!({ "amount": 1, "currency": "usd", "from": ADA }), (403, 2006)),
        (json!({ "amount": 1, "currency": "usd", "payer_handle": "555" }), (400, 1002)),
        (json!({ "price_id": "price_1", "quantity": 0 }), (400, 1005)),
    ] {
        assert_eq!(api.post("/v3/payment_requests", body.clone()).await.refusal(), refusal, "{body}");
    }
    let many: serde_json::Map<_, _> = (0..50).map(|at| (format!("k{at}"), json!("v"))).collect();
    let mut body = deposit();
    body["metadata"] = many.into();
    assert_eq!(api.post("/v3/payment_requests", body).await.refusal(), (400, 1005));
    for path in
        ["/v3/payment_requests/none", "/v3/payment_requests?limit=0", "/v3/payment_requests?offset=-1"]
    {
        assert!(api.get(path).await.status.is_client_error(), "{path}");
    }
    assert_eq!(api.get("/v3/payment_requests/none").await.refusal(), (404, 2021));
    assert_eq!(api.post("/v3/payment_requests/none/cancel", json!({})).await.refusal(), (404, 2021));
    let subscription = request(&api, json!({ "price_id": "price_1", "quantity": 3 })).await;
    assert_eq!((subscription.price_id.as_deref(), subscription.quantity), (Some("price_1"), Some(3)));
    let bens = request(&api, json!({ "amount": 1, "currency": "USD", "payer_handle": BEN })).await;
    assert_eq!(bens.currency.as_deref(), Some("usd"));
    assert!(api.sandbox.person(ADA).pays(&bens.id).is_err());
    api.sandbox.person(BEN).pays(&bens.id).unwrap();
}

#[tokio::test]
async fn requests_are_listed_newest_first_by_status_in_pages() {
    let api = connected().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(request(&api, deposit()).await.id);
    }
    api.sandbox.person(ADA).pays(&ids[1]).unwrap();
    ids.reverse();
    let page = async |query: &str| -> (Vec<PaymentRequestId>, bool) {
        let body = api.get(&format!("/v3/payment_requests{query}")).await.body;
        let page: PaymentRequestListResponse = serde_json::from_value(body).unwrap();
        (page.data.into_iter().map(|request| request.id).collect(), page.has_more.unwrap())
    };
    assert_eq!(page("").await, (ids.clone(), false));
    assert_eq!(page("?limit=2").await, (ids[..2].to_vec(), true));
    assert_eq!(page("?limit=2&offset=3").await, (ids[3..].to_vec(), false));
    assert_eq!(page("?status=succeeded").await, (vec![ids[3].clone()], false));
    assert_eq!(api.get("/v3/payment_requests?status=lost").await.refusal(), (400, 1005));
}

#[tokio::test]
async fn a_key_in_the_header_makes_one_request_and_one_payment() {
    let api = connected().await;
    let payment = json!({ "handle": ADA, "amount_cents": 100, "currency": "usd" });
    for (path, body) in [("/v3/payment_requests", deposit()), ("/v3/payments", payment)] {
        let first = post_with_key(&api, path, path, body.clone()).await;
        assert_eq!(first.status, 201, "{first:?}");
        let again = post_with_key(&api, path, path, body.clone()).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        let other = post_with_key(&api, path, &format!("{path} 2"), body).await;
        assert_ne!(other.body["id"], first.body["id"]);
        assert_eq!(post_with_key(&api, path, &"k".repeat(256), json!({})).await.refusal(), (400, 1005));
    }
    let listed = api.get("/v3/payment_requests").await.body;
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_payment_waits_for_the_person_to_connect_and_to_agree() {
    let api = Api::start().await;
    let ada = api.sandbox.person(ADA);
    let body =
        json!({ "handle": ADA, "amount_cents": 2500, "currency": "usd", "merchant": { "name": "Blue" } });
    let created = api.post("/v3/payments", body).await;
    assert_eq!(created.status, 201);
    let created: Payment = serde_json::from_value(created.body).unwrap();
    assert_eq!(created.status, Some(PaymentStatus::NeedsConnection));
    assert!(created.attach_url.is_some() && created.approval_url.is_none());
    let id: PaymentId = created.id.unwrap();
    let path = format!("/v3/payments/{id}");
    let status = async || api.get(&path).await.body["status"].clone();
    assert!(ada.approves(&id).is_err());

    let person = "/v3/payments/handles/%2B12025550199";
    let connection = async || api.get(&format!("{person}/connection")).await.body["status"].clone();
    assert_eq!(connection().await, "not_connected");
    let begun = api.post(&format!("{person}/connect"), json!({})).await.body;
    let begun: PaymentHandleConnection = serde_json::from_value(begun).unwrap();
    assert_eq!((status().await, connection().await), (json!("connecting"), json!("pending")));
    let connect_id = begun.connect_id.unwrap();
    let verify = format!("{person}/verify");
    let wrong = json!({ "connect_id": connect_id, "code": "no" });
    assert_eq!(api.post(&verify, wrong).await.refusal(), (400, 1005));
    let code = ada.payment_code().unwrap();
    let unknown = json!({ "connect_id": "none", "code": code });
    assert_eq!(api.post(&verify, unknown).await.status, 404);
    assert_eq!(api.post(&verify, json!({ "connect_id": connect_id })).await.refusal(), (400, 1001));
    let right = json!({ "connect_id": connect_id, "code": code });
    assert_eq!(api.post(&verify, right).await.body["status"], "connected");
    assert_eq!((status().await, ada.payment_code()), (json!("awaiting_user_action"), None));

    let credentials = format!("{path}/credentials");
    assert_eq!(api.get(&credentials).await.refusal(), (409, 2015));
    assert_eq!(api.sandbox.person(BEN).approves(&id).unwrap_err().status(), 404);
    ada.approves(&id).unwrap();
    assert_eq!(status().await, "ready");
    let handoff = api.get(&credentials).await.body;
    let handoff: PaymentCredentialsResponse = serde_json::from_value(handoff).unwrap();
    assert!(handoff.handoff.unwrap().card_ref.is_some());

    let cancel = format!("{path}/cancel");
    assert_eq!(api.post(&cancel, json!({})).await.body["status"], "canceled");
    assert_eq!(api.post(&cancel, json!({})).await.refusal(), (409, 2015));
    assert_eq!(api.get(&credentials).await.refusal(), (409, 2015));
    assert_eq!(api.delete(&format!("{person}/connection")).await.body["status"], "revoked");
    for (path, body, refusal) in [
        ("/v3/payments", json!({ "amount_cents": 1, "currency": "usd" }), (400, 1001)),
        ("/v3/payments", json!({ "handle": "555", "amount_cents": 1, "currency": "usd" }), (400, 1002)),
        ("/v3/payments", json!({ "handle": ADA, "amount_cents": 0, "currency": "usd" }), (400, 1005)),
        ("/v3/payments", json!({ "handle": ADA, "amount_cents": 1.5, "currency": "usd" }), (400, 1003)),
    ] {
        assert_eq!(api.post(path, body.clone()).await.refusal(), refusal, "{body}");
    }
    assert_eq!(api.get("/v3/payments/none").await.status, 404);
}
