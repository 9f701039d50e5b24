//! Requests whose texts and names of fields have half of a surrogate pair, as JavaScript cuts an emoji.

use http::{Method, StatusCode};
use serde_json::Value;

use super::api::{ADA, Api, BEN, LINE, Reply};

/// Sends a body with half of a pair in place of each `?`.
async fn send(api: &Api, method: Method, path: &str, body: &str) -> Reply {
    let body = body.replace('?', r"\ud83c");
    let reply = api.send(api.request(method, path, body)).await;
    assert!(reply.status.is_success(), "{path}: {reply:?}");
    reply
}

#[tokio::test]
async fn half_of_a_surrogate_pair_is_the_replacement_character_in_every_request() {
    let api = Api::start().await;
    let new = format!(
        r#"{{"from":"{LINE}","to":["{ADA}","{BEN}"],"message":{{"parts":[{{"type":"text","value":"a?"}}]}}}}"#
    );
    let chat = send(&api, Method::POST, "/v3/chats", &new).await;
    assert_eq!(chat.body["chat"]["message"]["parts"][0]["value"], "a\u{fffd}");
    let chat_id = chat.body["chat"]["id"].as_str().unwrap();

    let path = format!("/v3/chats/{chat_id}/messages");
    let message = r#"{"message":{"parts":[{"type":"text","value":"party ?"}],"idempotency_key":"k?"}}"#;
    let sent = send(&api, Method::POST, &path, message).await;
    assert_eq!(sent.body["message"]["parts"][0]["value"], "party \u{fffd}");
    let listed = api.get(&path).await;
    assert_eq!(listed.body["messages"][0]["parts"][0]["value"], "party \u{fffd}");

    let message_id = sent.body["message"]["id"].as_str().unwrap().to_owned();
    api.wait_for_status(&message_id.as_str().into(), "read").await;
    let path = format!("/v3/messages/{message_id}");
    let edited = send(&api, Method::PATCH, &path, r#"{"text":"party ?!"}"#).await;
    assert_eq!(edited.body["parts"][0]["value"], "party \u{fffd}!");

    let poll = r#"{"poll":{"options":[{"text":"six?"},{"text":"seven"}]}}"#;
    let poll = send(&api, Method::POST, &format!("/v3/chats/{chat_id}/polls"), poll).await;
    assert_eq!(poll.body["poll"]["options"][0]["text"], "six\u{fffd}");

    let name = r#"{"display_name":"The ? team"}"#;
    send(&api, Method::PUT, &format!("/v3/chats/{chat_id}"), name).await;
    let blocked = format!(r#"{{"handle":"{BEN}","reason":"?"}}"#);
    let blocked = send(&api, Method::POST, "/v3/blocked_handles", &blocked).await;
    assert_eq!(blocked.body["blocked_handle"]["reason"], "\u{fffd}");
}

#[tokio::test]
async fn half_of_a_surrogate_pair_in_the_name_of_an_unknown_field_is_read_like_any_other_name() {
    let api = Api::start().await;
    let (chat_id, _) = api.chat_with_ada().await;
    let path = format!("/v3/chats/{chat_id}/messages");
    let body =
        |name: &str| format!(r#"{{"message":{{"parts":[{{"type":"text","value":"hi"}}]}},"{name}":1}}"#);
    let with = async |name: &str| -> (StatusCode, Value) {
        let reply = api.send(api.request(Method::POST, &path, body(name))).await;
        (reply.status, reply.body["message"]["parts"][0]["value"].clone())
    };
    assert_eq!(with(r"brand_new\ud83c").await, with("brand_new").await);
}
