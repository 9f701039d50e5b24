use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use linq_durable::{Enqueued, NewItem, QueueName, Settlement, Store as _};
use linq_sqlite::{OpenError, Store};
use linq_webhooks::block_on;
use rusqlite::Connection;

fn queue() -> QueueName {
    QueueName::from("inbox")
}

#[test]
fn the_files_are_for_their_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("bot.db")).unwrap();
    block_on(store.enqueue(&queue(), NewItem::new("kind", "body"))).unwrap();
    let mut files = 0;
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        files += 1;
    }
    assert!(files >= 2, "{files}");
}

#[test]
fn items_outlive_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = Store::open(&path).unwrap();
    let item = NewItem::new("kind", "body").id("e1").key("c1");
    assert_eq!(block_on(store.enqueue(&queue(), item.clone())).unwrap(), Enqueued::New);
    drop(store);
    let store = Store::open(&path).unwrap();
    assert_eq!(block_on(store.enqueue(&queue(), item)).unwrap(), Enqueued::Duplicate);
    let claims = block_on(store.claim(&queue(), 10, std::time::Duration::from_secs(60))).unwrap();
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].item.body, "body");
}

#[test]
fn commits_are_synced_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    drop(Store::open(&path).unwrap());
    let mode: String =
        Connection::open(&path).unwrap().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn the_text_of_a_finished_item_is_not_in_the_database_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = Store::open(&path).unwrap();
    for at in 0..50 {
        let body = format!("a very private sentence {at} {}", "x".repeat(3000));
        block_on(store.enqueue(&queue(), NewItem::new("kind", body).id(format!("e{at}")))).unwrap();
    }
    assert!(contains(folder.path(), "private sentence"));
    let claims = block_on(store.claim(&queue(), 100, std::time::Duration::from_secs(60))).unwrap();
    assert_eq!(claims.len(), 50);
    for claim in claims {
        let _held = block_on(store.settle(&queue(), &claim.lease, Settlement::Complete)).unwrap();
    }
    Connection::open(&path).unwrap().pragma_update(None, "wal_checkpoint", "truncate").unwrap();
    assert!(!contains(folder.path(), "private sentence"));
}

fn contains(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn what_is_no_database_of_this_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    fs::write(&text, "this is not a database, but long enough to look like one".repeat(50)).unwrap();
    assert!(matches!(Store::open(&text), Err(OpenError::Sqlite(_))));

    let newer = folder.path().join("newer.db");
    drop(Store::open(&newer).unwrap());
    let connection = Connection::open(&newer).unwrap();
    connection.execute("update linq_meta set value = 1000 where name = 'schema'", []).unwrap();
    let error = Store::open(&newer).unwrap_err();
    assert!(error.to_string().contains("schema version 1000"), "{error}");

    let missing = Store::open(folder.path().join("no such folder/bot.db"));
    assert!(matches!(missing, Err(OpenError::File(_))));
}

#[test]
fn an_existing_database_is_opened_without_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.db");
    assert!(matches!(Store::open_existing(&missing), Err(OpenError::File(_))));
    assert!(!missing.exists());

    let application = folder.path().join("application.db");
    Connection::open(&application).unwrap().execute_batch("create table orders (id integer)").unwrap();
    let before = fs::read(&application).unwrap();
    let error = Store::open_existing(&application).unwrap_err();
    assert!(error.to_string().starts_with("schema is missing"), "{error}");
    assert!(fs::read(&application).unwrap() == before, "the file changed");

    let path = folder.path().join("bot.db");
    drop(Store::open(&path).unwrap());
    let store = Store::open_existing(&path).unwrap();
    assert_eq!(block_on(store.enqueue(&queue(), NewItem::new("kind", "body"))).unwrap(), Enqueued::New);
}

#[test]
fn the_tables_of_the_application_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("create table orders (id integer); insert into orders values (7)").unwrap();
    let store = Store::open(&path).unwrap();
    block_on(store.enqueue(&queue(), NewItem::new("kind", "body"))).unwrap();
    let id: i64 = connection.query_row("select id from orders", [], |row| row.get(0)).unwrap();
    assert_eq!(id, 7);
}
