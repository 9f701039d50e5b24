//! Runs the examples as users do.
#![cfg(test)]

use std::{
    process::{Command, Output},
    time::Duration,
};

use linq::sandbox::Sandbox;

use crate::it::subscribed::subscribed;

mod it {
    mod bot;
    mod durable;
    pub(crate) mod program;
    #[expect(clippy::disallowed_methods, dead_code, reason = "written for the tests of the store")]
    #[path = "../../../crates/linq-postgres/tests/it/server.rs"]
    mod server;
    pub(crate) mod subscribed;
}

#[test]
fn the_tests_of_the_bot_have_at_most_90_lines() {
    let lines = include_str!("it/bot.rs").lines().count();
    assert!(lines <= 90, "{lines} lines");
}

fn quickstart(args: &[&str], env: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_quickstart"))
        .args(args)
        .env_remove("LINQ_API_V3_API_KEY")
        .env_remove("LINQ_API_V3_BASE_URL")
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_quickstart_shows_a_whole_conversation() {
    let output = quickstart(&[], &[]);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{shown}{}", text(&output.stderr));
    for part in [
        "[pending]",
        "message.sent",
        "message.delivered",
        "message.read",
        "message.received",
        "reaction.added",
        "+12025550199 writes “When do you open?”",
        "bot      replies “We open at nine. See you!”",
        "bot      reacts with love",
    ] {
        assert!(shown.contains(part), "{part} is missing in:\n{shown}");
    }
    let webhooks = shown.lines().filter(|line| line.contains("  webhook  ")).count();
    assert_eq!(shown.matches("signature verified (standard)").count(), webhooks);
    assert_eq!(webhooks, 8);
}

#[test]
fn with_from_and_to_it_sends_one_message_to_the_api_at_the_base_url() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    let env = [("LINQ_API_V3_API_KEY", sandbox.api_key()), ("LINQ_API_V3_BASE_URL", sandbox.base_url())];
    let output = quickstart(&["--from", sandbox.phone_number().as_str(), "--to", "+12025550199"], &env);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{shown}{}", text(&output.stderr));
    assert!(shown.contains("[pending]") && shown.contains("is read"), "{shown}");
}

#[test]
fn the_help_names_the_api_key_and_the_options_for_the_real_api() {
    let help = text(&quickstart(&["--help"], &[]).stdout);
    for part in ["LINQ_API_V3_API_KEY", "--from", "--to", "real API"] {
        assert!(help.contains(part), "{part} is missing in:\n{help}");
    }
}

#[test]
fn the_quickstart_fails_with_one_line_that_names_the_cause() {
    for (env, cause) in [
        (&[][..], "quickstart: missing API key; set the environment variable LINQ_API_V3_API_KEY"),
        (
            &[("LINQ_API_V3_API_KEY", "key"), ("LINQ_API_V3_BASE_URL", "http://127.0.0.1:1")][..],
            "quickstart: POST /v3/chats: could not connect; nothing was sent",
        ),
    ] {
        let output = quickstart(&["--from", "+12025550100", "--to", "+12025550199"], env);
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(complaint.starts_with(cause), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}

const RECEIVERS: [&str; 2] = [env!("CARGO_BIN_EXE_receive_axum"), env!("CARGO_BIN_EXE_receive_hyper")];

#[test]
fn each_receiver_handles_an_event_once_and_rejects_a_wrong_signature() {
    for receiver in RECEIVERS {
        let output = Command::new(receiver).env_remove("LISTEN").output().unwrap();
        let shown = text(&output.stdout);
        assert!(output.status.success(), "{receiver}: {shown}{}", text(&output.stderr));
        for (part, times) in [
            ("handled “When do you open?”", 1),
            ("handled “Thank you!”", 1),
            ("posts a message: 20", 1),
            ("the same message again: 204", 1),
            ("the signature of another: 401", 1),
            ("responds 401 Unauthorized: signature mismatch", 1),
            ("receiver  shut down", 1),
        ] {
            assert_eq!(shown.matches(part).count(), times, "{receiver}: {part} in:\n{shown}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_receiver_handles_signed_events_and_rejects_those_of_another_account() {
    for receiver in RECEIVERS {
        let (sandbox, forger) = (Sandbox::start().await.unwrap(), Sandbox::start().await.unwrap());
        let (mut running, target) = subscribed(&mut Command::new(receiver), &sandbox).await;
        forger.subscribe(target).unwrap();

        sandbox.person("+12025550199").says("Are you open?").unwrap();
        assert_eq!(running.next_line(), "bot       handled “Are you open?”");
        forger.person("+12025550199").says("Let me in").unwrap();
        let refusal = "receiver  responds 401 Unauthorized: signature mismatch";
        assert!(running.next_line().starts_with(refusal));
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn each_signal_ends_each_receiver_after_it_has_handled_every_accepted_event() {
    for receiver in RECEIVERS {
        for signal in ["-INT", "-TERM", "-HUP"] {
            let sandbox = Sandbox::start().await.unwrap();
            let (mut running, _) = subscribed(&mut Command::new(receiver), &sandbox).await;
            let sent: Vec<_> = (0..60).map(|number| format!("message {number} of many")).collect();
            for text in &sent {
                sandbox.person("+12025550199").says(text).unwrap();
            }
            let accepted = |sandbox: &Sandbox| {
                sandbox.deliveries().iter().filter(|delivery| delivery.succeeded()).count() == sent.len()
            };
            sandbox.until(accepted).within(Duration::from_secs(60)).await;
            running.signal(signal);
            let (status, lines) = running.finish();
            assert!(status.success(), "{receiver} {signal}");
            for text in &sent {
                let handled = format!("bot       handled “{text}”");
                assert_eq!(
                    lines.iter().filter(|line| **line == handled).count(),
                    1,
                    "{receiver} {signal}: {text}"
                );
            }
            assert!(lines.last().unwrap().starts_with("receiver  shut down"), "{lines:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_receiver_escapes_the_text_of_messages() {
    for receiver in RECEIVERS {
        let sandbox = Sandbox::start().await.unwrap();
        let (mut running, _) = subscribed(&mut Command::new(receiver), &sandbox).await;
        sandbox.person("+12025550199").says("\u{1b}]0;owned\u{7}\n\u{9b}2J\u{202e}").unwrap();
        assert_eq!(running.next_line(), r"bot       handled “\u001b]0;owned\u0007\n\u009b2J\u202e”");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_quickstart_fails_if_its_output_is_full_and_ends_quietly_if_its_reader_is_gone() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_quickstart")).stdout(full).output().unwrap();
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    let reason = "quickstart: cannot write to standard output: No space left on device";
    assert!(complaint.starts_with(reason), "{complaint}");

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_quickstart")).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), &*text(&output.stderr)), (Some(141), ""));
}

#[test]
fn a_receiver_without_a_secret_does_not_serve() {
    for receiver in RECEIVERS {
        let output = Command::new(receiver)
            .env("LISTEN", "127.0.0.1:0")
            .env_remove("LINQ_WEBHOOK_SECRET")
            .output()
            .unwrap();
        assert!(!output.status.success(), "{receiver}");
        assert!(
            text(&output.stderr).contains("missing environment variable LINQ_WEBHOOK_SECRET"),
            "{receiver}"
        );
    }
}
