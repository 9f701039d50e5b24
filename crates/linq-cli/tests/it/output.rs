//! Output that cannot be written.
#![cfg(target_os = "linux")]

use std::{
    fs::{File, OpenOptions},
    io,
    net::TcpStream,
    process::{Command, Stdio},
};

use super::{
    examples,
    listen::{BODY, SECRET, post, signed, start},
    running::{Running, linq},
    sandbox::phone_numbers,
};

const BROKEN_PIPE: i32 = 141;

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

/// Every command that prints, with a run that succeeds.
fn commands() -> Vec<Command> {
    let file = examples::path("v3-0.65.0/message.read.min.json");
    let sign = ["webhook", "sign", "--secret", SECRET, &file];
    let headers = linq(&sign).output().unwrap().stdout;
    let headers = String::from_utf8(headers).unwrap();
    let headers: Vec<_> = headers.lines().flat_map(|header| ["--header", header]).collect();
    let verify = [&["webhook", "verify", "--secret", SECRET, &file], &headers[..]].concat();
    [
        &["call", "--list"][..],
        &["call", "chats.create", "--describe"],
        &sign,
        &[&sign[..], &["--json"]].concat(),
        &verify,
        &[&verify[..], &["--json"]].concat(),
        &["completions", "bash"],
        &["completions", "zsh"],
        &["listen", "--port", "0", "--secret", "a"],
        &["sandbox", "--port", "0"],
        &["sandbox", "--port", "0", "--json"],
        &["--help"],
        &["--version"],
        &["webhook", "sign", "--help"],
    ]
    .map(linq)
    .into()
}

#[test]
fn every_command_exits_with_1_if_standard_output_is_full_and_says_so() {
    for mut command in commands() {
        let output = command.stdout(full()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {stderr}");
        assert!(
            stderr.contains("cannot write to standard output: No space left on device"),
            "{command:?}: {stderr}"
        );
    }
}

#[test]
fn every_command_ends_quietly_if_the_reader_of_its_output_is_gone() {
    for mut command in commands() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output = command.stdout(writer).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(BROKEN_PIPE), "{command:?}: {stderr}");
        assert!(!stderr.contains("error"), "{command:?}: {stderr}");
    }
}

#[test]
fn a_result_warning_or_error_that_standard_error_does_not_take_is_a_failure() {
    let verify = commands().into_iter().nth(4).unwrap();
    for (mut command, code) in [
        (verify, 1),
        (linq(&["listen", "--port", "0", "--secret", "a", "--address", "0.0.0.0"]), 1),
        (linq(&["sandbox", "--port", "0", "--address", "0.0.0.0"]), 1),
        (linq(&["webhook", "sign", "--secret", "a", "no/such/file"]), 1),
        (linq(&["call", "no.such.endpoint"]), 2),
        (linq(&["invented"]), 1),
    ] {
        let status = command.stdout(Stdio::null()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{command:?}");
    }
}

#[test]
fn a_response_that_cannot_be_written_is_an_error_that_says_the_call_succeeded() {
    let mut sandbox = Running::start(&["sandbox", "--port", "0", "--key", "k"]);
    let base_url = sandbox.line().strip_prefix("export LINQ_API_V3_BASE_URL=").unwrap().to_owned();
    let mut call = linq(&["call", "phone_numbers.list", "--json"]);
    call.env("LINQ_API_V3_BASE_URL", base_url).env("LINQ_API_V3_API_KEY", "k");
    let output = call.stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.ends_with("(os error 28); the call succeeded, and its response is lost"), "{message}");
    assert_eq!(error["error"]["kind"], "Output");
}

#[test]
fn servers_end_at_the_first_line_that_cannot_be_written() {
    let (mut listener, address) = start(&[]);
    listener.close_stdout();
    assert_eq!(post(&address, &signed(SECRET, BODY), BODY), 204);
    assert_eq!(listener.wait().code(), Some(BROKEN_PIPE));
    assert!(TcpStream::connect(address).is_err());

    let mut sandbox = Running::start(&["sandbox", "--port", "0", "--key", "k"]);
    let base_url = sandbox.line().strip_prefix("export LINQ_API_V3_BASE_URL=").unwrap().to_owned();
    (0..11).for_each(|_| drop(sandbox.line()));
    sandbox.close_stdout();
    assert!(phone_numbers(&base_url, "k").starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(sandbox.wait().code(), Some(BROKEN_PIPE));
}
