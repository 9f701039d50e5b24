//! Chats, messages, attachments and webhook subscriptions.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    process::{Command, Output},
    thread,
};

use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{
    escaping::{NASTY, assert_harmless},
    running::{linq, with_input},
};

fn command(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = linq(arguments);
    command.env("LINQ_API_URL", sandbox.base_url()).env("LINQ_TOKEN", sandbox.api_key());
    command.env("LINQ_FROM_PHONE", sandbox.phone_number().as_str());
    command
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    command(sandbox, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Returns what a successful command printed.
fn stdout(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn parsed(output: &Output) -> Value {
    serde_json::from_str(&stdout(output)).unwrap()
}

/// Returns the queries of the requests for a list.
fn queries(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().into_iter().filter_map(|request| request.query).collect()
}

/// Returns the base URL of a server that responds to every request with this body.
pub(super) fn responding(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length";
            let _ = write!(stream, "{head}: {}\r\n\r\n{body}", body.len());
        }
    });
    format!("http://{address}/api/partner")
}

#[test]
fn json_is_the_response_with_every_field_in_the_order_and_digits_of_the_api() {
    let url = responding(
        r#"{"zone":1.50,"phone_numbers":[{"phone_number":"+12025550100","new_field":{"b":1,"a":[]},"id":"x"}],"n":18446744073709551616}"#,
    );
    let expected = r#"{
  "zone": 1.50,
  "phone_numbers": [
    {
      "phone_number": "+12025550100",
      "new_field": {
        "b": 1,
        "a": []
      },
      "id": "x"
    }
  ],
  "n": 18446744073709551616
}
"#;
    for arguments in [
        &["phonenumbers", "--json"][..],
        &["call", "phone_numbers.list", "--json"],
        &["call", "phone_numbers.list"],
    ] {
        let output = linq(arguments).env("LINQ_API_URL", &url).env("LINQ_TOKEN", "k").output().unwrap();
        assert_eq!(stdout(&output), expected, "{arguments:?}");
    }
}

#[test]
fn a_response_that_is_no_json_is_an_error_with_and_without_json() {
    for arguments in [&["phonenumbers"][..], &["phonenumbers", "--json"], &["call", "phone_numbers.list"]] {
        let mut list = linq(arguments);
        let output = list.env("LINQ_API_URL", responding("<html>")).env("LINQ_TOKEN", "k").output().unwrap();
        assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
        assert!(!output.stderr.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(target_os = "linux")]
async fn output_that_cannot_be_written_is_a_failure_that_says_the_call_succeeded() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person("+12025550199").says("Hi").unwrap().chat_id;
    for arguments in [&["phonenumbers"][..], &["chats", "read", chat.as_str()]] {
        for options in [&[][..], &["--json"]] {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = command(&sandbox, &[arguments, options].concat()).stdout(full).output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{arguments:?}");
            assert!(text(&output.stderr).contains("the call succeeded"), "{}", text(&output.stderr));

            let (reader, closed) = std::io::pipe().unwrap();
            drop(reader);
            let output = command(&sandbox, &[arguments, options].concat()).stdout(closed).output().unwrap();
            assert_eq!((output.status.code(), &*output.stderr), (Some(141), &b""[..]), "{arguments:?}");
        }
    }
}

#[test]
fn a_message_that_the_api_reports_as_failed_is_an_error_with_and_without_json() {
    const FAILED: &str = r#"{"chat_id":"c","message":{"id":"m","delivery_status":"failed","parts":[]}}"#;
    let parameters =
        r#"{"path_params":{"chat_id":"c"},"body":{"message":{"parts":[{"type":"text","value":"x"}]}}}"#;
    for (arguments, printed) in [
        (&["messages", "send", "c", "-m", "x"][..], false),
        (&["messages", "send", "c", "-m", "x", "--json"], true),
        (&["call", "chats.messages.send", "--params", parameters], true),
    ] {
        let mut send = linq(arguments);
        let output = send.env("LINQ_API_URL", responding(FAILED)).env("LINQ_TOKEN", "k").output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(!output.stdout.is_empty(), printed, "{}", text(&output.stdout));
        assert!(text(&output.stderr).contains("failed"), "{}", text(&output.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_requested_page_by_page_up_to_the_limit_or_all() {
    let sandbox = Sandbox::start().await.unwrap();
    let casey = sandbox.person("+12025550199");
    let chat = casey.says("0").unwrap().chat_id;
    for number in 1..230 {
        casey.says(number.to_string()).unwrap();
    }
    let list = ["messages", "list", chat.as_str()];
    for (options, count, pages) in [
        (&[][..], 50, &["limit=50"][..]),
        (&["--limit", "3"], 3, &["limit=3"]),
        (&["--limit", "150"], 150, &["limit=100", "cursor=131&limit=50"]),
        (&["--all"], 230, &["limit=100", "cursor=131&limit=100", "cursor=31&limit=100"]),
        (&["--limit", "1000"], 230, &["limit=100", "cursor=131&limit=100", "cursor=31&limit=100"]),
    ] {
        let before = queries(&sandbox).len();
        let page = parsed(&run(&sandbox, &[&list, options, &["--json"]].concat()));
        assert_eq!(page["messages"].as_array().unwrap().len(), count, "{options:?}");
        assert_eq!(page["next_cursor"].is_null(), count == 230, "{options:?}");
        assert_eq!(queries(&sandbox)[before..], *pages, "{options:?}");

        let output = run(&sandbox, &[&list, options].concat());
        assert_eq!(stdout(&output).lines().count(), count + 1, "{options:?}");
        let more = text(&output.stderr);
        match count {
            230 => assert_eq!(more, ""),
            count => {
                let options: String = options.iter().map(|option| format!(" {option}")).collect();
                let command = format!("linq messages list {chat}{options} --cursor {}", 231 - count);
                assert_eq!(more, format!("There are more: {command}\n"));
            }
        }
    }
    let rest = parsed(&run(&sandbox, &[&list[..], &["--json", "--cursor", "3"]].concat()));
    let texts: Vec<_> =
        rest["messages"].as_array().unwrap().iter().map(|m| &m["parts"][0]["value"]).collect();
    assert_eq!(texts, ["1", "0"]);
    let rest = parsed(&run(&sandbox, &[&list[..], &["--json", "--cursor", "3", "--order", "asc"]].concat()));
    let texts: Vec<_> =
        rest["messages"].as_array().unwrap().iter().map(|m| &m["parts"][0]["value"]).collect();
    assert_eq!(texts, ["0", "1"]);
    for refused in [&["--all", "--order", "asc"][..], &["--limit", "0"], &["--all", "--limit", "3"]] {
        assert_eq!(run(&sandbox, &[&list, refused].concat()).status.code(), Some(2), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_without_entries_say_so_and_their_json_is_complete() {
    let sandbox = Sandbox::start().await.unwrap();
    for (arguments, sentence) in [
        (&["chats", "list"][..], "No chats found.\n"),
        (&["chats", "list", "--all"], "No chats found.\n"),
        (&["webhooks", "list"], "No webhook subscriptions found.\n"),
    ] {
        assert_eq!(stdout(&run(&sandbox, arguments)), sentence);
    }
    let all = run(&sandbox, &["chats", "list", "--all", "--json"]);
    assert_eq!(stdout(&all), "{\n  \"chats\": [],\n  \"next_cursor\": null\n}\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_read_from_the_command_line_a_file_or_standard_input() {
    let sandbox = Sandbox::start().await.unwrap();
    let casey = sandbox.person("+12025550199");
    let chat = casey.says("Hi").unwrap().chat_id;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hello.txt");
    fs::write(&file, "from\na file\r\n").unwrap();
    let named = format!("@{}", file.display());
    for (argument, input, expected) in [
        ("plain", "", "plain"),
        (&named, "", "from\na file"),
        ("-", "from a pipe\n", "from a pipe"),
        ("@@casey hi", "", "@casey hi"),
        ("-5 degrees", "", "-5 degrees"),
        ("--hello", "", "--hello"),
    ] {
        let mut send = command(&sandbox, &["messages", "send", chat.as_str(), "-m", argument, "--json"]);
        let sent = parsed(&with_input(&mut send, input.as_bytes()));
        assert_eq!(sent["message"]["parts"][0]["value"], expected, "{argument}");
    }
    let huge = vec![b'x'; 2 * 1024 * 1024];
    for (argument, input, reason) in [
        ("@no/such/file", &b""[..], "No such file"),
        ("@no/such/file", b"", "a text that starts with @ is written with @@"),
        ("-", b"\xff", "invalid UTF-8 at byte 0"),
        ("-", &huge, "the input is longer than 1048576 bytes"),
        ("--json", b"", "expected a text, not an option"),
        ("-t", b"", "expected a text, not an option"),
    ] {
        let before = sandbox.requests().len();
        let mut send = command(&sandbox, &["messages", "send", chat.as_str(), "-m", argument]);
        let output = with_input(&mut send, input);
        assert_eq!((output.status.code(), sandbox.requests().len()), (Some(2), before), "{argument}");
        assert!(text(&output.stderr).contains(reason), "{}", text(&output.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_uploaded_and_downloaded_whole_or_not_at_all() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (photo, copy) = (path("photo.jpg"), path("copy.jpg"));
    let content: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(&photo, &content).unwrap();
    let uploaded = run(&sandbox, &["attachments", "upload", &photo, "--wait=10s", "--json"]);
    let id = parsed(&uploaded)["attachment_id"].as_str().unwrap().to_owned();
    assert!(uploaded.stderr.is_empty(), "{}", text(&uploaded.stderr));
    assert!(stdout(&run(&sandbox, &["attachments", "upload", &photo])).starts_with("✓ Attachment "));

    let get = |options: &[&str]| run(&sandbox, &[&["attachments", "get", &id], options].concat());
    assert_eq!(stdout(&get(&["--out", &copy])), format!("✓ Downloaded to {copy}\n"));
    assert_eq!(fs::read(&copy).unwrap(), content);

    fs::write(&copy, "precious").unwrap();
    let refused = get(&["--out", &copy]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--force overwrites it"), "{}", text(&refused.stderr));
    assert_eq!(fs::read(&copy).unwrap(), b"precious");
    assert_eq!(get(&["--out", folder.path().to_str().unwrap()]).status.code(), Some(2));
    let metadata = parsed(&get(&["--out", &copy, "--force", "--json"]));
    assert_eq!((&metadata["id"], &metadata["filename"]), (&json!(id), &json!("photo.jpg")));
    assert_eq!(fs::read(&copy).unwrap(), content);

    sandbox.inject_fault("file: cut".parse().unwrap()).unwrap();
    assert_eq!(get(&["--out", &copy, "--force"]).status.code(), Some(6));
    assert_eq!(get(&["--out", &path("new.jpg")]).status.code(), Some(6));
    assert_eq!(fs::read(&copy).unwrap(), content);
    let mut files: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort_unstable();
    assert_eq!(files, ["copy.jpg", "photo.jpg"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_uploaded_are_usage_errors() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let unknown = folder.path().join("notes");
    fs::write(&unknown, "a").unwrap();
    for (arguments, reason) in [
        (&["no/such/file.jpg"][..], "No such file"),
        (&[folder.path().to_str().unwrap()], "not a file"),
        (&[unknown.to_str().unwrap()], "pass --content-type"),
        (&[unknown.to_str().unwrap(), "--size", "1"], "--size"),
        (&["--filename", "a.jpg", "--size", "1"], "--content-type"),
        (&["--filename", "a.jpg", "--content-type", "image/jpeg", "--size", "many"], "--size"),
        (&["--filename", "a.jpg", "--content-type", "image/jpeg", "--size", "0"], "size"),
    ] {
        let output = run(&sandbox, &[&["attachments", "upload"], arguments].concat());
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(reason), "{arguments:?}: {stderr}");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn unknown_names_are_usage_errors_with_the_name_that_was_meant() {
    for (arguments, meant) in [
        (&["chtas", "list"][..], "'chats'"),
        (&["chats", "lst"], "'list'"),
        (&["chats", "list", "--form", "x"], "'--from'"),
        (&["chats", "create", "--to", "a@b.c", "-m", "x", "--effect", "confeti"], "'confetti'"),
        (&["messages", "react", "m", "--type", "lov"], "'love'"),
        (&["messages", "thread", "m", "--order", "dsc"], "'desc'"),
        (
            &["webhooks", "create", "--url", "u", "--events", "message.sent,message.recieved"],
            "'message.received'",
        ),
        (&["webhooks", "update", "s", "--events", "reaction.aded"], "'reaction.added'"),
    ] {
        let output = linq(arguments).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        let suggests = stderr.lines().any(|line| line.contains("similar") && line.contains(meant));
        assert!(suggests, "{arguments:?}: {stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_option_in_place_of_a_text_is_refused_and_empty_options_do_not_count() {
    let sandbox = Sandbox::start().await.unwrap();
    let create = ["chats", "create", "--to", "+12025550199"];
    for forgotten in [&["-m", "--json"][..], &["-m", "-p"], &["--message", "--effect"]] {
        let output = run(&sandbox, &[&create, forgotten].concat());
        assert_eq!(output.status.code(), Some(2), "{forgotten:?}");
        assert!(sandbox.sent().is_empty(), "{forgotten:?}");
    }
    let sent =
        parsed(&run(&sandbox, &[&create[..], &["-m", "a", "--from", "", "--json", "--json"]].concat()));
    let chat = sent["chat"]["id"].as_str().unwrap().to_owned();
    stdout(&run(&sandbox, &["messages", "send", &chat, "-m", "--- or -a-", "--reply-to", ""]));
    assert_eq!(sandbox.sent().last().unwrap().text(), "--- or -a-");
    assert_eq!(run(&sandbox, &["chats", "update", &chat, "--name", ""]).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_have_their_own_exit_codes_and_are_sentences_or_json() {
    let sandbox = Sandbox::start().await.unwrap();
    let unknown = "00000000-0000-4000-8000-000000000000";
    for (arguments, key, code) in [
        (&["chats", "get", unknown][..], None, 3),
        (&["messages", "delete", unknown], None, 3),
        (&["webhooks", "list"], Some("wrong"), 4),
        (&["messages", "send", unknown, "-m", ""], None, 2),
        (&["chats", "create", "--to", "(202) 555-0199", "-m", "x"], None, 2),
    ] {
        for is_json in [false, true] {
            let options = if is_json { &["--json"][..] } else { &[] };
            let mut command = command(&sandbox, &[arguments, options].concat());
            if let Some(key) = key {
                command.env("LINQ_TOKEN", key);
            }
            let output = command.output().unwrap();
            let stderr = text(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
            assert!(output.stdout.is_empty(), "{arguments:?}");
            let error: Option<Value> = serde_json::from_str(&stderr).ok();
            assert_eq!(error.is_some_and(|error| error["error"].is_object()), is_json, "{stderr}");
            assert_eq!(stderr.starts_with("error: "), !is_json, "{stderr}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_is_a_sentence_with_the_reason_of_the_api() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = sandbox.person("+12025550199").says("Hi").unwrap().chat_id;
    let add = ["chats", "participants", "add", chat.as_str(), "--handle", "+12025550198"];
    let stderr = text(&run(&sandbox, &add).stderr);
    assert!(stderr.contains("409 Conflict, code 2015") && stderr.contains("the reason: "), "{stderr}");
    let refused =
        linq(&["phonenumbers"]).env("LINQ_API_URL", "http://127.0.0.1:9").env("LINQ_TOKEN", "k").output();
    let stderr = text(&refused.unwrap().stderr);
    assert!(stderr.contains("could not connect") && stderr.contains("refused"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_others_cannot_control_the_terminal() {
    let sandbox = Sandbox::start().await.unwrap();
    let casey = sandbox.person("+12025550199");
    let said = casey.says(NASTY).unwrap();
    let group = casey.sends_among(["+12025550198", "+12025550197"], NASTY).unwrap();
    casey.renames(&group.chat_id, NASTY).unwrap();
    for arguments in [
        &["chats", "list"][..],
        &["chats", "get", group.chat_id.as_str()],
        &["messages", "list", said.chat_id.as_str()],
        &["messages", "list", said.chat_id.as_str(), "--order", "asc"],
        &["messages", "get", said.message_id.as_str()],
        &["messages", "thread", said.message_id.as_str()],
        &["messages", "get", NASTY],
        &["chats", "get", NASTY],
        &["webhooks", "delete", NASTY],
    ] {
        for options in [&[][..], &["--json"]] {
            for color in ["0", "1"] {
                let mut command = command(&sandbox, &[arguments, options].concat());
                let output = command.env("FORCE_COLOR", color).output().unwrap();
                // Our own colors are the only escapes.
                let printed = text(&[output.stdout, output.stderr].concat());
                let printed = [
                    "\u{1b}[0m",
                    "\u{1b}[1m",
                    "\u{1b}[2m",
                    "\u{1b}[31m",
                    "\u{1b}[32m",
                    "\u{1b}[1m\u{1b}[31m",
                ]
                .iter()
                .fold(printed, |printed, color| printed.replace(color, ""));
                assert_harmless(&printed);
                assert!(!printed.is_empty());
            }
        }
    }
}
