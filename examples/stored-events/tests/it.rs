//! Reads stored events: those of a file, and one that a sandbox delivered.
#![cfg(test)]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use linq_sandbox::Sandbox;
use linq_webhooks::{
    Receiver, Router,
    events::{Event, EventType},
};

fn read(stored: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_linq-example-stored-events"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(stored.as_bytes()).unwrap();
    program.wait_with_output().unwrap()
}

#[tokio::test]
async fn it_reads_an_event_that_the_sandbox_delivered() {
    let sandbox = Sandbox::start().await.unwrap();
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = Router::new(Arc::clone(&stored)).on(async |event: Event, stored: Arc<Mutex<Vec<u8>>>| {
        if event.event_type == EventType::MessageReceived {
            stored.lock().unwrap().extend_from_slice(event.raw());
        }
    });
    tokio::spawn(sandbox.deliver_to(Receiver::new(sandbox.verifier(), store)));
    sandbox.person("+12025550199").says("Are you there?").unwrap();
    sandbox.until(|_| !stored.lock().unwrap().is_empty()).within(Duration::from_secs(20)).await;

    let stored = String::from_utf8(stored.lock().unwrap().clone()).unwrap();
    let output = read(&(stored + "\n"));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && shown.ends_with(" they wrote “Are you there?”\n"), "{shown}");
}

#[test]
fn it_prints_a_line_for_each_event_of_the_sample_file() {
    let output = read(include_str!("../events.jsonl"));
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "\
2026-11-22T10:44:27.670377137Z they wrote “Hi! When do you open?”
2026-11-22T10:44:27.670377137Z chat.created
2026-11-22T10:44:29.704263022Z you wrote “At nine. See you!”
2026-11-22T10:44:30.905899697Z message.delivered
2026-11-22T10:44:34.906742156Z message.read
2026-11-22T10:44:37.21573397Z love on a message
2026-11-22T10:44:38.321530571Z they wrote “Great, thank you”
"
    );
}

#[test]
fn it_names_the_line_of_an_invalid_event() {
    let output = read("{\"event_type\": \"call.ringing\", \"event_id\": \"e1\"}\nnothing\n");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "(no time) call.ringing\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("invalid event in line 2"));
}
