//! Runs the tool as users do, and kills it.
#![cfg(test)]

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use linq_sandbox::Sandbox;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

fn person(number: usize) -> String {
    format!("+1202555{:04}", 200 + number)
}

fn folder(recipients: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("to"), recipients).unwrap();
    fs::write(folder.path().join("text"), "We are closed on Monday.\n").unwrap();
    folder
}

fn tool(sandbox: &Sandbox, folder: &Path) -> Command {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_linq-example-broadcast"));
    tool.args(["monday", "--from", sandbox.phone_number().as_str(), "--to", "to", "--text", "text"]);
    tool.args(["--per-minute", "6000"]).current_dir(folder);
    tool.env("LINQ_API_V3_API_KEY", sandbox.api_key()).env("LINQ_API_V3_BASE_URL", sandbox.base_url());
    tool
}

async fn run(sandbox: &Sandbox, folder: &Path) -> Output {
    let mut tool = tool(sandbox, folder);
    spawn_blocking(move || tool.output().unwrap()).await.unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_the_text_once_although_it_is_killed_and_responses_are_lost() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject_fault("*: lost-ack 0.3".parse().unwrap()).unwrap();
    // One of a hundred opted out.
    sandbox.person(person(0)).says("Hello!").unwrap();
    sandbox.person(person(0)).opts_out().unwrap();
    let folder = folder(&(0..100).map(|number| person(number) + "\n").collect::<String>());
    let mut kills = 0;
    for sent in [3, 15, 40, 70] {
        let mut killed = tool(&sandbox, folder.path()).stdout(Stdio::null()).spawn().unwrap();
        sandbox.until(|sandbox| sandbox.sent().len() >= sent).within(Duration::from_secs(300)).await;
        kills += usize::from(killed.try_wait().unwrap().is_none());
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    assert_eq!(kills, 4, "it ended before it was killed");
    for _ in 0..2 {
        let output = run(&sandbox, folder.path()).await;
        assert_eq!(text(&output.stdout).lines().last(), Some("99 of 100 accepted"), "{output:?}");
        assert!(text(&output.stdout).contains("recipient 1: refused, code 2024"), "{output:?}");
        assert!(!output.status.success());
    }
    let sent = sandbox.sent();
    let chats: BTreeSet<_> = sent.iter().map(|message| &message.chat_id).collect();
    assert_eq!((sent.len(), chats.len()), (99, 99));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_if_a_recipient_or_the_text_is_invalid() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = folder("+12025550101\n\n(202) 555-0102\n");
    let output = run(&sandbox, folder.path()).await;
    assert!(text(&output.stderr).starts_with("broadcast: line 3: invalid handle"), "{output:?}");
    fs::write(folder.path().join("to"), "+12025550101\n").unwrap();
    fs::write(folder.path().join("text"), "").unwrap();
    let output = run(&sandbox, folder.path()).await;
    assert!(!output.status.success() && text(&output.stderr).starts_with("broadcast: line 1:"), "{output:?}");
    assert!(sandbox.sent().is_empty());

    fs::write(folder.path().join("text"), "Hello!").unwrap();
    let output = run(&sandbox, folder.path()).await;
    assert_eq!(text(&output.stdout), "1 of 1 accepted\n");
    assert!(output.status.success());
}

#[test]
fn the_tool_has_at_most_150_lines() {
    let lines = include_str!("../src/main.rs").lines();
    let code = lines.clone().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//")).count();
    println!("{} lines, {code} of code", lines.clone().count());
    assert!(lines.count() <= 150);
}
