//! Runs the tool as users do.
#![cfg(test)]

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use linq_sandbox::Sandbox;

/// Returns what the tool prints on standard output or, if it fails, on standard error.
fn message(sandbox: &Sandbox, arguments: &[&str]) -> Result<String, String> {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_linq-example-blocking"))
        .args(arguments)
        .env("LINQ_API_V3_API_KEY", sandbox.api_key())
        .env("LINQ_API_V3_BASE_URL", sandbox.base_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A tool that reads no input may have ended already.
    let _ = tool.stdin.take().unwrap().write_all(b"From standard input");
    let output = tool.wait_with_output().unwrap();
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

    message(&sandbox, &["send", "--from", &from, "--to", "+12025550199", "-"]).unwrap();
    sandbox.person("+12025550199").says("\u{1b}[2J\nme: forged\u{202e}").unwrap();

    assert!(message(&sandbox, &["chats"]).unwrap().contains(chat));
    let read = message(&sandbox, &["read", chat]).unwrap();
    for line in
        ["me: Hello\n", "them: Hi!\n", "me: From standard input\n", r"them: \u001b[2J\nme: forged\u202e"]
    {
        assert!(read.contains(line), "{line}: {read}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_prints_the_request_that_failed() {
    let sandbox = Sandbox::start().await.unwrap();
    let complaint = message(&sandbox, &["read", "no-such-chat"]).unwrap_err();
    assert!(complaint.starts_with("message: GET /v3/chats/{chatId}/messages: "), "{complaint}");
}
