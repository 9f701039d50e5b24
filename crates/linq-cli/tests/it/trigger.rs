//! `linq trigger`, against a target that says what it got.

use std::{net::TcpListener, process::Output};

use linq::{
    types::{
        Timestamp,
        events::{Event, EventType, v2},
    },
    webhooks::{Schemes, Verifier},
};
use serde_json::Value;

use super::{
    listen::{SECRET, target},
    running::linq,
};

fn trigger(arguments: &[&str]) -> Output {
    linq(&[&["trigger"], arguments].concat()).output().unwrap()
}

/// Runs a command that prints a webhook, and returns its body.
fn printed(arguments: &[&str]) -> Value {
    let output = trigger(&[arguments, &["--print", "--json", "--secret", SECRET]].concat());
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    serde_json::from_str(printed["body"].as_str().unwrap()).unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The event types whose payload the reference does not document.
fn is_undocumented(event_type: &str, is_v2: bool) -> bool {
    match is_v2 {
        true => event_type.starts_with("participant."),
        false => event_type.starts_with("call."),
    }
}

#[test]
fn every_event_type_has_a_sample_in_each_format_that_its_payload_type_reads() {
    let v3: Vec<_> = EventType::KNOWN.iter().map(EventType::as_str).collect();
    let v2: Vec<_> = v2::EventType::KNOWN.iter().map(v2::EventType::as_str).collect();
    for (options, types, is_v2, version) in [
        (&[][..], &v3, false, Some("2026-02-03")),
        (&["--version", "2025-01-01"], &v3, false, Some("2025-01-01")),
        (&["--v2"], &v2, true, None),
    ] {
        let listed = stdout(&trigger(&[options, &["--list"]].concat()));
        let mut expected = types.clone();
        expected.sort_unstable();
        assert_eq!(listed.lines().collect::<Vec<_>>(), expected, "{options:?}");
        for event_type in types {
            let body = printed(&[options, &[*event_type]].concat());
            let event = Event::parse_unverified(body.to_string())
                .unwrap_or_else(|error| panic!("{event_type}: {error}"));
            assert_eq!(event.event_type.as_str(), *event_type);
            assert_eq!(event.webhook_version.as_ref().map(|version| version.as_str()), version);
            assert_eq!(event.api_version.as_deref(), Some(if is_v2 { "v2" } else { "v3" }));
            assert!(event.created_at.is_some() && event.event_id.is_some(), "{event_type}");
            if is_undocumented(event_type, is_v2) {
                continue;
            }
            let payload_type = event.data.payload_type().unwrap_or_else(|| panic!("{event_type}"));
            let is_older_message = version == Some("2025-01-01")
                && ["sent", "received", "delivered", "read"]
                    .iter()
                    .any(|name| *event_type == format!("message.{name}"));
            assert_eq!(payload_type.starts_with("v2::"), is_v2, "{event_type}");
            assert_eq!(payload_type.starts_with("v2025_01_01::"), is_older_message, "{event_type}");
            // A sample is not empty, and its fields are those of the type.
            let written = serde_json::to_value(&event.data).unwrap();
            assert!(written.as_object().is_some_and(|fields| !fields.is_empty()), "{event_type}");
        }
    }
}

#[test]
fn samples_are_sent_with_new_ids_and_signatures_of_their_api() {
    let (address, got) = target(204);
    let url = format!("http://{address}/hook");
    for (options, schemes) in [
        (&["message.received"][..], [Schemes::STANDARD, Schemes::LEGACY]),
        (&["message.received", "--v2"], [Schemes::V2, Schemes::V2]),
    ] {
        let output = trigger(&[options, &["--to", &url, "--secret", SECRET, "--count", "2"]].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let mut ids = Vec::new();
        for line in stdout(&output).lines() {
            let sent = got.recv().unwrap();
            assert_eq!(sent.headers["x-webhook-event"], "message.received");
            let now = sent
                .headers
                .get("webhook-timestamp")
                .map_or(0, |time| time.to_str().unwrap().parse().unwrap());
            for schemes in schemes {
                let verifier = Verifier::for_schemes(schemes, SECRET).unwrap();
                let now = Timestamp::from_unix(now, 0).unwrap();
                verifier.verify_at(&sent.headers, sent.body.clone(), now).unwrap();
            }
            let body: Value = serde_json::from_str(&sent.body).unwrap();
            let id = body["event_id"].as_str().unwrap();
            assert!(line.starts_with(&format!("message.received {id} 204 in ")), "{line}");
            ids.push(id.to_owned());
        }
        assert_eq!(ids.len(), 2);
        assert_ne!(ids[0], ids[1]);
    }
}

#[test]
fn fields_are_set_and_an_event_that_can_no_longer_be_parsed_is_a_warning() {
    let body = printed(&[
        "message.received",
        "--set",
        "data.parts.0.value=Hi",
        "--set",
        "event_id=e1",
        "--set",
        "data.parts.1={\"type\":\"text\",\"value\":\"you\"}",
    ]);
    assert_eq!((&body["data"]["parts"][0]["value"], &body["event_id"]), (&"Hi".into(), &"e1".into()));
    assert_eq!(body["data"]["parts"][1]["value"], "you");
    let output = trigger(&["message.received", "--print", "--secret", SECRET, "--set", "data=text"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).starts_with("warning: the changed event cannot be parsed: "), "{output:?}");
}

#[test]
fn exit_codes_say_whether_the_receiver_accepted_responded_or_was_reached() {
    let (refusing, _got) = target(503);
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (refusing, unused) = (format!("http://{refusing}/"), format!("http://user:hunter2@{unused}/"));
    for (arguments, code, message) in [
        (&["message.sent", "--to", &refusing][..], 1, "the target did not accept 1 of 1 webhooks"),
        (&["message.sent", "--to", &unused], 6, "the target did not respond to 1 of 1 webhooks"),
        (&["message.recieved", "--to", &unused], 2, "did you mean `message.received`?"),
        (&["hunter2", "--to", &unused], 2, "unknown event type; `linq trigger --list`"),
        (&["message.sent"], 2, "--to <URL>"),
        (&["message.sent", "--to", "hunter2"], 2, "invalid URL"),
        (&["message.sent", "--to", &unused, "--set", "hunter2"], 2, "missing `=`"),
        (&["message.sent", "--to", &unused, "--set", "event_type.x=hunter2"], 2, "leads through a value"),
        (&["message.sent", "--to", &unused, "--count", "0"], 2, "--count"),
        (&["message.sent", "--to", &unused, "--version", "2024-01-01"], 2, "2026-02-03, 2025-01-01"),
        (&["--list", "message.sent"], 2, "cannot be used with"),
    ] {
        let output = trigger(arguments);
        let stderr = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("hunter2") && !stdout(&output).contains("hunter2"), "{output:?}");
    }
}

#[test]
fn printed_headers_and_body_verify() {
    let output = trigger(&["reaction.added", "--print", "--secret", SECRET]);
    let printed = stdout(&output);
    let (headers, body) = printed.trim_end().split_once("\n\n").unwrap();
    let headers: Vec<_> = headers.lines().flat_map(|line| ["-H", line]).collect();
    let mut verify = linq(&[&["webhooks", "verify", "--secret", SECRET, "-"], &headers[..]].concat());
    let verified = super::running::with_input(&mut verify, body.as_bytes());
    assert_eq!(stderr(&verified), "standard reaction.added 2026-02-03 ReactionAdded\n");
}
