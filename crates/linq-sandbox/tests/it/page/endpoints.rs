//! The control endpoints that the page needs.

use http::{Method, StatusCode};
use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::super::api::{ADA, Api, BEN, LINE};

#[tokio::test]
async fn lines_people_and_chats_are_listed() {
    let api = Api::still().await;
    api.chat_with_ada().await;
    let said = api.sandbox.person(BEN).says("Hi!").unwrap();
    let list = async |name: &str| {
        api.control(Method::GET, &format!("/{name}"), json!(null)).await.body[name]
            .as_array()
            .unwrap()
            .clone()
    };
    assert_eq!(list("lines").await[0]["phone_number"], LINE);
    let mut handles: Vec<_> = list("people").await.iter().map(|person| person["handle"].clone()).collect();
    handles.sort_by_key(ToString::to_string);
    assert_eq!(handles, [BEN, ADA]);
    let chats = list("chats").await;
    assert_eq!((chats.len(), &chats[0]["id"]), (2, &json!(said.chat_id)));
}

#[tokio::test]
async fn one_fault_is_removed_by_its_text() {
    let api = Api::still().await;
    for fault in ["*: 503 0.5", "chats.create: ok, 503", "*: 503 0.5"] {
        api.sandbox.inject_fault(fault.parse().unwrap()).unwrap();
    }
    let remove = async |fault: &str| {
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("fault", fault).finish();
        api.control(Method::DELETE, &format!("/faults?{query}"), json!(null)).await
    };
    assert_eq!(remove("*: 503 0.5").await.status, 204);
    assert_eq!(remove("POST /v3/chats: ok, 503").await.status, 204);
    assert_eq!(api.sandbox.faults().iter().map(ToString::to_string).collect::<Vec<_>>(), ["*: 503 0.5"]);
    assert_eq!(remove("*: 500").await.refusal(), (404, 1005));
    assert_eq!(remove("nonsense").await.refusal(), (400, 1005));
    assert_eq!(api.control(Method::DELETE, "/faults", json!(null)).await.status, 204);
    assert!(api.sandbox.faults().is_empty());
}

#[tokio::test]
async fn a_file_is_uploaded_at_once_and_a_person_sends_it() {
    let api = Api::still().await;
    let upload = async |query: &str, size: usize| {
        let mut request = api.control_request(Method::POST, &format!("/attachments{query}"), vec![7; size]);
        request.headers_mut().insert("content-type", "image/png".parse().unwrap());
        api.try_send(request).await
    };
    let size = 10 * 1024 * 1024;
    let uploaded = upload("?filename=caf%C3%A9.png", size).await.unwrap();
    assert_eq!(uploaded.status, 200, "{uploaded:?}");
    let message = json!({ "parts": [{ "type": "media", "attachment_id": uploaded.body["attachment_id"] }] });
    let sent =
        api.control(Method::POST, &format!("/people/{ADA}/sends"), json!({ "message": message })).await;
    let sent = api.get(&format!("/v3/messages/{}", sent.body["message_id"].as_str().unwrap())).await.body;
    let part = &sent["parts"][0];
    assert_eq!((&part["filename"], &part["mime_type"]), (&json!("café.png"), &json!("image/png")));
    for url in [&part["url"], &uploaded.body["url"]] {
        let mut request = api.request(Method::GET, "", "");
        request.headers_mut().remove("authorization");
        *request.uri_mut() = url.as_str().unwrap().parse().unwrap();
        let file = api.exchange(request).await;
        assert_eq!((file.status(), file.body().len()), (StatusCode::OK, size));
    }
    assert_eq!(upload("", 1).await.unwrap().refusal(), (400, 1001));
    assert_eq!(upload("?filename=a.png", 0).await.unwrap().status, 400);
    assert_eq!(upload(&format!("?filename={}", "a".repeat(256)), 1).await.unwrap().status, 400);
    if let Some(refused) = upload("?filename=a.png", size + 1).await {
        assert_eq!(refused.status, 413);
    }
}

#[tokio::test]
async fn the_index_has_what_completes_a_fault() {
    let api = Api::still().await;
    let index = api.control(Method::GET, "/", json!(null)).await.body;
    let list = |name: &str| -> Vec<String> {
        index[name].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    let targets = list("operations").into_iter();
    let targets =
        targets.chain(list("event_types").into_iter().map(|event_type| format!("webhook {event_type}")));
    for target in targets {
        let fault =
            list("fault_effects").into_iter().find_map(|effect| format!("{target}: {effect}").parse().ok());
        let fault: linq_sandbox::Fault = fault.unwrap_or_else(|| panic!("{target}"));
        api.sandbox.inject_fault(fault).unwrap();
    }
}

#[tokio::test]
async fn a_path_that_nothing_serves_is_no_such_endpoint() {
    let api = Api::with(Sandbox::builder().manual_time()).await;
    for path in ["/v3/comets", "/v3/chats/a/b/c"] {
        let refused = api.get(path).await;
        assert_eq!(refused.refusal(), (404, 1005));
        let expected = format!("no such endpoint: GET /api/partner{path}; ");
        assert!(refused.error_message().starts_with(&expected), "{refused:?}");
    }
    let refused = api.control(Method::GET, "/nothing", Value::Null).await;
    assert!(refused.error_message().starts_with("no such endpoint: GET /sandbox/nothing; "), "{refused:?}");
}
