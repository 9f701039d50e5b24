use std::time::Duration;

use linq_durable::{Enqueued, Ledger as _, NewItem, NewRecord, QueueName, Store as _, StoreErrorKind};
use linq_postgres::{Config, ConnectError, Store};
use tokio_postgres::NoTls;

use super::{
    server::Server,
    store::{config, connect},
};

const LEASE: Duration = Duration::from_secs(60);

/// Enqueues until it succeeds, as the service delivers again.
async fn enqueue(store: &Store, id: &str) -> Enqueued {
    let queue = QueueName::from("inbox");
    for _ in 0..600 {
        match store.enqueue(&queue, NewItem::new("kind", "body").id(id)).await {
            Ok(enqueued) => return enqueued,
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the store did not come back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_comes_back_after_each_way_to_lose_the_server() {
    let Some(server) = Server::start() else { return };
    let store = connect(&server, "linq").await;
    assert_eq!(enqueue(&store, "before").await, Enqueued::New);

    let (client, connection) = config(&server).connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    let terminate = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()";
    client.batch_execute(terminate).await.unwrap();
    enqueue(&store, "after the end of the connection").await;

    server.stop_at_once();
    let refused = store.enqueue(&QueueName::from("inbox"), NewItem::new("kind", "body").id("refused")).await;
    assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::Unavailable);
    let records = QueueName::from("outbox");
    let put =
        async |expected| store.put_record(&records, NewRecord::new("1", "sent", "body"), expected).await;
    for refused in [
        put(0).await.map(drop),
        store.record(&records, "1").await.map(drop),
        store.records(&records, None, 0, 1).await.map(drop),
        store.pace(Vec::new()).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::Unavailable);
    }
    server.start_again();
    enqueue(&store, "after a crash").await;
    assert!(put(0).await.unwrap());

    server.kill();
    server.start_again();
    enqueue(&store, "after the death of the postmaster").await;
    assert!(put(1).await.unwrap(), "the record is lost");

    let claims = store.claim(&QueueName::from("inbox"), 10, LEASE).await.unwrap();
    let mut ids: Vec<_> = claims.iter().map(|claim| claim.item.id.as_str()).collect();
    ids.sort_unstable();
    let expected =
        ["after a crash", "after the death of the postmaster", "after the end of the connection", "before"];
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn what_cannot_work_is_refused_with_the_remedy() {
    let Some(server) = Server::start() else { return };
    let invalid = linq_postgres::connect(Config::new(config(&server)).schema("a; drop table b"), NoTls).await;
    assert!(matches!(invalid, Err(ConnectError::InvalidSchema)));

    let mut fast = config(&server);
    fast.options("-c synchronous_commit=off");
    let refused = linq_postgres::connect(Config::new(fast.clone()), NoTls).await.map(drop).unwrap_err();
    assert!(matches!(refused, ConnectError::AsynchronousCommit), "{refused}");
    assert!(linq_postgres::connect(Config::new(fast).allow_loss(), NoTls).await.is_ok());

    let (store, driver) = linq_postgres::connect(Config::new(config(&server)), NoTls).await.unwrap();
    tokio::spawn(driver.run());
    let error = store.check().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Config);
    assert!(error.to_string().contains("call `Store::migrate`"), "{error}");
    let error = store.stats(&QueueName::from("inbox")).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Config, "{error}");

    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    let (client, connection) = config(&server).connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("update linq.meta set value = 1000").await.unwrap();
    for error in [store.check().await.unwrap_err(), store.migrate().await.unwrap_err()] {
        assert!(error.to_string().contains("version 1000"), "{error}");
    }
}
