use http::{Method, Request};
use http_body_util::Full;
use linq_types::Operation;
use serde_json::json;

use crate::it::api::{ADA, Api, LINE, text_message};

#[tokio::test]
async fn rule_1_no_or_a_wrong_key_is_401_with_2004_everywhere_and_a_foreign_line_403_with_2006() {
    let api = Api::still().await;
    let control = format!("{}/reset", api.sandbox.control_url());
    let urls = Operation::ALL.iter().map(|operation| {
        (
            Method::from_bytes(operation.method().as_str().as_bytes()).unwrap(),
            format!("{}{}", api.sandbox.base_url(), operation.route().replace(['{', '}'], "")),
        )
    });
    for (method, url) in urls.chain([(Method::POST, control)]) {
        for authorization in [None, Some("Bearer wrong"), Some("Basic abc"), Some("Bearer"), Some("")] {
            let mut request = Request::new(Full::default());
            *request.method_mut() = method.clone();
            *request.uri_mut() = url.parse().unwrap();
            if let Some(authorization) = authorization {
                request.headers_mut().insert("authorization", authorization.parse().unwrap());
            }
            assert_eq!(api.send(request).await.refusal(), (401, 2004), "{method} {url} {authorization:?}");
        }
    }
    let foreign = json!({ "from": "+12025550111", "to": [ADA], "message": text_message("hi") });
    assert_eq!(api.post("/v3/chats", foreign).await.refusal(), (403, 2006));
}

#[tokio::test]
async fn rule_2_every_answer_has_a_trace_id_and_errors_repeat_it_in_their_envelope() {
    let api = Api::still().await;
    let created = api.create_chat(&[ADA], "hi").await;
    let refused = api.get("/v3/chats/none/messages").await;
    let unknown = api.get("/v3/nowhere").await;
    let control = api.control(Method::GET, "/time", json!(null)).await;
    let mut trace_ids = Vec::new();
    for reply in [&created, &refused, &unknown, &control] {
        let trace_id = reply.trace_id();
        assert!(trace_id.len() == 32 && trace_id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{reply:?}");
        assert!(!trace_ids.contains(&trace_id));
        trace_ids.push(trace_id);
    }
    for reply in [&refused, &unknown] {
        assert_eq!(reply.body["success"], false);
        assert_eq!(reply.body["trace_id"], reply.trace_id());
        let error = &reply.body["error"];
        assert_eq!(error["status"], reply.status.as_u16());
        assert!(error["code"].is_u64() && error["message"].is_string() && error["doc_url"].is_string());
    }
    assert!(created.body.get("trace_id").is_none());
}

#[tokio::test]
async fn rule_3_a_body_that_cannot_be_is_400_with_the_code_of_its_fault_and_the_name_of_the_field() {
    let api = Api::still().await;
    let chat = |from, to, message| json!({ "from": from, "to": to, "message": message }).to_string();
    let text = text_message("hi");
    for (body, code, field) in [
        ("{".to_owned(), 1003, ""),
        ("[]".to_owned(), 1003, ""),
        (json!({ "from": LINE, "to": [ADA] }).to_string(), 1001, "message"),
        (json!({ "from": LINE, "message": text }).to_string(), 1001, "to"),
        (chat(json!(7), json!([ADA]), text.clone()), 1003, "from"),
        (chat(json!(LINE), json!(ADA), text.clone()), 1003, "to"),
        (chat(json!(LINE), json!([ADA, 8]), text.clone()), 1003, "to[1]"),
        (chat(json!("12025550100"), json!([ADA]), text.clone()), 1002, "from"),
        (chat(json!(LINE), json!(["555-0199"]), text.clone()), 1002, "to[0]"),
        (chat(json!(LINE), json!([ADA]), json!({ "parts": [] })), 1004, "parts"),
        (
            chat(json!(LINE), json!([ADA]), json!({ "parts": [{ "type": "text", "value": "" }] })),
            1004,
            "parts[0]",
        ),
        (chat(json!(LINE), json!([LINE]), text.clone()), 1005, "to"),
    ] {
        let reply = api.send(api.request(Method::POST, "/v3/chats", body.clone())).await;
        assert_eq!(reply.refusal(), (400, code), "{body}");
        assert!(reply.error_message().contains(field), "{body}: {}", reply.error_message());
    }
}

#[tokio::test]
async fn rule_4_unknown_body_fields_are_ignored() {
    let api = Api::still().await;
    let part = json!({ "type": "text", "value": "hi", "font": "serif" });
    let message = json!({ "parts": [part], "mood": { "deep": [1] } });
    let body = json!({ "from": LINE, "to": [ADA], "message": message, "colour": null });
    let created = api.post("/v3/chats", body).await;
    assert_eq!(created.status, 201);
    assert!(created.body["chat"]["message"]["parts"][0].get("font").is_none());
    assert!(created.body["chat"]["message"].get("mood").is_none());
}
