use std::{
    net::{Ipv4Addr, TcpListener},
    process::{Command, Output},
};

use linq_sandbox::Sandbox;
use serde_json::{Value, json};

fn linq(base_url: &str, key: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_linq"))
        .arg("call")
        .args(arguments)
        .env("LINQ_API_V3_BASE_URL", base_url)
        .env("LINQ_API_V3_API_KEY", key)
        .output()
        .unwrap()
}

fn json(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(text)))
}

/// Calls where nothing listens: what gets that far ends with exit code 1.
fn without_service(arguments: &[&str]) -> Output {
    let unused = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    linq(&format!("http://{unused}/api/partner"), "key", arguments)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_json_on_stdout_and_an_error_is_json_on_stderr_with_exit_1() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let call = |key: &str, arguments: &[&str]| linq(sandbox.base_url(), key, arguments);
    let body = json!({
        "from": sandbox.phone_number(),
        "to": ["+12025550199"],
        "message": {"parts": [{"type": "text", "value": "Hello!"}]},
    });
    let parameters = json!({ "body": body }).to_string();
    let created = call(sandbox.api_key(), &["chats.create", "--json", &parameters]);
    assert_eq!(created.status.code(), Some(0), "{created:?}");
    let chat = json(&created.stdout)["chat"]["id"].clone();
    let parameters = json!({"path_params": {"chat_id": chat}, "query": {"limit": 1}}).to_string();
    let listed = call(sandbox.api_key(), &["chats.messages.list", "--json", &parameters]);
    assert_eq!(json(&listed.stdout)["messages"][0]["parts"][0]["value"], "Hello!");

    let refused = call("wrong", &["phone_numbers.list"]);
    assert_eq!((refused.status.code(), refused.stdout.is_empty()), (Some(1), true));
    let error = &json(&refused.stderr)["error"];
    assert_eq!(
        (&error["kind"], &error["status"], &error["code"]),
        (&json!("Api"), &json!(401), &json!(2004))
    );
}

#[test]
fn parameters_that_do_not_fit_are_exit_2_with_their_path() {
    for (endpoint, parameters, path) in [
        ("chats.invented", "{}", ""),
        ("chats.create", "{", ""),
        ("chats.create", "[]", ""),
        ("chats.create", "{}", "body"),
        ("chats.create", r#"{"invented": 1}"#, "body"),
        ("phone_numbers.list", r#"{"invented": 1}"#, "invented"),
        ("phone_numbers.list", r#"{"query": {"limit": 1}}"#, "query.limit"),
        ("phone_numbers.list", r#"{"headers": {"Idempotency-Key": "k"}}"#, "headers.idempotency-key"),
        ("chats.messages.list", "{}", "path_params"),
        ("chats.messages.list", r#"{"path_params": {"chat_id": 1}}"#, "path_params.chat_id"),
        (
            "chats.messages.list",
            r#"{"path_params": {"chat_id": "c"}, "query": {"limit": "1"}}"#,
            "query.limit",
        ),
        ("chats.typing.start", r#"{"path_params": {"chat_id": "c"}, "body": {"a": 1}}"#, "body.a"),
        ("chats.typing.start", r#"{"path_params": {"chat_id": "c"}, "body": "a"}"#, "body"),
        (
            "chats.messages.send",
            r#"{"path_params": {"chat_id": "c"}, "body": {"message": {"parts": [{"type": "text", "valu": "a"}]}}}"#,
            "body.message.parts",
        ),
        (
            "chats.messages.send",
            r#"{"path_params": {"chat_id": "c"}, "body": {"message": {"effect": {"nam": "confetti"}}}}"#,
            "body.message.effect.nam",
        ),
    ] {
        let output = without_service(&[endpoint, "--json", parameters]);
        assert_eq!(
            (output.status.code(), output.stdout.is_empty()),
            (Some(2), true),
            "{endpoint} {parameters}"
        );
        assert_eq!(json(&output.stderr)["error"]["path"], path, "{endpoint} {parameters}");
    }
}

#[test]
fn absent_and_empty_parts_are_fine() {
    for parameters in
        ["{}", r#"{"path_params": {}, "query": {}, "headers": {}, "body": {}}"#, r#"{"body": null}"#]
    {
        let output = without_service(&["phone_numbers.list", "--json", parameters]);
        assert_eq!(output.status.code(), Some(1), "{parameters}");
        assert_eq!(json(&output.stderr)["error"]["kind"], "Connect", "{parameters}");
    }
}

#[test]
fn a_rule_that_is_broken_is_an_error_unless_the_checks_are_off() {
    let parameters = r#"{"path_params": {"chat_id": "c"}, "body": {"message": {"parts": []}}}"#;
    for (arguments, kind) in [
        (&["chats.messages.send", "--json", parameters][..], "InvalidRequest"),
        (&["chats.messages.send", "--json", parameters, "--no-checks"][..], "Connect"),
    ] {
        let output = without_service(arguments);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(json(&output.stderr)["error"]["kind"], kind);
    }
}

#[test]
fn the_list_has_every_endpoint_once() {
    let output = without_service(&["--list"]);
    let list = String::from_utf8(output.stdout).unwrap();
    let mut sorted: Vec<_> = list.lines().collect();
    assert!(sorted.contains(&"messages.poll.vote") && sorted.contains(&"chats.create"));
    let printed = sorted.len();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!((sorted.len(), printed), (70, 70));
}
