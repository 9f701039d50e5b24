//! `linq broadcast`.

use std::{collections::BTreeMap, fs, path::Path, process::Stdio, time::Duration};

use linq_sandbox::Sandbox;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use super::{
    running::Running,
    send::{command, run, text},
};

fn person(number: usize) -> String {
    format!("+1202555{:04}", 200 + number)
}

/// A folder with a file of people.
fn folder(content: impl AsRef<[u8]>) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    fs::write(&path, content).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

fn people(count: usize) -> String {
    let rows = (0..count).map(|number| format!("{},Person {number}\n", person(number)));
    format!("to,name\n{}", rows.collect::<String>())
}

/// The texts that each chat got.
fn texts(sandbox: &Sandbox) -> BTreeMap<String, Vec<String>> {
    let mut texts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for sent in sandbox.sent() {
        texts.entry(sent.chat_id.to_string()).or_default().push(sent.text());
    }
    texts
}

fn fast<'a>(file: &'a str, others: &[&'a str]) -> Vec<&'a str> {
    [&["broadcast", file, "--text", "Hello {name}", "--per-minute", "60000", "--per-day", "1000000"], others]
        .concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_one_message_although_it_is_killed_and_responses_are_lost() {
    let sandbox = Sandbox::start().await.unwrap();
    // One of a hundred opted out.
    sandbox.person(person(0)).says("Hello!").unwrap();
    sandbox.person(person(0)).opts_out().unwrap();
    sandbox.inject_fault("chats.create: lost-ack 0.3".parse().unwrap()).unwrap();
    let (folder, file) = folder(people(100));
    let report = folder.path().join("report.csv").to_str().unwrap().to_owned();
    let arguments = fast(&file, &["--send", "--report", &report]);
    for sent in [3, 15, 40, 70] {
        let mut killed = command(&sandbox, &arguments);
        let mut killed = killed.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sandbox.until(|sandbox| sandbox.sent().len() >= sent).within(Duration::from_secs(300)).await;
        assert!(killed.try_wait().unwrap().is_none(), "it ended before it was killed");
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    for _ in 0..2 {
        let output = run(&sandbox, &arguments).await;
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let stdout = text(&output.stdout);
        let refused =
            format!("line 2  {}  refused  code 2024: the recipient opted out of messages\n", person(0));
        assert!(
            stdout.starts_with(&refused) && stdout.ends_with("\n99 accepted, 1 refused of 100\n"),
            "{stdout}"
        );
        assert!(text(&output.stderr).ends_with("error: 1 of 100 messages were not accepted\n"));
    }
    let texts = texts(&sandbox);
    assert_eq!(texts.len(), 99);
    let mut texts: Vec<_> = texts.into_values().map(|mut texts| (texts.len(), texts.remove(0))).collect();
    texts.sort();
    let mut expected: Vec<_> = (1..100).map(|number| (1, format!("Hello Person {number}"))).collect();
    expected.sort();
    assert_eq!(texts, expected);
    let report = fs::read_to_string(&report).unwrap();
    let mut lines = report.lines();
    assert_eq!(lines.next(), Some("line,to,state,message_id,chat_id,code,meaning,error"));
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with(&format!("2,{},refused,,,2024,the recipient opted out of messages,", person(0))),
        "{report}"
    );
    assert!(lines.all(|line| line.contains(",accepted,")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_nothing_and_needs_no_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let (folder, file) = folder(people(1_000));
    let mut dry = command(&sandbox, &["broadcast", &file, "--text", "Hello {name}, {{yes}}"]);
    dry.env_remove("LINQ_API_V3_API_KEY");
    let output = spawn_blocking(move || dry.output().unwrap()).await.unwrap();
    let expected = format!(
        "recipients  1000\nfrom        {}\ntakes       about 50 min, at 30 a minute and 7000 a day\n\n\
         +12025550200: Hello Person 0, {{yes}}\n+12025550201: Hello Person 1, {{yes}}\n\
         +12025550202: Hello Person 2, {{yes}}\nand 997 more\n\nNothing was sent. To send, run it again with --send.\n",
        sandbox.phone_number()
    );
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(0), &*expected),
        "{}",
        text(&output.stderr)
    );
    let output = run(&sandbox, &["broadcast", &file, "--text", "https://example.com/"]).await;
    assert!(
        text(&output.stdout).contains("\n1000 messages have a link: the API refuses"),
        "{}",
        text(&output.stdout)
    );
    let output = run(&sandbox, &["broadcast", &file, "--text", "Hello", "--json"]).await;
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&plan["dry_run"], &plan["recipients"], &plan["left"]),
        (&true.into(), &1_000.into(), &1_000.into())
    );
    assert!(sandbox.requests().is_empty());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_invalid_rows_are_told_at_once_before_anything_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let rows = [
        &b"\xef\xbb\xbfto,text\r\n"[..],
        b"+12025550101,Hello\r\n",
        b"(202) 555-0102,Hello\r\n",
        b"+12025550101,again\r\n",
        b"+12025550104,\xff\r\n",
        b"+12025550105,\r\n",
        b"+12025550106,a\0b\r\n",
        b"+12025550107\r\n",
        b"+12025550108,\"Hello {name}, all of you\"\r\n",
    ];
    let (_folder, file) = folder(rows.concat());
    for mode in [&[][..], &["--send"]] {
        let output = run(&sandbox, &[&["broadcast", &file][..], mode].concat()).await;
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
        assert_eq!(
            text(&output.stderr),
            "line 3: invalid recipient: a phone number must be in E.164 form; if it is in the US or Canada: +12025550102\n\
             line 4: duplicate recipient: also in line 2\n\
             line 5: invalid UTF-8\n\
             line 6: empty text\n\
             line 7: invalid text: it has a NUL character\n\
             line 8: 1 columns in place of 2; quote values with commas\n\
             error: 6 rows are invalid; nothing was sent\n"
        );
    }
    let output = run(&sandbox, &["broadcast", &file, "--json"]).await;
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(
        (&error["error"]["rows"][0]["line"], error["error"]["rows"].as_array().unwrap().len()),
        (&3.into(), 6)
    );
    for (arguments, reason) in [
        (&["--text", "Hello {nickname}"][..], "line 2: missing column `nickname`"),
        (&["--text", "Hello {name"], "invalid --text: `{` without `}`"),
        (&["--text", "Hello", "--per-minute", "0"], "--per-minute"),
        (&["--text", "Hello", "--report", "report.csv"], "--send"),
    ] {
        let output = run(&sandbox, &[&["broadcast", &file][..], arguments].concat()).await;
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(reason), "{}", text(&output.stderr));
    }
    for missing in ["no/such/file", "/dev/null", "-"] {
        let output = run(&sandbox, &["broadcast", missing]).await;
        assert_eq!(output.status.code(), Some(2), "{missing}");
        assert!(
            text(&output.stderr).starts_with("error: cannot read the file: "),
            "{}",
            text(&output.stderr)
        );
    }
    assert!(sandbox.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_or_text_is_refused_and_another_state_is_another_broadcast() {
    let sandbox = Sandbox::start().await.unwrap();
    let (folder, file) = folder(people(3));
    let output = run(&sandbox, &fast(&file, &["--send", "--json"])).await;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &report["states"]["accepted"]), (Some(0), &3.into()));
    let output = run(&sandbox, &fast(&file, &[])).await;
    assert!(
        text(&output.stdout).contains("settled     3, of which 3 accepted\n"),
        "{}",
        text(&output.stdout)
    );
    let store = format!("sqlite:{file}.linq");
    let output =
        run(&sandbox, &["outbox", "list", "--store", &store, "--queue", "broadcast", "--json"]).await;
    assert_eq!(text(&output.stdout).lines().count(), 3, "{}", text(&output.stderr));
    for arguments in [
        vec!["broadcast", &*file, "--text", "Goodbye", "--send"],
        fast(&file, &["--send", "--from", "+12025550111"]),
    ] {
        let output = run(&sandbox, &arguments).await;
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    }
    fs::write(&file, people(4)).unwrap();
    let output = run(&sandbox, &fast(&file, &["--send"])).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("restore it to go on, or begin another broadcast with --state"));
    assert_eq!(sandbox.sent().len(), 3);
    let state = folder.path().join("other").to_str().unwrap().to_owned();
    let output = run(&sandbox, &fast(&file, &["--send", "--state", &state])).await;
    assert_eq!((output.status.code(), sandbox.sent().len()), (Some(0), 7), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn json_lines_have_a_text_per_row_and_so_has_the_report() {
    let sandbox = Sandbox::start().await.unwrap();
    let rows = "\n{\"to\": \"casey@example.com\", \"text\": \"{one}\\n\u{202e}two\"}\r\n{\"text\": \"2\", \"to\": \"+12025550199\"}";
    let (folder, file) = folder(rows);
    let dry = run(&sandbox, &["broadcast", &file]).await;
    assert!(text(&dry.stdout).contains("casey@example.com: {one}\\n\\u202etwo\n"), "{}", text(&dry.stdout));
    let report = folder.path().join("report.jsonl");
    let output = run(&sandbox, &["broadcast", &file, "--send", "--report", report.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let mut texts: Vec<_> = sandbox.sent().iter().map(|sent| sent.text()).collect();
    texts.sort();
    assert_eq!(texts, ["2", "{one}\n\u{202e}two"]);
    let report = fs::read_to_string(report).unwrap();
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["line"], &lines[1]["line"], &lines[1]["to"]),
        (&2.into(), &3.into(), &"+12025550199".into())
    );
    assert!(lines.iter().all(|line| line["state"] == "accepted" && line["message_id"].is_string()));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_finishes_what_is_being_sent_and_says_how_to_go_on() {
    let sandbox = Sandbox::start().await.unwrap();
    let (_folder, file) = folder(people(40));
    let arguments = ["broadcast", &*file, "--text", "Hello", "--per-minute", "60", "--send"];
    let mut running = Running::spawn(&mut command(&sandbox, &arguments));
    sandbox.until(|sandbox| sandbox.sent().len() >= 5).within(Duration::from_secs(60)).await;
    super::running::kill("-INT", running.id());
    let (said, summary) = spawn_blocking(move || {
        let summary = running.line();
        (running.stderr_line(), summary)
    })
    .await
    .unwrap();
    assert!(said.contains("run the same command again to go on"), "{said}");
    let sent = sandbox.sent().len();
    assert!(sent < 40 && summary.starts_with(&format!("{sent} accepted, ")), "{sent}: {summary}");
    let again = ["broadcast", &*file, "--text", "Hello", "--per-minute", "60000", "--send"];
    let output = run(&sandbox, &again).await;
    assert_eq!((output.status.code(), sandbox.sent().len()), (Some(0), 40), "{}", text(&output.stderr));
    assert!(texts(&sandbox).values().all(|texts| texts.len() == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_or_line_is_an_error_before_anything_is_stored() {
    let sandbox = Sandbox::start().await.unwrap();
    let (folder, file) = folder(people(3));
    let mut wrong = command(&sandbox, &fast(&file, &["--send"]));
    wrong.env("LINQ_API_V3_API_KEY", "wrong");
    let output = spawn_blocking(move || wrong.output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let output = run(&sandbox, &fast(&file, &["--send", "--from", "+12025550111"])).await;
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(!Path::new(&format!("{file}.linq")).exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
