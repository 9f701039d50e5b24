//! Halves of surrogate pairs, which JavaScript writes when it cuts an emoji, are read as U+FFFD.

use bytes::Bytes;
use http::Method;
use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, LINE, Reply},
    receiver::Receiver,
};

/// Stands for a half in the bodies here, and for what it is read as.
const HALF: &str = "\u{fffd}";

/// Sends the body with a half of a pair in each place of [`HALF`].
async fn send(api: &Api, method: Method, path: &str, body: &Value, half: &str) -> Reply {
    let body = body.to_string().replace(HALF, half);
    let request = if path.starts_with("/v3") {
        api.request(method, path, Bytes::from(body))
    } else {
        api.control_request(method, path, Bytes::from(body))
    };
    api.send(request).await
}

#[tokio::test]
async fn half_a_surrogate_pair_in_a_request_is_read_as_u_fffd_in_values_and_in_names() {
    for half in [r"\ud83c", r"\udf89", r"\uD83C", r"\udf89\ud83c", r"\ud83c\ud83c"] {
        let api = Api::with(Sandbox::builder().manual_time()).await;
        let receiver = Receiver::start().await;
        let events = ["message.received", "message.sent", "message.edited", "chat.group_name_updated"];
        api.subscribe(&receiver, "", json!({ "subscribed_events": events })).await;
        api.sandbox.connect_payment_provider("stripe");
        let (chat_id, message_id) = api.chat_with_ada().await;
        let text = format!("party {HALF}");
        let message =
            json!({ "parts": [{ "type": "text", "value": text, HALF: HALF }], HALF: { HALF: [HALF] } });
        let group = api.create_chat(&[ADA, "+12025550198", "+12025550197"], "Hello").await;
        let group = group.body["chat"]["id"].as_str().unwrap().to_owned();
        api.advance_secs(10).await;

        let requests = [
            (Method::POST, "/v3/chats".to_owned(), json!({ "from": LINE, "to": [ADA], "message": message })),
            (
                Method::POST,
                format!("/v3/chats/{chat_id}/messages"),
                json!({ "message": message, HALF: null }),
            ),
            (Method::POST, "/v3/messages".to_owned(), json!({ "to": [ADA], "message": message })),
            (Method::PATCH, format!("/v3/messages/{message_id}"), json!({ "text": text, HALF: HALF })),
            (
                Method::POST,
                format!("/v3/chats/{chat_id}/polls"),
                json!({ "poll": { "options": [{ "text": text }, { "text": "b" }], "idempotency_key": HALF } }),
            ),
            (Method::PUT, format!("/v3/chats/{group}"), json!({ "display_name": text })),
            (
                Method::POST,
                "/v3/contact_card".to_owned(),
                json!({ "phone_number": LINE, "first_name": text, "last_name": HALF }),
            ),
            (
                Method::POST,
                "/v3/payment_requests".to_owned(),
                json!({ "amount": 1, "currency": "usd", "metadata": { HALF: text } }),
            ),
            (
                Method::POST,
                "/v3/attachments".to_owned(),
                json!({ "filename": format!("{text}.png"), "content_type": "image/png", "size_bytes": 1 }),
            ),
            (
                Method::POST,
                "/v3/blocked_handles".to_owned(),
                json!({ "handle": "+12025550155", "reason": text }),
            ),
            (Method::POST, format!("/people/{ADA}/says"), json!({ "text": text })),
            (Method::POST, format!("/people/{ADA}/sends"), json!({ "message": message })),
            (Method::POST, format!("/people/{ADA}/renames"), json!({ "chat_id": group, "name": text })),
        ];
        for (method, path, body) in requests {
            let reply = send(&api, method, &path, &body, half).await;
            assert!(reply.status.is_success(), "{path} {half}: {reply:?}");
        }
        api.advance_secs(10).await;

        let read = "party ".to_owned() + &HALF.repeat(half.len() / 6);
        let listed = api.get(&format!("/v3/chats/{chat_id}/messages")).await.body;
        let texts: Vec<_> =
            listed["messages"].as_array().unwrap().iter().map(|one| &one["parts"][0]["value"]).collect();
        assert_eq!(texts.iter().filter(|text| **text == &json!(read)).count(), 6, "{half}: {texts:?}");
        let received = receiver.received();
        for event_type in events {
            let found = received
                .iter()
                .find(|one| one.event_type() == event_type && one.body.to_string().contains(&read));
            assert!(found.is_some(), "{event_type} {half}: {received:#?}");
        }
        let requests = api.get("/v3/payment_requests").await.body;
        assert_eq!(requests["data"][0]["metadata"], json!({ HALF.repeat(half.len() / 6): read }));
        assert_eq!(api.get("/v3/contact_card").await.body["contact_cards"][0]["first_name"], read);
    }
}

#[tokio::test]
async fn a_whole_pair_is_its_character_and_an_incomplete_escape_is_400() {
    let api = Api::still().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let path = format!("/v3/chats/{chat_id}/messages");
    let message = json!({ "message": { "parts": [{ "type": "text", "value": HALF }] } });
    let sent = send(&api, Method::POST, &path, &message, r"\ud83c\udf89").await;
    assert_eq!(sent.body["message"]["parts"][0]["value"], "🎉");
    for incomplete in [r"\ud83", r"\u", r"\ud83c\u", r"\ud83c\x", r"\udzzz"] {
        let refused = send(&api, Method::POST, &path, &message, incomplete).await;
        assert_eq!(refused.refusal(), (400, 1003), "{incomplete}");
    }
}
