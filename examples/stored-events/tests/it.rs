//! Reads stored events: those of a file, and one that a sandbox delivered.
#![cfg(test)]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
    time::Duration,
};

use linq_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
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

/// Returns the body of the next webhook.
async fn delivered(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    loop {
        stream.read_buf(&mut request).await.unwrap();
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() == length.unwrap_or(0) {
            let body = body.to_owned();
            stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
            return body;
        }
    }
}

#[tokio::test]
async fn it_reads_an_event_that_the_sandbox_delivered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.subscribe(format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    sandbox.person("+12025550199").says("Are you there?").unwrap();
    let stored = async {
        loop {
            let body = delivered(&listener).await;
            if body.contains("message.received") {
                break body;
            }
        }
    };
    let stored = tokio::time::timeout(Duration::from_secs(20), stored).await.unwrap();

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
