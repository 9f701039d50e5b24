//! What the client writes, and how the server ends.

use std::process::Stdio;

use linq_sandbox::Sandbox;
use serde_json::json;

use super::{
    PERSON,
    session::{Session, command},
};
use crate::it::running::linq;

#[tokio::test(flavor = "multi_thread")]
async fn invalid_and_huge_messages_are_answered_with_an_error_and_the_session_goes_on() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut session = Session::start(&sandbox, &[]);
    let deep = "[".repeat(100_000);
    let huge = format!("{{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"{}\"}}", "x".repeat(2_000_000));
    for (line, code) in [
        ("{", -32700),
        ("hello", -32700),
        (&*deep, -32700),
        ("\"text\"", -32600),
        ("[]", -32600),
        ("{\"jsonrpc\": \"2.0\", \"id\": {}, \"method\": \"ping\"}", -32600),
        (&*huge, -32600),
    ] {
        session.write(line);
        let message = session.read();
        assert_eq!((&message["error"]["code"], &message["id"]), (&json!(code), &json!(null)), "{message}");
    }
    for ignored in ["", "\r", r#"{"jsonrpc": "2.0", "method": "notifications/invented", "params": 7}"#] {
        session.write(ignored);
    }
    assert_eq!(session.request("invented/method", &json!({}))["error"]["code"], -32601);
    assert_eq!(session.request("ping", &json!({}))["result"], json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_input_ends_the_server_with_exit_code_0_also_during_a_wait() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person(PERSON).says("Before").unwrap().chat_id;
    let mut sessions =
        vec![Session::spawn(&sandbox, &[]), Session::start(&sandbox, &[]), Session::start(&sandbox, &[])];
    let call = json!({"name": "wait_for_reply", "arguments": {"chat_id": chat, "timeout_seconds": 300}});
    sessions[2].send("tools/call", &call);
    for mut session in sessions {
        session.close_input();
        assert_eq!(session.end().0.code(), Some(0));
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn signals_end_the_server_although_its_input_is_open() {
    let sandbox = Sandbox::start().await.unwrap();
    for signal in ["-INT", "-TERM", "-HUP"] {
        let session = Session::start(&sandbox, &[]);
        crate::it::running::kill(signal, session.id());
        assert_eq!(session.end().0.code(), Some(0), "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_gone_ends_the_server_with_exit_code_141() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut command = linq(&["mcp"]);
    command.env("LINQ_API_V3_BASE_URL", sandbox.base_url()).env("LINQ_API_V3_API_KEY", sandbox.api_key());
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut &input, b"{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}\n")
        .unwrap();
    let status = child.wait().unwrap();
    drop(input);
    assert_eq!(status.code(), Some(141));
}

#[test]
fn a_server_without_a_key_does_not_start() {
    let output = linq(&["mcp"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(4), true), "{output:?}");
}

#[test]
fn a_sandbox_of_the_server_itself_needs_no_key() {
    let input = concat!(
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#,
        "\n",
        r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"sandbox_person_says","arguments":{"handle":"+12025550199","text":"Hi"}}}"#,
        "\n",
    );
    let output = crate::it::running::with_input(&mut linq(&["mcp", "--sandbox"]), input.as_bytes());
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(lines.lines().count() == 2 && lines.contains("message_id"), "{lines}");
}

#[test]
fn invalid_options_are_usage_errors() {
    for (options, reason) in [
        (&["--allow", "chat.*"][..], "matches no operation"),
        (&["--allow-send-to", "202-555-0199"], "expected a number in E.164 form"),
        (&["--allow-send-to", "+1*"], "expected a number in E.164 form"),
        (&["--http", "70000"], "not in 0..=65535"),
        (&["--sandbox", "--http", "0", "--http-token", "short"], "16 characters at least"),
        (&["--sandbox", "--token", "key"], "cannot be used with"),
    ] {
        let output = linq(&[&["mcp"], options].concat()).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && message.contains(reason), "{options:?}: {message}");
    }
}
