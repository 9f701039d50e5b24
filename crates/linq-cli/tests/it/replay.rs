//! `linq replay`, against a target that says what it got.

use std::{fs, net::TcpListener, path::PathBuf, process::Output};

use linq::{
    types::Timestamp,
    webhooks::{Schemes, Verifier},
};
use serde_json::{Value, json};

use super::{
    listen::{BODY, SECRET, post, signed, start, target},
    running::{linq, with_input},
};

const OTHER_SECRET: &str = "whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3";

/// Records two events with the listener, and returns the folder and the file.
fn recorded() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.jsonl");
    let (mut running, address) = start(&["--record", file.to_str().unwrap()]);
    for body in [BODY, r#"{"event_id":"e2","event_type":"call.ringing","data":{"n":1E400}}"#] {
        post(&address, &signed(SECRET, body), body);
        running.line();
    }
    (folder, file)
}

fn replay(arguments: &[&str]) -> Output {
    linq(&[&["replay", "--speed", "max"], arguments].concat()).output().unwrap()
}

fn said(output: &Output) -> [String; 2] {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8(text.clone()).unwrap())
}

#[test]
fn recorded_bodies_are_sent_unchanged_and_signed_again_if_there_is_a_secret() {
    let (_folder, file) = recorded();
    let (address, got) = target(200);
    let url = format!("http://{address}/");
    let file = file.to_str().unwrap();
    for secret in [Some(OTHER_SECRET), None] {
        let mut arguments = vec![file, "--to", &url];
        arguments.extend(secret.iter().flat_map(|secret| ["--secret", *secret]));
        let output = replay(&arguments);
        let [stdout, stderr] = said(&output);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        assert!(stdout.ends_with("2 sent, 2 accepted, 0 skipped, 0 invalid lines\n"), "{stdout}");
        assert_eq!(stderr.contains("keep the signatures that they came with"), secret.is_none(), "{stderr}");
        for body in [BODY, r#"{"event_id":"e2","event_type":"call.ringing","data":{"n":1E400}}"#] {
            let sent = got.recv().unwrap();
            assert_eq!(sent.body, body);
            let now = sent.headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
            let verifier = Verifier::for_schemes(Schemes::STANDARD, secret.unwrap_or(SECRET)).unwrap();
            verifier.verify_at(&sent.headers, body, Timestamp::from_unix(now, 0).unwrap()).unwrap();
        }
    }
}

#[test]
fn events_on_standard_input_can_be_selected_and_get_new_ids() {
    let (address, got) = target(200);
    let url = format!("http://{address}/");
    let input: String = ["message.read", "call.ringing", "call.ringing"]
        .map(|event_type| format!("{}\n", json!({"event_id": "e1", "event_type": event_type, "data": {}})))
        .concat();
    let arguments =
        ["replay", "-", "--to", &url, "--only", "call.ringing", "--new-ids", "--secret", SECRET, "--json"];
    let output = with_input(&mut linq(&arguments), input.as_bytes());
    let [stdout, stderr] = said(&output);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let summary: Value = serde_json::from_str(&stderr).unwrap();
    assert_eq!(
        (&summary["sent"], &summary["accepted"], &summary["skipped"]),
        (&2.into(), &2.into(), &1.into())
    );
    let mut ids = Vec::new();
    for line in stdout.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let sent = got.recv().unwrap();
        let body: Value = serde_json::from_str(&sent.body).unwrap();
        assert_eq!((&line["status"], &line["event_id"]), (&200.into(), &body["event_id"]));
        assert_eq!(sent.headers["webhook-id"], *body["event_id"].as_str().unwrap());
        ids.push(body["event_id"].as_str().unwrap().to_owned());
    }
    assert!(ids.len() == 2 && ids[0] != ids[1] && ids[0] != "e1", "{ids:?}");
}

#[test]
fn lines_that_are_not_events_are_skipped_and_exit_codes_say_what_failed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.jsonl");
    let event = r#"{"event_id":"e1","event_type":"call.ringing","data":{}}"#;
    fs::write(&file, format!("{event}\n\nnot an event hunter2\n{event}\n{{\"time\":\"2026-")).unwrap();
    let file = file.to_str().unwrap();
    let (accepting, _got) = target(204);
    let (refusing, _refused) = target(500);
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for (address, arguments, code, messages) in [
        (
            &accepting,
            &[file][..],
            1,
            ["line 3 is neither a recorded delivery nor an event", "2 lines are not events"],
        ),
        (&refusing, &[file], 1, ["line 5 is neither", "the target did not accept 2 of 2 webhooks"]),
        (&unused, &[file], 6, ["line 3 is neither", "the target did not respond to 2 of 2 webhooks"]),
        (&unused, &["no/such/file"], 1, ["cannot read the file: ", ""]),
        (&unused, &[file, "--speed", "fast"], 2, ["--speed", "expected a factor"]),
        (&unused, &[file, "--new-ids", "--speed"], 2, ["--speed", ""]),
    ] {
        let url = format!("http://{address}/");
        let output = linq(&[&["replay", "--to", &url], arguments].concat()).output().unwrap();
        let [stdout, stderr] = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(messages.iter().all(|message| stderr.contains(message)), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("hunter2") && !stdout.contains("hunter2"), "{stderr}");
    }
}

#[test]
fn a_line_without_end_is_refused() {
    let (address, _got) = target(200);
    let url = format!("http://{address}/");
    let endless = vec![b'x'; 8 * 1024 * 1024 + 2];
    let output = with_input(&mut linq(&["replay", "-", "--to", &url]), &endless);
    let [_, stderr] = said(&output);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("line 1 is longer than 8388608 bytes"), "{stderr}");
}

#[test]
#[cfg(unix)]
fn arguments_that_are_not_utf8_are_usage_errors_or_file_names() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let invalid = OsStr::from_bytes(b"hunter2\xff");
    let (address, _got) = target(200);
    let url = format!("http://{address}/");
    for (arguments, code) in [
        (&["trigger", "--to", &url][..], 2),
        (&["trigger", "message.sent", "--to"], 2),
        (&["trigger", "message.sent", "--to", &url, "--set"], 2),
        (&["replay", "--to", &url], 1),
        (&["replay", "events.jsonl", "--to"], 2),
        (&["replay", "events.jsonl", "--to", &url, "--only"], 2),
        (&["listen", "--relay", "--events"], 2),
        (&["listen", "--relay", "--forward-to"], 2),
        (&["webhooks", "listen", "--token"], 2),
        (&["webhooks", "tail", "--profile"], 2),
    ] {
        let output = linq(arguments).arg(invalid).output().unwrap();
        let [stdout, stderr] = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("hunter2") && !stdout.contains("hunter2"), "{arguments:?}: {stderr}");
    }
}
