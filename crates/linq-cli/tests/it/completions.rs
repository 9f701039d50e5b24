//! Completions in real shells.

use std::process::{Command, Stdio};

use super::running::{linq, with_input};

/// Returns what bash offers for the last word of a command line.
fn bash(words: &[&str]) -> Vec<String> {
    let script = linq(&["completions", "bash"]).output().unwrap().stdout;
    let script = String::from_utf8(script).unwrap();
    let words: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    let driver = format!(
        "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_linq linq \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        words.join(" "),
        words.len() - 1
    );
    // The script is longer than an argument may be.
    let output =
        with_input(Command::new("bash").args(["--norc", "-s"]).stdout(Stdio::piped()), driver.as_bytes());
    let stdout = String::from_utf8(output.stdout).unwrap();
    stdout.lines().map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn bash_completes_commands_options_and_ids_of_endpoints() {
    for (words, offered) in [
        (&["linq", "cal"][..], &["call"][..]),
        (&["linq", "call", "chats.mes"], &["chats.messages.list", "chats.messages.send"]),
        (&["linq", "call", "chats.lis"], &["chats.list_chats", "chats.list"]),
        (&["linq", "call", "--desc"], &["--describe"]),
        (&["linq", "webhooks", "sign", "--scheme", "leg"], &["legacy"]),
    ] {
        assert_eq!(bash(words), offered, "{words:?}");
    }
}
