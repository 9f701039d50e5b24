//! Runs the tool as users do.
#![cfg(test)]

use std::process::Command;

use linq_sandbox::Sandbox;

/// Returns what the tool prints on standard output or, if it fails, on standard error.
fn message(sandbox: &Sandbox, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_linq-example-blocking"))
        .args(arguments)
        .env("LINQ_API_V3_API_KEY", sandbox.api_key())
        .env("LINQ_API_V3_BASE_URL", sandbox.base_url())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sends_a_message_and_lists_and_reads_chats() {
    let sandbox = Sandbox::start().await.unwrap();
    let from = sandbox.phone_number().to_string();
    let sent = message(&sandbox, &["send", "--from", &from, "--to", "+12025550199", "Hello"]).unwrap();
    let (chat, status) = sent.trim().split_once(' ').unwrap();
    assert_eq!(status, "[pending]");
    sandbox.person("+12025550199").says("Hi!").unwrap();

    assert!(message(&sandbox, &["chats"]).unwrap().contains(chat));
    let read = message(&sandbox, &["read", chat]).unwrap();
    assert!(read.contains("me: Hello\n") && read.contains("them: Hi!\n"), "{read}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_prints_the_request_that_failed() {
    let sandbox = Sandbox::start().await.unwrap();
    let complaint = message(&sandbox, &["read", "no-such-chat"]).unwrap_err();
    assert!(complaint.starts_with("message: GET /v3/chats/{chatId}/messages: "), "{complaint}");
}
