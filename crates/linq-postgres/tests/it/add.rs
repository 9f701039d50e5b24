//! Items that are added in transactions of the application.

use std::time::Duration;

use linq_durable::{ItemState, NewItem, QueueName, Settled, Settlement, Store as _};
use linq_postgres::{Store, add_statement, item_json};
use tokio_postgres::{Client, Error, types::ToSql};

use super::{
    server::Server,
    store::{client, connect},
};

const LEASE: Duration = Duration::from_secs(60);

fn queue() -> QueueName {
    QueueName::from("orders")
}

async fn add(client: &Client, id: &str, key: &str) {
    add_item(client, &NewItem::new("kind", format!("body of {id}")).id(id).key(key)).await.unwrap();
}

async fn add_item(client: &Client, item: &NewItem) -> Result<u64, Error> {
    let json = item_json(&queue(), item);
    client.execute(&add_statement("linq"), &[&json as &(dyn ToSql + Sync)]).await
}

/// Claims and completes everything that is due, one item of each key after the other, and returns the ids.
async fn process_all(store: &Store) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let claims = store.claim(&queue(), 10, LEASE).await.unwrap();
        if claims.is_empty() {
            return ids;
        }
        for claim in claims {
            let settled = store.settle(&queue(), &claim.lease, Settlement::Complete).await.unwrap();
            assert_eq!(settled, Settled::Held);
            ids.push(claim.item.id);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_are_in_the_queue_if_their_transaction_is_committed() {
    let Some(server) = Server::start() else { return };
    let (store, client) = (connect(&server, "linq").await, client(&server).await);

    client.batch_execute("begin").await.unwrap();
    add(&client, "rolled back", "a").await;
    client.batch_execute("rollback").await.unwrap();
    assert_eq!(process_all(&store).await, Vec::<String>::new());

    client.batch_execute("begin").await.unwrap();
    for id in ["1", "2", "1", "3"] {
        add(&client, id, "a").await;
    }
    assert_eq!(process_all(&store).await, Vec::<String>::new(), "before the commit");
    client.batch_execute("commit").await.unwrap();
    let listed = store.list(&queue(), ItemState::Waiting, 0, 10).await.unwrap();
    assert_eq!(listed.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(listed[0].body, "body of 1");
    assert_eq!(process_all(&store).await, ["1", "2", "3"]);

    add(&client, "2", "a").await;
    assert_eq!(process_all(&store).await, Vec::<String>::new(), "an id that is known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_arrives_as_it_was_added() {
    let Some(server) = Server::start() else { return };
    let (store, client) = (connect(&server, "linq").await, client(&server).await);
    let bodies: [&[u8]; 5] = [b"", b"{\"a\":\"\\u0000\"}", "\"ü\\\n😀".as_bytes(), b"a\0b", b"\xff\xfe"];
    for body in bodies {
        add_item(&client, &NewItem::new("kind", body)).await.unwrap();
    }
    let listed = store.list(&queue(), ItemState::Waiting, 0, 10).await.unwrap();
    assert_eq!(listed.iter().map(|item| &item.body[..]).collect::<Vec<_>>(), bodies);
    assert_eq!(store.claim(&queue(), 10, LEASE).await.unwrap().len(), bodies.len(), "items without a key");

    add_item(&client, &NewItem::new("kind", "").id("later").delay(LEASE)).await.unwrap();
    add_item(&client, &NewItem::new("kind", "").id("never").delay(Duration::MAX)).await.unwrap();
    assert_eq!(store.claim(&queue(), 10, LEASE).await.unwrap().len(), 0, "items with a delay");

    for (json, problem) in [
        (r#"{"kind":"kind"}"#, "missing \"queue\""),
        (r#"{"queue":"orders"}"#, "missing \"queue\" or \"kind\""),
        ("no json", "json"),
        ("[]", "missing \"queue\""),
    ] {
        let error = client.execute(&add_statement("linq"), &[&json]).await.unwrap_err();
        assert!(error.as_db_error().unwrap().message().contains(problem), "{json}: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_transaction_holds_up_no_other() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "linq").await;
    let (open, other) = (client(&server).await, client(&server).await);
    open.batch_execute("begin").await.unwrap();
    add(&open, "first", "a").await;
    add(&other, "second", "a").await;
    add(&other, "first", "a").await;
    assert_eq!(process_all(&store).await, ["second", "first"]);
    add(&open, "third", "a").await;
    open.batch_execute("commit").await.unwrap();
    assert_eq!(process_all(&store).await, ["third"], "the first one is a duplicate by now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crossing_transactions_do_not_wait_for_each_other() {
    const TRANSACTIONS: usize = 16;
    let Some(server) = Server::start() else { return };
    let stores = [connect(&server, "linq").await, connect(&server, "linq").await];
    let mut clients = Vec::new();
    for _ in 0..TRANSACTIONS {
        let client = client(&server).await;
        client.batch_execute("set lock_timeout = '5s'; begin").await.unwrap();
        clients.push(client);
    }
    // All transactions are open at the same time, with the same ids and keys in both orders.
    for step in 0..4 {
        for (number, client) in clients.iter().enumerate() {
            let place = if number % 2 == 0 { step } else { 3 - step };
            add(client, &format!("{place}"), &format!("key {place}")).await;
        }
    }
    for client in &clients {
        client.batch_execute("commit").await.unwrap();
    }
    let (mut ids, others) = tokio::join!(process_all(&stores[0]), process_all(&stores[1]));
    ids.extend(others);
    ids.sort_unstable();
    assert_eq!(ids, ["0", "1", "2", "3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_ends_when_an_item_was_added() {
    let Some(server) = Server::start() else { return };
    let (store, client) = (connect(&server, "linq").await, client(&server).await);
    let waiting = store.wait(&queue(), Duration::from_secs(600));
    add(&client, "1", "a").await;
    store.wake();
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap();
    let waiting = store.wait(&queue(), Duration::from_secs(600));
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap();
    assert_eq!(process_all(&store).await, ["1"]);
}
