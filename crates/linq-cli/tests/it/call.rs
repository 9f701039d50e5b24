use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use linq::types::Operation;
use linq_sandbox::{Fault, FaultEffect, FaultTarget, Sandbox};
use serde_json::{Value, json};

use super::running::{self, with_input};

fn linq_command(base_url: &str, key: &str, arguments: &[&str]) -> Command {
    let mut command = running::linq(&[&["call"], arguments].concat());
    command.env("LINQ_API_V3_BASE_URL", base_url).env("LINQ_API_V3_API_KEY", key);
    command
}

fn linq(base_url: &str, key: &str, arguments: &[&str]) -> Output {
    linq_command(base_url, key, arguments).output().unwrap()
}

fn json(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(text)))
}

/// Runs `linq call` against a closed port: a request that is sent ends with exit code 1.
fn without_service(arguments: &[&str]) -> Output {
    let unused = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    linq(&format!("http://{unused}/api/partner"), "key", arguments)
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_are_json_on_stdout_and_errors_are_sentences_or_json_on_stderr() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let call = |key: &str, arguments: &[&str]| linq(sandbox.base_url(), key, arguments);
    let body = json!({
        "from": sandbox.phone_number(),
        "to": ["+12025550199"],
        "message": {"parts": [{"type": "text", "value": "Hello!"}]},
    });
    let parameters = json!({ "body": body }).to_string();
    let created = call(sandbox.api_key(), &["chats.create", "--params", &parameters]);
    assert_eq!((created.status.code(), created.stderr.as_slice()), (Some(0), &b""[..]), "{created:?}");
    let chat = json(&created.stdout)["chat"]["id"].clone();
    let parameters = json!({"path_params": {"chat_id": chat}, "query": {"limit": 1}}).to_string();
    let listed = call(sandbox.api_key(), &["chats.messages.list", "--params", &parameters, "--json"]);
    assert_eq!(json(&listed.stdout)["messages"][0]["parts"][0]["value"], "Hello!");
    let alias = call(sandbox.api_key(), &["--json", "chats.list"]);
    assert_eq!(json(&alias.stdout)["chats"][0]["id"], chat, "{alias:?}");

    let rejected = call("wrong", &["phone_numbers.list", "--json"]);
    assert_eq!((rejected.status.code(), rejected.stdout.is_empty()), (Some(4), true));
    let error = &json(&rejected.stderr)["error"];
    assert_eq!(
        (&error["kind"], &error["status"], &error["code"]),
        (&json!("Api"), &json!(401), &json!(2004))
    );
    let rejected = call("wrong", &["phone_numbers.list"]);
    assert!(rejected.stderr.starts_with(b"error: GET /v3/phone_numbers: "), "{rejected:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_failure_has_its_exit_code() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let [limited, broken] =
        [Sandbox::builder().start().await.unwrap(), Sandbox::builder().start().await.unwrap()];
    for (sandbox, effect) in
        [(&limited, FaultEffect::RateLimited(Duration::ZERO)), (&broken, FaultEffect::ServerError)]
    {
        sandbox.inject_fault(Fault::new(FaultTarget::calls(), effect).unwrap()).unwrap();
    }
    let one = json!({"path_params": {"chat_id": "7f9d5d0c-6b3e-4a58-9c0f-2f6f5b1d9a10"}}).to_string();
    let leave = json!({"path_params": {"chat_id": "x"}}).to_string();
    for (sandbox, key, arguments, code) in [
        (&sandbox, sandbox.api_key(), &["phone_numbers.list"][..], 0),
        (&sandbox, sandbox.api_key(), &["chats.retrieve"], 2),
        (&sandbox, sandbox.api_key(), &["chats.retrieve", "--params", &one], 3),
        (&sandbox, "wrong", &["phone_numbers.list"], 4),
        (&limited, limited.api_key(), &["chats.typing.start", "--params", &leave], 5),
        (&broken, broken.api_key(), &["chats.typing.start", "--params", &leave], 6),
    ] {
        let output = linq(sandbox.base_url(), key, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_in_json_are_deprecated_but_work() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let call = |arguments: &[&str]| linq(sandbox.base_url(), sandbox.api_key(), arguments);
    let output = call(&["chats.list", "--json", r#"{"query": {"limit": 1}}"#]);
    assert_eq!(json(&output.stdout)["chats"], json!([]));
    let note = "warning: `--json JSON` is deprecated: pass the parameters with --params\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), note);
    let output = call(&["chats.list", "--json", r#"{"query": {"limits": 1}}"#]);
    assert_eq!(
        (output.status.code(), &json(&output.stderr)["error"]["path"]),
        (Some(2), &json!("query.limits"))
    );
    let output = call(&["chats.list", "--json", "{}", "--params", "{}"]);
    assert_eq!(output.status.code(), Some(2));
    let output = call(&[]);
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(2), true));
}

#[test]
fn invalid_parameters_exit_with_2_and_name_their_path() {
    for (endpoint, parameters, path) in [
        ("chats.create", "{", ""),
        ("chats.create", "[]", ""),
        ("chats.create", "{}", "body.from"),
        ("chats.create", r#"{"invented": 1}"#, "body.from"),
        ("phone_numbers.list", r#"{"invented": 1}"#, "invented"),
        ("phone_numbers.list", r#"{"query": {"limit": 1}}"#, "query.limit"),
        ("phone_numbers.list", r#"{"headers": {"Idempotency-Key": "k"}}"#, "headers.idempotency-key"),
        ("chats.messages.list", "{}", "path_params.chat_id"),
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
            "body.message.parts[0].value",
        ),
        (
            "chats.messages.send",
            r#"{"path_params": {"chat_id": "c"}, "body": {"message": {"effect": {"nam": "confetti"}}}}"#,
            "body.message.effect.nam",
        ),
    ] {
        let output = without_service(&[endpoint, "--params", parameters, "--json"]);
        assert_eq!(
            (output.status.code(), output.stdout.is_empty()),
            (Some(2), true),
            "{endpoint} {parameters}"
        );
        let error = &json(&output.stderr)["error"];
        assert_eq!(
            (&error["kind"], &error["path"]),
            (&json!("InvalidParameters"), &json!(path)),
            "{endpoint}"
        );
    }
}

#[test]
fn parameters_are_read_from_standard_input_or_a_file() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parameters.json");
    let large = "x".repeat(1024 * 1024);
    for (parameters, path) in [
        (json!({"query": {"limits": 5}}).to_string(), "query.limits"),
        // The longest argument that Linux allows has 128 KiB.
        (json!({"query": {"limits": large}}).to_string(), "query.limits"),
        (String::new(), ""),
    ] {
        fs::write(&file, &parameters).unwrap();
        let named = format!("@{}", file.display());
        for (argument, input) in [("-", &*parameters), ("@-", &parameters), (&named, "")] {
            let mut call = linq_command(
                "http://127.0.0.1:9",
                "key",
                &["phone_numbers.list", "--json", "--params", argument],
            );
            let output = with_input(&mut call, input.as_bytes());
            assert_eq!(output.status.code(), Some(2), "{argument}");
            let error = &json(&output.stderr)["error"];
            assert_eq!(
                (&error["kind"], &error["path"]),
                (&json!("InvalidParameters"), &json!(path)),
                "{argument}"
            );
        }
    }
    let mut call =
        linq_command("http://127.0.0.1:9", "key", &["phone_numbers.list", "--params", "-", "--json"]);
    let output = with_input(&mut call, b"{\"\xff\": 1}");
    assert_eq!(json(&output.stderr)["error"]["message"], "invalid UTF-8 at byte 2");
    let output = without_service(&["phone_numbers.list", "--json", "--params", "@no/such/file"]);
    assert_eq!(output.status.code(), Some(2));
    let message = json(&output.stderr)["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("cannot read the file: No such file"), "{message}");
}

#[test]
fn the_error_in_the_docs_is_printed_for_an_unknown_field() {
    let parameters = r#"{"path_params": {"chat_id": "c"}, "query": {"limits": 5}}"#;
    let output = without_service(&["chats.messages.list", "--params", parameters, "--json"]);
    let page = include_str!("../../../../docs/cli.md");
    assert!(page.contains(&format!("```json\n{}```", String::from_utf8_lossy(&output.stderr))));
}

#[test]
#[cfg(target_os = "linux")]
fn the_failed_call_in_the_docs_is_printed_for_a_refused_connection() {
    let output = without_service(&["phone_numbers.list", "--json"]);
    let page = include_str!("../../../../docs/cli.md");
    let printed = String::from_utf8(output.stderr).unwrap();
    assert!(page.contains(&format!("```json\n{printed}```")), "{printed}");
}

#[test]
fn an_unknown_endpoint_exits_with_2() {
    let output = without_service(&["chats.invented", "--json"]);
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(2), true));
    assert_eq!(json(&output.stderr)["error"]["kind"], "UnknownEndpoint");
    for (endpoint, meant) in [
        ("chats.mesages.send", "chats.messages.send"),
        ("chats.get", "chats.retrieve"),
        ("webhook_subscriptions.remove", "webhook_subscriptions.delete"),
    ] {
        let output = without_service(&[endpoint]);
        let message =
            format!("error: unknown endpoint (did you mean {meant}?); `linq call --list` prints all ids\n");
        assert_eq!(String::from_utf8_lossy(&output.stderr), message);
    }
}

#[test]
fn parts_may_be_absent_null_or_empty() {
    for parameters in
        ["{}", r#"{"path_params": {}, "query": {}, "headers": {}, "body": {}}"#, r#"{"body": null}"#]
    {
        let output = without_service(&["phone_numbers.list", "--params", parameters, "--json"]);
        assert_eq!(output.status.code(), Some(6), "{parameters}");
        assert_eq!(json(&output.stderr)["error"]["kind"], "Connect", "{parameters}");
    }
}

#[test]
fn an_invalid_request_is_an_error_unless_validation_is_skipped() {
    let parameters = r#"{"path_params": {"chat_id": "c"}, "body": {"message": {"parts": []}}}"#;
    for (arguments, kind, code) in [
        (&["chats.messages.send", "--params", parameters, "--json"][..], "InvalidRequest", 2),
        (&["chats.messages.send", "--params", parameters, "--json", "--skip-validation"][..], "Connect", 6),
    ] {
        let output = without_service(arguments);
        assert_eq!(output.status.code(), Some(code));
        assert_eq!(json(&output.stderr)["error"]["kind"], kind);
    }
}

#[test]
fn list_prints_the_id_of_every_operation() {
    let output = without_service(&["--list"]);
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.lines().eq(Operation::ALL.iter().map(|operation| operation.id())), "{list}");
}

#[test]
fn list_as_json_has_what_each_operation_does() {
    let list = json(&without_service(&["--list", "--json"]).stdout);
    assert_eq!(list.as_array().unwrap().len(), Operation::ALL.len());
    let chats = list.as_array().unwrap().iter().find(|entry| entry["id"] == "chats.list_chats").unwrap();
    assert_eq!((&chats["alias"], &chats["route"]), (&json!("chats.list"), &json!("/v3/chats")));
}

#[test]
fn describe_prints_the_request_the_parameters_and_an_example() {
    let output = without_service(&["chats.messages.list", "--describe"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = String::from_utf8(output.stdout).unwrap();
    let docs = include_str!("../../../../docs/cli.md");
    assert!(docs.contains(&format!("```text\n{page}```")), "{page}");

    let described = json(&without_service(&["chats.messages.list", "--describe", "--json"]).stdout);
    assert_eq!(described["rust"], "client.chats().messages(chat_id).list()");
    assert_eq!(described["schema"]["properties"]["path_params"]["required"], json!(["chat_id"]));
    assert_eq!(described["example"], json!({"path_params": {"chat_id": "CHAT_ID"}}));
}

#[test]
fn each_operation_is_described_with_an_example_that_can_be_pasted() {
    for operation in Operation::ALL {
        let page = without_service(&[operation.id(), "--describe"]).stdout;
        let page = String::from_utf8(page).unwrap();
        let (_, example) = page.rsplit_once("\nExample:\n  ").unwrap();
        let words = shlex::split(example).unwrap();
        assert_eq!(words[..3], ["linq", "call", operation.id()], "{page}");
        let arguments: Vec<_> = words[2..].iter().map(String::as_str).collect();
        // The parameters are read before the base URL.
        let output = linq("invalid", "key", &[&arguments, &["--json"][..]].concat());
        assert_eq!(json(&output.stderr)["error"]["kind"], "Config", "{example}");
    }
}
