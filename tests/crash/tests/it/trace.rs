//! The system calls of a receiver, as strace writes them.

use std::collections::HashMap;

/// A call. `begin` and `end` are the lines where it began and ended: other threads may have been traced in between.
#[derive(Debug)]
struct Call {
    name: String,
    arguments: String,
    result: i64,
    begin: usize,
    end: usize,
}

/// What a trace says about the events that were accepted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) accepted: usize,
    /// The events whose 202 began to be sent before a write of the event to the log of SQLite was synced.
    pub(super) unsynced: Vec<String>,
}

/// Checks that for each 202, after the request was read on its connection, the event was written to the log of SQLite, and
/// that a sync of this file began afterwards and succeeded.
pub(super) fn check(trace: &str) -> Checked {
    let calls = calls(trace);
    let mut requests: HashMap<&str, Request> = HashMap::new();
    let mut checked = Checked::default();
    for call in &calls {
        match call.name.as_str() {
            "recvfrom" | "read" if call.result > 0 && call.arguments.contains("<socket:") => {
                let request = requests.entry(call.file()).or_default();
                request.text.push_str(&call.arguments);
                request.read_at = call.end;
            }
            "sendto" | "write" | "writev" if call.arguments.contains("\"HTTP/1.1 202 ") => {
                let request = requests.remove(call.file()).unwrap_or_default();
                let id = request.event_id().unwrap_or("unknown event");
                checked.accepted += 1;
                if !is_synced(id, &calls, request.read_at, call.begin) {
                    checked.unsynced.push(id.to_owned());
                }
            }
            _ => {}
        }
    }
    checked
}

fn is_synced(id: &str, calls: &[Call], read_at: usize, sent_at: usize) -> bool {
    let is_on_log =
        |call: &&Call| call.file().ends_with("-wal>") && call.begin > read_at && call.end < sent_at;
    let within = || calls.iter().filter(is_on_log);
    let written = within().find(|call| call.name == "pwrite64" && call.data().contains(id));
    let is_sync = |call: &Call| matches!(&*call.name, "fdatasync" | "fsync") && call.result == 0;
    written.is_some_and(|written| within().any(|call| is_sync(call) && call.begin > written.end))
}

#[derive(Debug, Default)]
struct Request {
    text: String,
    read_at: usize,
}

impl Request {
    /// Strace escapes the quotes.
    fn event_id(&self) -> Option<&str> {
        self.text.split_once(r#"\"event_id\":\""#)?.1.split('\\').next()
    }
}

impl Call {
    /// The descriptor with what it is, such as `9</tmp/bot.db-wal>` or `12<socket:[3456]>`, which no other socket ever is.
    fn file(&self) -> &str {
        let first = self.arguments.split(", ").next().unwrap_or_default();
        first.trim_end_matches([')', ' '])
    }

    fn data(&self) -> &str {
        self.arguments.split_once(", ").map_or("", |(_, data)| data)
    }
}

/// Returns the calls in the order in which they ended.
fn calls(trace: &str) -> Vec<Call> {
    let mut unfinished: HashMap<&str, (String, usize)> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, text)) = line.split_once(' ').map(|(thread, text)| (thread, text.trim_start()))
        else {
            continue;
        };
        if let Some(begun) = text.strip_suffix(" <unfinished ...>") {
            unfinished.insert(thread, (begun.to_owned(), at));
            continue;
        }
        let (text, begin) = match text.strip_prefix("<... ").and_then(|text| text.split_once(" resumed>")) {
            Some((_, rest)) => match unfinished.remove(thread) {
                Some((begun, begin)) => (begun + rest, begin),
                None => continue,
            },
            None => (text.to_owned(), at),
        };
        let Some((name, rest)) = text.split_once('(') else { continue };
        let Some((arguments, result)) = rest.rsplit_once(" = ") else { continue };
        let Some(Ok(result)) = result.split(' ').next().map(str::parse) else { continue };
        calls.push(Call { name: name.to_owned(), arguments: arguments.to_owned(), result, begin, end: at });
    }
    calls
}

#[test]
fn a_202_is_synced_if_its_event_was_written_and_synced_after_its_request_was_read() {
    let read = r#"11 recvfrom(8<socket:[1]>, "POST / HTTP/1.1\r\n\r\n{\"event_id\":\"a\",\"x\":1}", 8192, 0, NULL, NULL) = 300"#;
    let sync = "12 fdatasync(9</tmp/bot.db-wal>) = 0";
    let write = r#"12 pwrite64(9</tmp/bot.db-wal>, "\0\0a\0", 4, 32) = 4"#;
    let send = r#"11 writev(8<socket:[1]>, [{iov_base="HTTP/1.1 202 Accepted\r\n", iov_len=23}], 1) = 23"#;
    let sync_begins = "12 fdatasync(9</tmp/bot.db-wal> <unfinished ...>";
    let sync_ends = "12 <... fdatasync resumed>)               = 0";
    let send_begins =
        r#"11 sendto(8<socket:[1]>, "HTTP/1.1 202 Accepted\r\n", 23, 0, NULL, 0 <unfinished ...>"#;
    let send_ends = "11 <... sendto resumed>) = 23";
    let other_write = r#"12 pwrite64(9</tmp/bot.db-wal>, "\0\0b\0", 4, 32) = 4"#;
    let failed_sync = "12 fdatasync(9</tmp/bot.db-wal>) = -1 EIO (Input/output error)";
    let other_sync = "12 fdatasync(10</tmp/bot.db>) = 0";
    for (lines, is_synced) in [
        (&[read, write, sync, send][..], true),
        (&[read, write, sync_begins, sync_ends, send], true),
        (&[read, write, sync, send_begins, send_ends], true),
        (&[read, send], false),
        (&[read, write, send], false),
        (&[write, sync, read, send], false),
        (&[write, read, sync, send], false),
        (&[read, sync, write, send], false),
        (&[read, write, send, sync], false),
        (&[write, sync_begins, read, sync_ends, send], false),
        (&[read, write, sync_begins, send, sync_ends], false),
        (&[read, write, sync_begins, send_begins, sync_ends, send_ends], false),
        (&[read, other_write, sync, send], false),
        (&[read, write, failed_sync, send], false),
        (&[read, write, other_sync, send], false),
    ] {
        let checked = check(&lines.join("\n"));
        let unsynced = if is_synced { vec![] } else { vec!["a".to_owned()] };
        assert_eq!(checked, Checked { accepted: 1, unsynced }, "{lines:#?}");
    }
}
