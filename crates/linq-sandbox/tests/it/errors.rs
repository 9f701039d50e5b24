use http::Method;
use serde_json::json;

use super::api::{ADA, Api, LINE, text_message};

#[tokio::test]
async fn a_refusal_has_the_envelope_with_doc_url_and_trace_id() {
    let api = Api::start().await;
    let reply = api.get("/v3/chats/none/messages").await;
    let envelope = json!({
        "success": false,
        "error": {
            "status": 404,
            "code": 2001,
            "message": "there is no chat `none`",
            "doc_url": "https://docs.linqapp.com/error/codes/2xxx/2001/",
        },
        "trace_id": reply.trace_id(),
    });
    assert_eq!(reply.body, envelope);
    assert_eq!(reply.headers["content-type"], "application/json");
}

#[tokio::test]
async fn an_unknown_route_is_404_with_the_envelope() {
    let api = Api::start().await;
    for (method, path) in [
        (Method::GET, "/v3/nowhere"),
        (Method::PATCH, "/v3/chats"),
        (Method::GET, "/v3/chats/"),
        (Method::GET, "/v3"),
        (Method::GET, "/v1/chats"),
        (Method::DELETE, "/v3/webhook-subscriptions"),
        (Method::GET, "/v3/messages/%ff/thread"),
    ] {
        let reply = api.send(api.request(method, path, "")).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.body["success"], false, "{path}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_parse_is_400_with_1003() {
    let api = Api::start().await;
    for body in ["", "{", "<html>", "nonsense", "[]", "null", "7", "\u{feff}{}", "[\"+1\", [], {}]"] {
        let reply = api.send(api.request(Method::POST, "/v3/chats", body)).await;
        assert_eq!(reply.refusal(), (400, 1003), "{body}");
    }
    let not_text = api.send(api.request(Method::POST, "/v3/chats", &b"{\"from\": \"\xff\xfe\"}"[..])).await;
    assert_eq!(not_text.refusal(), (400, 1003));
}

#[tokio::test]
async fn a_missing_field_is_400_with_1001_and_its_name() {
    let api = Api::start().await;
    for (body, field) in [
        (json!({ "to": [ADA], "message": text_message("hi") }), "from"),
        (json!({ "from": LINE, "message": text_message("hi") }), "to"),
        (json!({ "from": LINE, "to": [ADA] }), "message"),
        (json!({ "from": LINE, "to": [ADA], "message": {} }), "message.parts"),
        (json!({ "from": LINE, "to": [ADA], "message": { "parts": [{ "type": "text" }] } }), "value"),
        (json!({ "from": LINE, "to": [ADA], "message": { "parts": [{ "value": "hi" }] } }), "type"),
    ] {
        let reply = api.post("/v3/chats", body).await;
        assert_eq!(reply.refusal(), (400, 1001), "{reply:?}");
        assert!(reply.error_message().contains(&format!("`{field}`")), "{reply:?}");
    }
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_400_with_its_path() {
    let api = Api::start().await;
    for (body, path) in [
        (json!({ "from": 7, "to": [ADA], "message": text_message("hi") }), "from"),
        (json!({ "from": LINE, "to": ADA, "message": text_message("hi") }), "to"),
        (json!({ "from": LINE, "to": [ADA, 7], "message": text_message("hi") }), "to[1]"),
        (json!({ "from": LINE, "to": [ADA], "message": "hi" }), "message"),
        (json!({ "from": LINE, "to": [ADA], "message": { "parts": "hi" } }), "message.parts"),
    ] {
        let reply = api.post("/v3/chats", body).await;
        assert_eq!(reply.refusal(), (400, 1003), "{reply:?}");
        assert!(reply.error_message().starts_with(&format!("`{path}`: ")), "{reply:?}");
    }
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named_wherever_it_is() {
    let api = Api::start().await;
    for (method, path, body, field) in [
        (Method::POST, "/v3/attachments", json!({ "filename": 7 }), "filename"),
        (Method::POST, "/v3/contact_card", json!({ "phone_number": [] }), "phone_number"),
        (
            Method::PATCH,
            "/v3/contact_card?phone_number=%2B12025550100",
            json!({ "last_name": 7 }),
            "last_name",
        ),
        (Method::POST, "/v3/capability/check_rcs", json!({ "address": ADA, "from": true }), "from"),
        (Method::PUT, "/v3/phone_numbers/none", json!({ "forwarding_number": {} }), "forwarding_number"),
        (Method::POST, "/v3/blocked_handles", json!({ "handle": ADA, "reason": 7 }), "reason"),
        (Method::DELETE, "/v3/blocked_handles", json!({ "handle": null }), "handle"),
        (Method::POST, "/v3/payment_requests", json!({ "discount": { "coupon": 7 } }), "discount.coupon"),
        (Method::POST, "/v3/payments", json!({ "handle": ADA, "amount_cents": "1" }), "amount_cents"),
        (Method::POST, "/v3/payments/providers/stripe/connect", json!({ "return_url": 7 }), "return_url"),
        (Method::POST, "/v3/payments/handles/%2B1/verify", json!({ "connect_id": 7 }), "connect_id"),
        (Method::PUT, "/v3/webhook-subscriptions/none", json!({ "is_active": "no" }), "is_active"),
        (Method::PUT, "/v3/webhook-subscriptions/none", json!({ "phone_numbers": [7] }), "phone_numbers[0]"),
    ] {
        let reply = api.send(api.request(method, path, body.to_string())).await;
        assert_eq!(reply.refusal(), (400, 1003), "{path}: {reply:?}");
        assert!(reply.error_message().starts_with(&format!("`{field}`: ")), "{path}: {reply:?}");
    }
}

#[tokio::test]
async fn a_number_that_is_not_e164_is_400_with_1002() {
    let api = Api::start().await;
    for (from, to) in [("12025550100", ADA), (LINE, "555-0199"), (LINE, ""), (LINE, "+1 202 555 0199")] {
        let body = json!({ "from": from, "to": [to], "message": text_message("hi") });
        assert_eq!(api.post("/v3/chats", body).await.refusal(), (400, 1002), "{from} {to}");
    }
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_413() {
    let api = Api::start().await;
    let reply = api.send(api.request(Method::POST, "/v3/chats", vec![b' '; 1024 * 1024 + 1])).await;
    assert_eq!(reply.status, 413);
    assert_eq!(reply.body["error"]["status"], 413);
    assert_eq!(api.create_chat(&[ADA], "still there").await.status, 201);
}

#[tokio::test]
async fn no_body_makes_the_sandbox_fall_over() {
    let api = Api::start().await;
    let (chat_id, message_id) = api.chat_with_ada().await;
    let paths = [
        "/v3/chats".to_owned(),
        format!("/v3/chats/{chat_id}/messages"),
        format!("/v3/messages/{message_id}/reactions"),
        "/v3/webhook-subscriptions".to_owned(),
        "/v3/attachments".to_owned(),
        "/v3/contact_card".to_owned(),
        "/v3/capability/check_imessage".to_owned(),
        "/v3/blocked_handles".to_owned(),
        "/v3/payment_requests".to_owned(),
        "/v3/payments".to_owned(),
        "/v3/payments/providers/stripe/connect".to_owned(),
        "/v3/payments/handles/none/verify".to_owned(),
    ];
    let deep = "[".repeat(100_000);
    let bodies = [
        "{\"message\":".to_owned() + &deep,
        r#"{"message":{"parts":[{"type":"text","value":"a","text_decorations":[{"range":[4294967295,0],"style":"bold"}]}]}}"#.to_owned(),
        r#"{"message":{"parts":[{"type":"text","value":"a","text_decorations":[{"range":[-1,1]}]}]}}"#.to_owned(),
        r#"{"operation":"add","type":"love","part_index":4294967295}"#.to_owned(),
        r#"{"operation":"add","type":"love","part_index":-1}"#.to_owned(),
        r#"{"target_url":"http://[::1","subscribed_events":["message.sent"]}"#.to_owned(),
        r#"{"target_url":"https://","subscribed_events":["message.sent"]}"#.to_owned(),
        r#"{"message":[],"to":{},"from":[]}"#.to_owned(),
    ];
    for path in &paths {
        for body in &bodies {
            let reply = api.send(api.request(Method::POST, path, body.clone())).await;
            assert!(reply.status.is_client_error() || reply.status == 500, "{path}: {reply:?}");
            assert!(reply.body["error"]["code"].is_u64(), "{path}: {reply:?}");
        }
    }
}
