//! Calls of endpoints that are not in the operation table.

use http::Method;
use linq_core::{ErrorKind, TransportErrorKind};
use serde_json::{Value, json};

use super::script::{Answer, Script, both};

const PATH: &str = "/v3/new-thing";

fn nothing() -> Answer {
    Answer::Response { status: 204, headers: Vec::new(), body: "".into() }
}

fn lost() -> Answer {
    Answer::Fails(TransportErrorKind::Other)
}

#[tokio::test]
async fn an_empty_response_decodes_as_unit() {
    for (outcome, script) in both!([nothing()], |client| client.request::<()>(Method::DELETE, PATH)) {
        outcome.unwrap();
        assert_eq!(script.played().requests.len(), 1);
    }
    for (outcome, _) in both!([nothing()], |client| client.request::<Value>(Method::POST, PATH)) {
        assert_eq!(outcome.unwrap(), Value::Null);
    }
}

#[tokio::test(start_paused = true)]
async fn not_found_is_success_for_a_repeated_delete_only() {
    let gone = Answer::error(404, 2001);
    for (outcome, _) in both!([lost(), gone.clone()], |client| client.request::<()>(Method::DELETE, PATH)) {
        outcome.unwrap();
    }
    for (outcome, _) in both!([gone.clone()], |client| client.request::<()>(Method::DELETE, PATH)) {
        assert!(outcome.unwrap_err().is_not_found());
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_makes_a_call_repeatable_however_it_is_given_and_only_while_it_is_sent() {
    let answers = [lost(), Answer::json(200, &json!({"done": true}))];
    for (outcome, script) in both!(answers.clone(), |client| {
        client.request::<Value>(Method::POST, PATH).idempotency_key("k1").with_meta()
    }) {
        assert_eq!(outcome.unwrap().meta.idempotency_key().unwrap(), "k1");
        assert!(script.played().requests.iter().all(|request| request.headers["idempotency-key"] == "k1"));
    }
    for (outcome, script) in both!(answers.clone(), |client| {
        client.request::<Value>(Method::POST, PATH).header("Idempotency-Key", "k2").with_meta()
    }) {
        assert_eq!(outcome.unwrap().meta.idempotency_key().unwrap(), "k2");
        assert_eq!(script.played().requests.len(), 2);
    }
    for (outcome, script) in both!([lost()], |client| {
        client.request::<Value>(Method::POST, PATH).idempotency_key("k3").without_header("idempotency-key")
    }) {
        let error = outcome.unwrap_err();
        assert!(error.maybe_sent() && error.idempotency_key().is_none());
        assert!(!script.played().requests[0].headers.contains_key("idempotency-key"));
    }
}

#[tokio::test]
async fn a_query_in_the_path_stays_as_it_was_written() {
    let script = Script::new([nothing()]);
    let call = script.client();
    call.request::<()>(Method::GET, "v3/things?to=a&to=b%20c&flag").query("x", "1 2").await.unwrap();
    assert_eq!(script.played().requests[0].uri.query(), Some("to=a&to=b%20c&flag&x=1+2"));
}

#[tokio::test]
async fn dot_segments_in_a_path_are_rejected_encoded_or_not() {
    for path in ["/v3/../admin", "/v3/%2e%2E/admin"] {
        for (outcome, script) in both!([], |client| client.request::<()>(Method::GET, path)) {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidRequest);
            assert!(script.played().requests.is_empty());
        }
    }
}
