//! Runs the examples as their users do.
#![cfg(test)]

use std::process::{Command, Output};

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
        "bot      answers “We open at nine. See you!”",
        "bot      reacts with love",
    ] {
        assert!(shown.contains(part), "{part} is missing in:\n{shown}");
    }
    let webhooks = shown.lines().filter(|line| line.contains("  webhook  ")).count();
    assert_eq!(shown.matches("signature checked (standard)").count(), webhooks);
    assert_eq!(webhooks, 8);
}

#[test]
fn the_quickstart_fails_with_one_clear_sentence_when_a_step_does_not_happen() {
    for (env, sentence) in [
        (&[][..], "quickstart: no API key: set the environment variable LINQ_API_V3_API_KEY"),
        (
            &[("LINQ_API_V3_API_KEY", "key"), ("LINQ_API_V3_BASE_URL", "http://127.0.0.1:1")][..],
            "quickstart: POST /v3/chats: could not connect; nothing was sent",
        ),
    ] {
        let output = quickstart(&["--from", "+12025550100", "--to", "+12025550199"], env);
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(complaint.starts_with(sentence), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}
