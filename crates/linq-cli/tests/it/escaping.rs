//! Text of strangers on the terminal.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use linq::{
    durable::{NewItem, QueueName, Settled, Settlement, Store as _},
    sqlite::Store,
};
use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{
    listen::{SECRET, post, signed, start},
    running::{Running, linq, with_input},
};

/// Sets the title, clears the screen, forges a line, reverses and hides text.
pub(super) const NASTY: &str =
    "\u{1b}]0;owned\u{7}\u{9b}2J\r\nroot# \u{202e}\u{2066}\u{200b}\u{200d}\u{2028}\u{feff}\u{7f}\u{85}";

/// Asserts that a text has no dangerous character, except for the ends of its lines.
pub(super) fn assert_harmless(text: &str) {
    let is_dangerous = |c: char| {
        c != '\n'
            && (c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
    };
    assert!(!text.contains(is_dangerous), "{text:?}");
    assert!(!text.lines().any(|line| line.starts_with("root#")), "{text:?}");
}

/// Events with the text in each place that a stranger can write.
fn events() -> [Value; 3] {
    let message = json!({
        "id": NASTY, "chat": {"id": NASTY}, "direction": "inbound",
        "sender_handle": {"id": "h", "handle": NASTY, "service": NASTY, "joined_at": "2026-02-05T19:31:13Z"},
        "parts": [{"type": "text", "value": NASTY}, {"type": NASTY, NASTY: NASTY}],
    });
    [
        json!({"event_id": NASTY, "event_type": "message.received", "webhook_version": "2026-02-03", "data": message}),
        json!({"event_id": NASTY, "event_type": NASTY, "api_version": NASTY, "data": {NASTY: NASTY}}),
        json!({"event_id": NASTY, "event_type": "message.received", "data": {NASTY: NASTY, "parts": NASTY}}),
    ]
}

#[test]
fn listen_escapes_events_unreadable_bodies_and_rejected_requests() {
    for options in [&[][..], &["--json"]] {
        let (mut running, address) = start(options);
        for event in events() {
            let body = event.to_string();
            post(&address, &signed(SECRET, &body), &body);
            let line = running.line();
            assert_harmless(&line);
            if options.is_empty() {
                assert!(line.contains(r"\u001b]0;owned\u0007"), "{line}");
            } else {
                assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), event);
                assert_harmless(&running.stderr_line());
            }
        }
        let raw = format!("no event {NASTY}");
        post(&address, &signed(SECRET, &raw), &raw);
        assert_harmless(&if options.is_empty() { running.line() } else { running.stderr_line() });
    }
}

#[test]
fn verify_escapes_the_event_and_the_result() {
    for event in &events()[..2] {
        for options in [&[][..], &["--json"]] {
            let body = event.to_string();
            let headers = signed(SECRET, &body);
            let headers: Vec<_> =
                headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
            let headers = headers.iter().flat_map(|header| ["-H", header]);
            let arguments: Vec<_> = ["webhook", "verify", "--secret", SECRET, "-"]
                .into_iter()
                .chain(options.iter().copied())
                .chain(headers)
                .collect();
            let output = with_input(&mut linq(&arguments), body.as_bytes());
            let [stdout, stderr] =
                [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
            assert_eq!(output.status.code(), Some(0), "{stderr}");
            assert_harmless(&stdout);
            assert_harmless(&stderr);
            assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap(), *event);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn call_escapes_responses_and_errors() {
    let sandbox = Sandbox::start().await.unwrap();
    let said = sandbox.person("+12025550199").says(NASTY).unwrap();
    let call = |arguments: &[&str]| {
        let mut command = linq(&[&["call"], arguments].concat());
        command.env("LINQ_API_V3_BASE_URL", sandbox.base_url()).env("LINQ_API_V3_API_KEY", sandbox.api_key());
        let output = command.output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        assert_harmless(&stdout);
        assert_harmless(&stderr);
        stdout + &stderr
    };
    let chat = json!({"path_params": {"chat_id": said.chat_id}}).to_string();
    let listed: Value = serde_json::from_str(&call(&["chats.messages.list", "--json", &chat])).unwrap();
    assert_eq!(listed["messages"][0]["parts"][0]["value"], NASTY);

    let unknown = json!({"path_params": {"chat_id": NASTY}}).to_string();
    assert!(call(&["chats.retrieve", "--json", &unknown]).contains("\"error\""));
    let invalid = json!({"path_params": {"chat_id": "c", NASTY: 1}}).to_string();
    assert!(call(&["chats.retrieve", "--json", &invalid]).contains(r"\u202e"));
    call(&[NASTY]);
    call(&[NASTY, NASTY]);
}

#[tokio::test]
async fn inbox_escapes_ids_errors_and_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bot.db");
    let (store, queue) = (Store::open(&file).unwrap(), QueueName::from("inbox"));
    let item = NewItem::new(NASTY, NASTY).id(NASTY).key(NASTY);
    store.enqueue(&queue, item).await.unwrap();
    let claim = store.claim(&queue, 1, Duration::from_secs(60)).await.unwrap().remove(0);
    let settled = store.settle(&queue, &claim.lease, Settlement::dead_letter(NASTY)).await.unwrap();
    assert_eq!(settled, Settled::Held);
    let address = format!("sqlite:{}", file.display());
    for command in [&["inbox", "list"][..], &["inbox", "show", NASTY]] {
        for options in [&[][..], &["--json"]] {
            let output =
                linq(&[command, &["--body", "--store", &address], options].concat()).output().unwrap();
            assert_eq!(output.status.code(), Some(0));
            let printed = String::from_utf8(output.stdout).unwrap();
            assert_harmless(&printed);
            if options.is_empty() {
                assert!(printed.contains(r"\u001b]0;owned\u0007"), "{printed}");
            } else {
                let entry: Value = serde_json::from_str(&printed).unwrap();
                for field in ["id", "key", "kind", "last_error", "body"] {
                    assert_eq!(entry[field], NASTY, "{field}");
                }
            }
        }
    }
}

#[test]
fn the_sandbox_escapes_the_requests_that_it_logs() {
    for options in [&[][..], &["--json"]] {
        let mut running = Running::start(&[&["sandbox", "--port", "0", "--key", "k"], options].concat());
        let mut line = running.line();
        let address = loop {
            if let Some((_, rest)) = line.split_once("http://127.0.0.1:") {
                break format!("127.0.0.1:{}", rest.split('/').next().unwrap());
            }
            line = running.line();
        };
        let mut stream = TcpStream::connect(&address).unwrap();
        let path = "/\u{9b}2J\u{202e}\u{200b}\u{85}";
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").as_bytes())
            .unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
        loop {
            let line = running.line();
            assert_harmless(&line);
            if line.contains(r"\u009b2J\u202e") {
                break;
            }
        }
    }
}
