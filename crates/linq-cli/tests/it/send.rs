//! `linq send`.

use std::{fs, process::Output, time::Duration};

use linq::types::{error::ErrorCode, messages::DeliveryStatus, parts::EffectName};
use linq_sandbox::{Delays, Sandbox};
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::running::{Running, linq, with_input};

const PERSON: &str = "+12025550199";

/// A command for a sandbox, which sends from its line.
pub(super) fn command(sandbox: &Sandbox, arguments: &[&str]) -> std::process::Command {
    let mut command = linq(arguments);
    command.env("LINQ_API_V3_API_KEY", sandbox.api_key()).env("LINQ_API_V3_BASE_URL", sandbox.base_url());
    command.env("LINQ_FROM_PHONE", sandbox.phone_number().as_str());
    command
}

pub(super) async fn run(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    let mut command = command(sandbox, arguments);
    spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

pub(super) fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

/// Runs a command that succeeds, and returns what it prints.
async fn succeed(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = run(sandbox, arguments).await;
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_goes_to_people_or_into_a_chat() {
    let sandbox = Sandbox::start().await.unwrap();
    let printed = succeed(&sandbox, &["send", PERSON, "Hello"]).await;
    let sent = sandbox.sent().remove(0);
    assert_eq!(printed, format!("✓ Message {} accepted (chat {})\n", sent.id, sent.chat_id));
    assert_eq!(sent.text(), "Hello");

    let chat = sent.chat_id.as_str();
    let arguments =
        ["send", chat, "We won!", "--effect", "confetti", "--reply-to", sent.id.as_str(), "--json"];
    let json: Value = serde_json::from_str(&succeed(&sandbox, &arguments).await).unwrap();
    let sent = sandbox.sent().remove(1);
    assert_eq!((&json["chat_id"], &json["message"]["id"]), (&chat.into(), &sent.id.as_str().into()));
    assert_eq!(sent.effect.unwrap().name, Some(EffectName::Confetti));
    assert!(sent.reply_to.is_some());

    // People who have a chat get the message there, and a group is one chat.
    succeed(&sandbox, &["send", PERSON, "again", "--effect", "slam", "--service", "imessage"]).await;
    succeed(&sandbox, &["send", &format!("{PERSON},casey@example.com"), "Hello, both"]).await;
    let chats: Vec<_> = sandbox.sent().into_iter().map(|sent| sent.chat_id).collect();
    assert_eq!((chats[2].as_str(), chats[3] == chats[2]), (chat, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_come_from_files_and_standard_input_and_files_are_uploaded() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("note.txt"), "from a file\r\n").unwrap();
    fs::write(path("cup.jpg"), "no real picture").unwrap();
    succeed(&sandbox, &["send", PERSON, &format!("@{}", path("note.txt"))]).await;
    succeed(&sandbox, &["send", PERSON, "@@casey"]).await;
    let mut from_stdin = command(&sandbox, &["send", PERSON, "-"]);
    let output = spawn_blocking(move || with_input(&mut from_stdin, b"from a pipe\n")).await.unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let texts: Vec<_> = sandbox.sent().iter().map(|sent| sent.text()).collect();
    assert_eq!(texts, ["from a file", "@casey", "from a pipe"]);

    succeed(&sandbox, &["send", PERSON, "--file", &path("cup.jpg")]).await;
    succeed(&sandbox, &["send", PERSON, "Look!", "--file", &path("cup.jpg"), "--file", &path("cup.jpg")])
        .await;
    let media: Vec<_> = sandbox.sent()[3..].iter().map(|sent| (sent.text(), sent.media().count())).collect();
    assert_eq!(media, [(String::new(), 1), ("Look!".to_owned(), 2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_invalid_is_a_usage_error_and_nothing_is_requested() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("data.bin"), "a").unwrap();
    fs::write(path("empty.jpg"), "").unwrap();
    fs::write(path("latin.txt"), b"\xe4").unwrap();
    let long = "a".repeat(10_001);
    let invalid = format!("@{}", path("latin.txt"));
    for (arguments, reason) in [
        (&["(202) 555-0199", "Hello"][..], "if it is in the US or Canada: +12025550199"),
        (&["casey", "Hello"], "expected a phone number in E.164 form"),
        (&[PERSON, ""], "a text must have 1 to 10,000 characters"),
        (&[PERSON, &long], "a text must have 1 to 10,000 characters"),
        (&[PERSON, "@no/such/file"], "cannot read the file"),
        (&[PERSON, &invalid], "invalid UTF-8 at byte 0"),
        (&[PERSON, "--file", "no/such/cup.jpg"], "cannot read cup.jpg"),
        (&[PERSON, "--file", &path("data.bin")], "unknown media type of data.bin"),
        (&[PERSON, "--file", &path("empty.jpg")], "a file must have 1 to 104,857,600 bytes"),
        (&[PERSON], "required"),
        (&[PERSON, "Hello", "--timeout", "5s"], "--wait"),
    ] {
        let output = run(&sandbox, &[&["send"], arguments].concat()).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(reason), "{arguments:?}: {}", text(&output.stderr));
    }
    assert!(sandbox.requests().is_empty());
    let mut nobody = command(&sandbox, &["send", PERSON, "Hello"]);
    nobody.env_remove("LINQ_FROM_PHONE");
    let output = spawn_blocking(move || nobody.output().unwrap()).await.unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).contains("--from")), (Some(2), true));
}

/// A sandbox in which nobody reads a message on the same day.
async fn without_readers() -> Sandbox {
    let day = Duration::from_secs(24 * 60 * 60);
    let quick = Duration::from_millis(50);
    let delays = Delays::new(quick, quick, day);
    Sandbox::builder().delays(delays).start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_ends_when_the_message_has_the_status() {
    let sandbox = without_readers().await;
    for (status, expected) in [("sent", "sent delivered"), ("delivered", "delivered")] {
        let output = run(&sandbox, &["send", PERSON, "Hello", "--wait", status]).await;
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(expected.contains(text(&output.stderr).trim()), "{}", text(&output.stderr));
    }
    // Nobody reads it.
    let output =
        run(&sandbox, &["send", PERSON, "Hello", "--wait", "read", "--timeout", "1s", "--json"]).await;
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    let sent: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        (&error["error"]["kind"], &error["error"]["message_id"]),
        (&"NotDelivered".into(), &sent["message"]["id"])
    );
    let message = error["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("not read within 1s;") && message.ends_with("do not send it again"),
        "{message}"
    );
    assert_eq!(sandbox.sent().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_fails_if_the_message_fails() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.person("+12025550144").unreachable(ErrorCode::DELIVERY_FAILED);
    let output = run(&sandbox, &["send", "+12025550144", "Hello", "--wait", "delivered"]).await;
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("failed; the API tells its code only in the webhook `message.failed`")
    );
    assert_eq!(sandbox.sent()[0].delivery_status, Some(DeliveryStatus::Failed));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_wait_says_that_the_message_was_accepted() {
    let sandbox = without_readers().await;
    let mut wait = command(&sandbox, &["send", PERSON, "Hello", "--wait", "read", "--timeout", "10m"]);
    let mut running = Running::spawn(&mut wait);
    assert!(running.line().starts_with("✓ Message "));
    // The handler of the signal is there before the message is requested.
    let is_waiting = |sandbox: &Sandbox| sandbox.requests().iter().any(|request| request.method == "GET");
    sandbox.until(|sandbox| is_waiting(sandbox)).within(Duration::from_secs(60)).await;
    super::running::kill("-INT", running.id());
    let said = spawn_blocking(move || running.stderr_line()).await.unwrap();
    assert!(
        said.starts_with("error: interrupted; the message ") && said.contains("do not send it again"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_prints_the_key_that_repeats_the_send_safely() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject_fault("chats.create: lost-ack x3".parse().unwrap()).unwrap();
    let output = run(&sandbox, &["send", PERSON, "Hello"]).await;
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{stderr}");
    let (before, key) = stderr.trim_end().rsplit_once("--idempotency-key ").unwrap();
    assert!(
        before.ends_with("; the message may have been sent; to repeat it without sending it twice: "),
        "{stderr}"
    );
    assert!(!before.contains("executed") && !key.contains(' '), "{stderr}");
    succeed(&sandbox, &["send", PERSON, "Hello", "--idempotency-key", key]).await;
    assert_eq!(sandbox.sent().len(), 1);

    let refused = run(&sandbox, &["send", "550e8400-e29b-41d4-a716-446655440000", "Hello"]).await;
    assert_eq!(refused.status.code(), Some(3), "{}", text(&refused.stderr));
    assert!(!text(&refused.stderr).contains("--idempotency-key"));
}
