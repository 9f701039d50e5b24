//! `linq export`.

use std::{collections::BTreeSet, fs, path::Path, process::Stdio, time::Duration};

use linq::types::{ChatId, messages::Message, parts::Part};
use linq_sandbox::Sandbox;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{
    running::Running,
    send::{command, run, text},
};

const PERSON: &str = "+12025550199";

/// Lets a person say this many things.
fn say(sandbox: &Sandbox, count: usize) -> ChatId {
    let person = sandbox.person(PERSON);
    let mut chat = None;
    for number in 0..count {
        chat = Some(person.says(format!("number {number}\u{202e}\n")).unwrap().chat_id);
    }
    chat.unwrap()
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

/// The ids of the messages in a file.
fn ids(file: &str) -> Vec<String> {
    let content = fs::read_to_string(file).unwrap();
    assert!(content.is_empty() || content.ends_with('\n'));
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    content.lines().map(id).collect()
}

/// The ids of all messages of a chat, the oldest first.
fn all(sandbox: &Sandbox, chat: &ChatId) -> Vec<String> {
    sandbox.messages(chat).iter().map(|message| message.id.to_string()).collect()
}

async fn export(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = run(sandbox, &[&["export"], arguments].concat()).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_every_message_once_although_it_is_killed_and_pages_are_slow() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = say(&sandbox, 3_050);
    let folder = tempfile::tempdir().unwrap();
    let (file, part) = (path(folder.path(), "chat.jsonl"), path(folder.path(), "chat.jsonl.part"));
    sandbox.inject_fault("chats.messages.list: timeout 300ms".parse().unwrap()).unwrap();
    let arguments = ["export", chat.as_str(), "--out", &file];
    let is_list = |sandbox: &Sandbox, count| {
        sandbox.requests().iter().filter(|request| request.path.ends_with("/messages")).count() >= count
    };
    for pages in [3, 7, 12] {
        let mut killed = command(&sandbox, &arguments).stdout(Stdio::null()).spawn().unwrap();
        sandbox.until(|sandbox| is_list(sandbox, pages)).within(Duration::from_secs(120)).await;
        assert!(killed.try_wait().unwrap().is_none(), "it ended before it was killed");
        killed.kill().unwrap();
        killed.wait().unwrap();
        // The last line of a process that was killed in the middle of a write.
        let mut pages = fs::read(&part).unwrap();
        pages.extend_from_slice(b"{\"messages\":[{\"id\":\"half");
        fs::write(&part, pages).unwrap();
        // Messages that arrive meanwhile are not missing, and shift no page.
        say(&sandbox, 1);
    }
    sandbox.clear_faults();
    let before = sandbox.requests().len();
    export(&sandbox, &arguments[1..]).await;
    assert!(sandbox.requests().len() - before < 31, "it began anew");
    let exported = ids(&file);
    assert_eq!(exported, all(&sandbox, &chat)[..exported.len()]);
    assert!(exported.len() >= 3_050 && !fs::exists(&part).unwrap());

    // A second run adds what is new, the first page only.
    say(&sandbox, 2);
    let before = sandbox.requests().len();
    let json: Value =
        serde_json::from_str(&export(&sandbox, &[&arguments[1..], &["--json"]].concat()).await).unwrap();
    assert_eq!(sandbox.requests().len() - before, 1);
    assert_eq!(ids(&file), all(&sandbox, &chat));
    assert_eq!((&json["messages"], &json["new"]), (&3_055.into(), &(3_055 - exported.len()).into()));
    assert_eq!(export(&sandbox, &arguments[1..]).await, "0 new messages, 3055 in the file\n");

    // Lines are what the API sends.
    let line = fs::read_to_string(&file).unwrap().lines().next().unwrap().to_owned();
    let message: Message = serde_json::from_str(&line).unwrap();
    assert_eq!(message, sandbox.messages(&chat)[0]);
    assert!(line.contains('\u{202e}'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_while_it_writes_the_file_is_repeated() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = say(&sandbox, 250);
    let folder = tempfile::tempdir().unwrap();
    let (file, part) = (path(folder.path(), "chat.jsonl"), path(folder.path(), "chat.jsonl.part"));
    export(&sandbox, &[chat.as_str(), "--out", &file]).await;
    let first = fs::read(&file).unwrap();
    say(&sandbox, 120);
    sandbox.inject_fault("chats.messages.list: ok, 500 x9".parse().unwrap()).unwrap();
    let failed = run(&sandbox, &["export", chat.as_str(), "--out", &file]).await;
    assert_eq!(failed.status.code(), Some(6));
    assert!(text(&failed.stderr).contains("run the same command again"), "{}", text(&failed.stderr));
    assert_eq!(fs::read(&file).unwrap(), first);
    sandbox.clear_faults();
    // Half of a message at the end of the file, as if that had been written while the part file was there.
    fs::write(&file, [&first, &b"{\"id\":\"half"[..]].concat()).unwrap();
    assert!(fs::exists(&part).unwrap());
    export(&sandbox, &[chat.as_str(), "--out", &file]).await;
    assert_eq!(ids(&file), all(&sandbox, &chat));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_files_and_other_exports_are_left_alone() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = say(&sandbox, 3);
    let other = sandbox.person("casey@example.com").says("Hi").unwrap().chat_id;
    let folder = tempfile::tempdir().unwrap();
    let file = path(folder.path(), "chat.jsonl");
    for content in ["my notes\n", "{\"a\":1}", "{\"a\":1}\n", "\u{0}\n"] {
        fs::write(&file, content).unwrap();
        let output = run(&sandbox, &["export", chat.as_str(), "--out", &file]).await;
        assert_eq!(output.status.code(), Some(2), "{content}");
        assert!(text(&output.stderr).contains("line 1 of the file is not a message"));
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
    let output = run(&sandbox, &["export", chat.as_str(), "--out", folder.path().to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    fs::remove_file(&file).unwrap();
    export(&sandbox, &[chat.as_str(), "--out", &file]).await;
    let output = run(&sandbox, &["export", other.as_str(), "--out", &file]).await;
    assert!(text(&output.stderr).contains("of another chat"), "{}", text(&output.stderr));
    let missing = run(
        &sandbox,
        &["export", "550e8400-e29b-41d4-a716-446655440000", "--out", &path(folder.path(), "x")],
    )
    .await;
    assert_eq!(missing.status.code(), Some(3));
    assert!(!text(&missing.stderr).contains("again"), "{}", text(&missing.stderr));
    assert_eq!(ids(&file), all(&sandbox, &chat));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_output_gets_the_newest_first_and_its_end_is_quiet() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = say(&sandbox, 230);
    let printed = export(&sandbox, &[chat.as_str(), "--out", "-"]).await;
    assert!(!printed.contains('\u{202e}'), "text that controls the terminal is escaped");
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    let mut printed: Vec<_> = printed.lines().map(id).collect();
    printed.reverse();
    assert_eq!(printed, all(&sandbox, &chat));

    let time = sandbox.messages(&chat)[200].created_at.unwrap().to_string();
    let since = export(&sandbox, &[chat.as_str(), "--out", "-", "--since", &time]).await;
    assert!((30..230).contains(&since.lines().count()), "{}", since.lines().count());

    sandbox.inject_fault("chats.messages.list: timeout 200ms".parse().unwrap()).unwrap();
    let mut running = Running::spawn(&mut command(&sandbox, &["export", chat.as_str(), "--out", "-"]));
    assert!(running.line().starts_with('{'));
    running.close_stdout();
    assert_eq!(spawn_blocking(move || running.wait()).await.unwrap().code(), Some(141));
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_downloaded_once_under_names_that_no_stranger_chooses() {
    let sandbox = Sandbox::start().await.unwrap();
    let chat = say(&sandbox, 1);
    let folder = tempfile::tempdir().unwrap();
    let picture = path(folder.path(), "cup.jpg");
    fs::write(&picture, "no real picture").unwrap();
    run(&sandbox, &["send", chat.as_str(), "--file", &picture]).await;
    sandbox.person(PERSON).sends(Part::media_url("https://example.com/%2e%2e%2f..%2fevil.sh")).unwrap();
    let (file, media) = (path(folder.path(), "chat.jsonl"), path(folder.path(), "media"));
    let arguments = ["export", chat.as_str(), "--out", &file, "--attachments", &media];
    run(&sandbox, &arguments).await;
    let names = || -> BTreeSet<String> {
        let entries = fs::read_dir(&media).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let sent = sandbox.sent().remove(0);
    let name = format!("{}.jpg", sent.media().next().unwrap().id.as_ref().unwrap());
    assert!(names().contains(&name), "{:?}", names());
    assert_eq!(fs::read_to_string(Path::new(&media).join(&name)).unwrap(), "no real picture");
    for name in names() {
        assert!(
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
                && !name.starts_with('.')
        );
    }
    let before = names();
    run(&sandbox, &arguments).await;
    assert_eq!(names(), before);
}
