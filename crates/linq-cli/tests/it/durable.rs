//! The commands for inbox, outbox and store.

use std::{path::Path, process::Output, sync::Arc, time::Duration};

use linq::{
    Client, ReqwestBackend,
    durable::{Ledger, NewItem, NewRecord, Outbox, QueueName, Settled, Settlement},
    postgres, redis, sqlite,
};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use super::{redis_server, running::linq, server::Server};

/// Text in the bodies, which is printed with `--body` only.
const TEXT: &str = "When do you open?";

/// Runs a command on a store, and returns what it prints on standard output.
fn run(store: &str, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = output(store, arguments);
    assert_eq!(status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Runs a command on a store, which fails, and returns the error in its JSON.
fn failed(store: &str, arguments: &[&str]) -> Value {
    let Output { status, stdout, stderr } = output(store, &[arguments, &["--json"]].concat());
    assert_eq!((status.code(), &*stdout), (Some(1), &b""[..]), "{arguments:?}");
    let mut failure: Value = serde_json::from_slice(&stderr).unwrap();
    failure["error"].take()
}

fn output(store: &str, arguments: &[&str]) -> Output {
    linq(arguments).env("LINQ_STORE", store).output().unwrap()
}

/// The objects that a command prints.
fn json(store: &str, arguments: &[&str]) -> Vec<Value> {
    let printed = run(store, &[arguments, &["--json"]].concat());
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn sqlite_address(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// Adds an event to the inbox that becomes a dead letter if it has an error.
async fn event(store: &dyn Ledger, id: &str, error: Option<&str>) {
    let queue = QueueName::from("inbox");
    let item = NewItem::new("message.received", json!({ "text": TEXT, "n": 1.50 }).to_string());
    store.enqueue(&queue, item.id(id).key(id)).await.unwrap();
    end(store, &queue, id, error).await;
}

/// Claims an item, and settles it with this error, if there is one.
async fn end(store: &dyn Ledger, queue: &QueueName, id: &str, error: Option<&str>) {
    for claim in store.claim(queue, 100, Duration::from_secs(60)).await.unwrap() {
        let settlement = match error.filter(|_| claim.item.id == id) {
            Some(error) => Settlement::dead_letter(error),
            None => Settlement::Release,
        };
        let settled = store.settle(queue, &claim.lease, settlement).await.unwrap();
        assert_eq!(settled, Settled::Held);
    }
}

/// Adds a send to the outbox, that waits if its record has no state, or else is a dead letter.
async fn send(store: &Arc<dyn Ledger>, key: &str, state: Option<&str>) {
    let client = Client::builder().api_key("k").build(ReqwestBackend::new().unwrap()).unwrap();
    let outbox = Outbox::from(Arc::clone(store));
    outbox.with_key(key).add(client.chats().messages(key).send(TEXT)).await.unwrap();
    if let Some(state) = state {
        let queue = QueueName::from("outbox");
        end(&**store, &queue, key, Some("no")).await;
        let record = json!({
            "key": key, "operation": "chats.messages.send", "state": state, "added_at": "2026-11-30T10:00:00Z",
            "first_sent_at": "2026-11-30T10:00:01Z", "code": 2005, "error": "no",
        });
        let record = NewRecord::new(key, state, record.to_string());
        assert!(store.put_record(&queue, record, 0).await.unwrap());
    }
}

async fn fill(store: &Arc<dyn Ledger>) {
    for (id, error) in [("w1", None), ("d1", Some("boom")), ("d2", Some("bang")), ("d3", Some("boom"))] {
        event(&**store, id, error).await;
    }
    for (key, state) in
        [("k1", None), ("k2", Some("refused")), ("k3", Some("unknown")), ("k4", Some("unknown"))]
    {
        send(store, key, state).await;
    }
}

/// All commands on a store that is filled.
fn check_commands(store: &str) {
    check_inbox(store);
    check_outbox(store);
    let swept = json(store, &["store", "sweep"]);
    assert_eq!(swept, [json!({"inbox": 0, "outbox": 0, "outbox.messages": 0, "handled": 0})]);
    assert_eq!(run(store, &["store", "sweep", "--queue", "other"]), "other  0\n");
}

fn check_inbox(store: &str) {
    let stats = json(store, &["inbox", "stats"]).remove(0);
    assert_eq!((&stats["waiting"], &stats["leased"], &stats["dead"]), (&json!(1), &json!(0), &json!(3)));
    assert!(run(store, &["inbox", "stats"]).starts_with("waiting  1\nleased   0\ndead     3\noldest   20"));

    let letters = json(store, &["inbox", "list"]);
    let ids: Vec<_> = letters.iter().map(|letter| &letter["id"]).collect();
    assert_eq!(ids, ["d1", "d2", "d3"]);
    let names = ["attempts", "id", "key", "kind", "last_error", "received_at", "sequence", "state"];
    assert!(letters[0].as_object().unwrap().keys().eq(names), "{}", letters[0]);
    assert_eq!(letters[1]["last_error"], "bang");
    assert_eq!(json(store, &["inbox", "list", "--state", "waiting"])[0]["id"], "w1");
    assert_eq!(json(store, &["inbox", "list", "--queue", "other"]), [json!(null); 0]);

    let table = run(store, &["inbox", "list"]);
    assert!(table.starts_with("SEQUENCE  ID  KEY  KIND"), "{table}");
    assert_eq!(table.lines().count(), 4);

    // Pages.
    let first = output(store, &["inbox", "list", "--limit", "2"]);
    let last_sequence = &letters[1]["sequence"].to_string();
    assert_eq!(
        String::from_utf8(first.stderr).unwrap(),
        format!("There are more: --after {last_sequence}\n")
    );
    let rest = json(store, &["inbox", "list", "--limit", "2", "--after", last_sequence]);
    assert_eq!(rest, letters[2..]);
    assert_eq!(json(store, &["inbox", "list", "--all"]), letters);

    // Bodies.
    for command in [&["inbox", "list"][..], &["inbox", "show", "d1"]] {
        for options in [&[][..], &["--json"]] {
            let command = [command, options].concat();
            assert!(!run(store, &command).contains(TEXT), "{command:?}");
            assert!(run(store, &[&command[..], &["--body"]].concat()).contains(r#""n":1.5"#), "{command:?}");
        }
    }
    assert_eq!(json(store, &["inbox", "show", "d1", "--body"])[0]["body"]["text"], TEXT);
    assert!(run(store, &["inbox", "show", "w1"]).contains("\nstate     waiting\n"));

    // Changes.
    assert_eq!(json(store, &["inbox", "retry", "d1"]), [json!({"retried": 1})]);
    assert_eq!(json(store, &["inbox", "show", "d1"])[0]["state"], "waiting");
    assert_eq!(run(store, &["inbox", "drop", "d2"]), "dropped 1\n");
    assert_eq!(run(store, &["inbox", "retry", "--all"]), "retried 1\n");
    assert_eq!(json(store, &["inbox", "stats"])[0]["waiting"], 3);
    for command in [["inbox", "retry", "d2"], ["inbox", "drop", "w1"], ["inbox", "show", "d2"]] {
        assert_eq!(failed(store, &command)["kind"], "NotFound", "{command:?}");
    }
}

fn check_outbox(store: &str) {
    let stats = json(store, &["outbox", "stats"]).remove(0);
    assert_eq!((&stats["waiting"], &stats["dead"]), (&json!(1), &json!(3)));
    assert_eq!(json(store, &["outbox", "list", "--state", "waiting"])[0]["id"], "k1");
    let records = json(store, &["outbox", "list"]);
    let states: Vec<_> = records.iter().map(|record| json!([record["key"], record["state"]])).collect();
    assert_eq!(json!(states), json!([["k2", "refused"], ["k3", "unknown"], ["k4", "unknown"]]));
    let unknown = json(store, &["outbox", "list", "--state", "unknown", "--all"]);
    assert_eq!(unknown, records[1..]);
    assert!(run(store, &["outbox", "list"]).starts_with("SEQUENCE  KEY  OPERATION"));

    let shown = json(store, &["outbox", "show", "k2", "--body"]).remove(0);
    assert_eq!((&shown["record"]["code"], &shown["item"]["state"]), (&json!(2005), &json!("dead")));
    assert!(shown["item"]["body"].to_string().contains(TEXT));
    assert_eq!(json(store, &["outbox", "show", "k1"])[0]["record"], Value::Null);
    let text = run(store, &["outbox", "show", "k2"]);
    assert!(text.contains("state       refused\n") && text.contains("\nstate     dead\n"), "{text}");
    assert!(!text.contains(TEXT));

    let new_key = json(store, &["outbox", "resend", "k2"]).remove(0)["key"].as_str().unwrap().to_owned();
    assert_eq!(json(store, &["outbox", "show", &new_key])[0]["item"]["state"], "waiting");
    assert_eq!(json(store, &["outbox", "show", "k2"])[0]["record"]["replaced_by"], new_key);
    assert_eq!(run(store, &["outbox", "settle", "k3", "accepted"]), "accepted\n");
    assert_eq!(json(store, &["outbox", "settle", "k4", "failed"]), [json!({"state": "failed"})]);
    assert_eq!(json(store, &["outbox", "cancel", "k1"]), [json!({"state": "cancelled"})]);
    for command in [
        &["outbox", "resend", "k1"][..],
        &["outbox", "settle", "k3", "failed"],
        &["outbox", "cancel", "k4"],
        &["outbox", "show", "k9"],
    ] {
        assert_eq!(failed(store, command)["kind"], "NotFound", "{command:?}");
    }
    assert!(json(store, &["outbox", "resend", "k4"])[0]["key"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bot.db");
    let address = sqlite_address(&file);

    // Only `migrate` creates the file.
    assert_eq!(failed(&address, &["inbox", "stats"])["kind"], "Store");
    assert!(!file.exists());
    let sql = run(&address, &["store", "migrate", "--print"]);
    assert!(sql.contains("create table linq_item") && !file.exists(), "{sql}");
    sqlite::rusqlite::Connection::open(&file).unwrap().execute_batch("create table mine (x)").unwrap();
    let missing = failed(&address, &["outbox", "list"]);
    assert!(missing["message"].as_str().unwrap().contains("linq store migrate"), "{missing}");
    assert_eq!(json(&address, &["store", "migrate"]), [json!({"schema_version": sqlite::SCHEMA_VERSION})]);
    assert!(run(&address, &["store", "migrate"]).starts_with("schema version "));

    let checked = json(&address, &["store", "check"]).remove(0);
    assert_eq!((&checked["store"], &checked["journal_mode"]), (&json!("sqlite"), &json!("wal")));
    assert_eq!((&checked["quick_check"], &checked["schema_version"]), (&json!("ok"), &json!("1")));
    assert!(run(&address, &["store", "check"]).contains("\njournal_mode    wal\n"));

    let store: Arc<dyn Ledger> = Arc::new(sqlite::Store::open(&file).unwrap());
    fill(&store).await;
    check_commands(&address);
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_on_postgres() {
    let Some(server) = Server::start() else { return };
    let socket = server.address();
    let folder = socket.split(' ').next().unwrap().strip_prefix("host=").unwrap();
    let address = format!("postgres:///postgres?user=postgres&password=hunter2&host={folder}");

    let missing = failed(&address, &["inbox", "stats"]);
    assert!(missing["message"].as_str().unwrap().contains("linq store migrate"), "{missing}");
    assert!(!missing.to_string().contains("hunter2"));
    assert_eq!(json(&address, &["store", "migrate"]), [json!({"schema_version": postgres::SCHEMA_VERSION})]);
    let checked = json(&address, &["store", "check"]).remove(0);
    assert_eq!((&checked["store"], &checked["synchronous_commit"]), (&json!("postgres"), &json!("on")));

    let config = postgres::Config::new(socket.parse().unwrap());
    let (store, driver) = postgres::connect(config, NoTls).await.unwrap();
    tokio::spawn(driver.run());
    let store: Arc<dyn Ledger> = Arc::new(store);
    fill(&store).await;
    check_commands(&address);
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_on_redis() {
    let Some(server) = redis_server::Server::start() else { return };
    let client = server.client();
    let address = client.get_connection_info().addr().to_string();
    let address = format!("redis+unix://{address}");

    assert_eq!(json(&address, &["store", "migrate"]), [json!({"schema_version": null})]);
    let print = output(&address, &["store", "migrate", "--print"]);
    assert_eq!(print.status.code(), Some(1));
    assert_eq!(print.stderr, b"error: a store on Redis has no schema\n");
    let checked = json(&address, &["store", "check"]).remove(0);
    assert_eq!((&checked["store"], &checked["appendfsync"]), (&json!("redis"), &json!("always")));

    let (store, driver) = redis::connect(redis::Config::new(client)).await.unwrap();
    tokio::spawn(driver.run());
    let store: Arc<dyn Ledger> = Arc::new(store);
    fill(&store).await;
    check_commands(&address);
    server.run::<()>("CONFIG SET appendfsync everysec");
    assert!(run(&address, &["inbox", "stats"]).starts_with("waiting  3\n"));
    let weak = failed(&address, &["store", "check"]);
    assert!(weak["message"].as_str().unwrap().contains("appendfsync"), "{weak}");
}

#[test]
fn the_password_of_a_store_is_never_printed_and_the_sql_needs_no_server() {
    let server = "postgres://bot:hunter2@127.0.0.1:1/bot";
    assert!(run(server, &["store", "migrate", "--print"]).contains("create schema if not exists linq;"));
    let unreachable = failed(server, &["outbox", "stats"]);
    assert!(unreachable["message"].as_str().unwrap().contains("cannot connect to PostgreSQL"));
    for (address, reason) in [
        (server, "Connection refused"),
        ("redis://bot:hunter2@127.0.0.1:1", "Connection refused"),
        ("postgres://bot:hunter2@127.0.0.1:1/bot?sslmode=require", "sslmode demands TLS"),
        ("postgres://bot:hunter2@127.0.0.1:port/bot", "invalid PostgreSQL address"),
        ("rediss://bot:hunter2@127.0.0.1:1", "rediss demands TLS"),
        ("redis://bot:hunter2@:port:", "invalid Redis address"),
        ("mysql://bot:hunter2@127.0.0.1/bot", "expected sqlite:FILE"),
        ("hunter2", "expected sqlite:FILE"),
    ] {
        for options in [&[][..], &["--json"], &["--help"]] {
            let Output { status, stdout, stderr } = output(address, &[&["inbox", "stats"], options].concat());
            let printed = String::from_utf8([stdout, stderr].concat()).unwrap();
            assert!(!printed.contains("hunter2"), "{printed}");
            if options != ["--help"] {
                assert!(printed.contains(reason) && !status.success(), "{address}: {printed}");
            }
        }
    }
}
