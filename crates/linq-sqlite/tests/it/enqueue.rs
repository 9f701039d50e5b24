//! Items that are added in transactions of the application, on its own connection.

use std::{path::Path, thread, time::Duration};

use linq_durable::{Enqueued, NewItem, QueueName, Settled, Settlement, Store as _};
use linq_sqlite::{
    Store, enqueue,
    rusqlite::{Connection, TransactionBehavior},
};
use linq_webhooks::block_on;

const LEASE: Duration = Duration::from_secs(60);

fn queue() -> QueueName {
    QueueName::from("outbox")
}

fn connect(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(Duration::from_secs(30)).unwrap();
    connection
        .execute_batch("create table if not exists orders (id integer primary key, state text)")
        .unwrap();
    connection
}

fn paid(id: i64) -> NewItem {
    NewItem::new("order.paid", format!("order {id}")).id(format!("order {id}")).key("orders")
}

/// Changes an order and adds an item in the same transaction.
fn pay(connection: &mut Connection, id: i64, is_committed: bool) -> Enqueued {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    transaction.execute("insert or replace into orders values (?, 'paid')", [id]).unwrap();
    let enqueued = enqueue(&transaction, &queue(), &paid(id)).unwrap();
    match is_committed {
        true => transaction.commit().unwrap(),
        false => transaction.rollback().unwrap(),
    }
    enqueued
}

fn orders(connection: &Connection) -> i64 {
    connection.query_row("select count(*) from orders", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_committed_item_is_claimed_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let store = Store::open(&path).unwrap();
    let mut connection = connect(&path);
    assert_eq!(pay(&mut connection, 7, true), Enqueued::New);
    assert_eq!(orders(&connection), 1);
    let claims = block_on(store.claim(&queue(), 10, LEASE)).unwrap();
    assert_eq!(claims.len(), 1);
    let item = &claims[0].item;
    assert_eq!((&item.id[..], &item.key[..], &item.kind[..]), ("order 7", "orders", "order.paid"));
    assert_eq!(item.body, "order 7");
    assert!(claims[0].age < LEASE, "{:?}", claims[0].age);
    assert_eq!(
        block_on(store.settle(&queue(), &claims[0].lease, Settlement::Complete)).unwrap(),
        Settled::Held
    );
    assert_eq!(block_on(store.claim(&queue(), 10, LEASE)).unwrap(), []);
}

#[test]
fn an_item_that_is_rolled_back_was_never_added() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let store = Store::open(&path).unwrap();
    let mut connection = connect(&path);
    assert_eq!(pay(&mut connection, 7, false), Enqueued::New);
    assert_eq!(orders(&connection), 0);
    assert_eq!(block_on(store.claim(&queue(), 10, LEASE)).unwrap(), []);
    assert_eq!(pay(&mut connection, 7, true), Enqueued::New, "the id was remembered");
}

#[test]
fn an_id_is_a_duplicate_whoever_added_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let store = Store::open(&path).unwrap();
    let mut connection = connect(&path);
    assert_eq!(pay(&mut connection, 7, true), Enqueued::New);
    assert_eq!(pay(&mut connection, 7, true), Enqueued::Duplicate);
    assert_eq!(block_on(store.enqueue(&queue(), paid(7))).unwrap(), Enqueued::Duplicate);
    assert_eq!(block_on(store.enqueue(&queue(), paid(8))).unwrap(), Enqueued::New);
    assert_eq!(pay(&mut connection, 8, true), Enqueued::Duplicate);
    assert_eq!(block_on(store.stats(&queue())).unwrap().waiting, 2);
}

#[test]
fn a_worker_wakes_after_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let store = Store::open(&path).unwrap();
    let mut connection = connect(&path);
    let waiting = thread::spawn(move || {
        // A wait may end early.
        loop {
            let claims = block_on(store.claim(&queue(), 10, LEASE)).unwrap();
            if !claims.is_empty() {
                return claims.len();
            }
            block_on(store.wait(&queue(), Duration::from_secs(3600)));
        }
    });
    thread::sleep(Duration::from_millis(50));
    assert_eq!(pay(&mut connection, 7, true), Enqueued::New);
    assert_eq!(waiting.join().unwrap(), 1);
}

#[test]
fn a_worker_can_be_woken_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("shop.db")).unwrap();
    let wait = store.wait(&queue(), Duration::from_secs(3600));
    let waiting = thread::spawn(move || block_on(wait));
    thread::sleep(Duration::from_millis(50));
    assert!(!waiting.is_finished());
    store.wake();
    waiting.join().unwrap();
}

#[test]
fn a_database_without_tables_of_a_store_is_an_error_that_says_what_to_do() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("create table orders (id integer primary key)").unwrap();
    let transaction = connection.transaction().unwrap();
    let error = enqueue(&transaction, &queue(), &paid(7)).unwrap_err();
    assert!(error.to_string().contains("`Store::open`"), "{error}");
    transaction.execute("insert into orders values (7)", []).unwrap();
    transaction.commit().unwrap();
}
