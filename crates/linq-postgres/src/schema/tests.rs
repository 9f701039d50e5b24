//! Migrations from an older version, which this crate does not have yet.

use std::time::Duration;

use linq_durable::{NewItem, QueueName, Settled, Settlement, Store as _};
use tokio_postgres::{Client, NoTls};

use super::{STEPS, check, migrate, version};
use crate::{Config, Store, connect};

#[path = "../../tests/it/server.rs"]
#[expect(clippy::disallowed_methods, dead_code, reason = "shared with the integration tests")]
mod server;

const LEASE: Duration = Duration::from_secs(60);
/// A later version, which adds a column and a table.
const NEXT: &[&str] = &[
    STEPS[0],
    "alter table $schema.item add column label text; create table $schema.label (name text primary key);",
];

async fn client(server: &server::Server) -> Client {
    let (client, connection) =
        server.address().parse::<tokio_postgres::Config>().unwrap().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn process(store: &Store, id: &str) {
    let queue = QueueName::from("inbox");
    store.enqueue(&queue, NewItem::new("kind", "body").id(id).key("a")).await.unwrap();
    let claims = store.claim(&queue, 10, LEASE).await.unwrap();
    assert_eq!(claims.iter().map(|claim| claim.item.id.as_str()).collect::<Vec<_>>(), [id]);
    assert_eq!(
        store.settle(&queue, &claims[0].lease, Settlement::Complete).await.unwrap(),
        Settled::Held,
        "{id}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_of_the_older_version_go_on_after_a_migration() {
    let Some(server) = server::Server::start() else { return };
    let config = Config::new(server.address().parse().unwrap());
    let (store, driver) = connect(config, NoTls).await.unwrap();
    tokio::spawn(driver.run());
    store.migrate().await.unwrap();
    process(&store, "before").await;

    let newer = client(&server).await;
    let error = check(version(&newer, "linq").await.unwrap(), NEXT).unwrap_err();
    assert!(error.to_string().contains("version 1, older than 2; call `Store::migrate`"), "{error}");
    assert_eq!(migrate(&newer, "linq", NEXT).await.unwrap(), 2);
    check(version(&newer, "linq").await.unwrap(), NEXT).unwrap();
    process(&store, "after").await;

    for error in [store.check().await.unwrap_err(), store.migrate().await.unwrap_err()] {
        assert!(error.to_string().contains("version 2, newer than 1"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_can_migrate_at_the_same_time() {
    let Some(server) = server::Server::start() else { return };
    for (schema, steps) in [("one", STEPS), ("two", NEXT), ("one", NEXT)] {
        let mut migrations = Vec::new();
        for _ in 0..4 {
            let client = client(&server).await;
            migrations.push(tokio::spawn(async move { migrate(&client, schema, steps).await.unwrap() }));
        }
        for migration in migrations {
            assert_eq!(usize::try_from(migration.await.unwrap()).unwrap(), steps.len(), "{schema}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_fails_changes_nothing() {
    let Some(server) = server::Server::start() else { return };
    let client = client(&server).await;
    let broken = [STEPS[0], "create table $schema.label (name text); select 1 / 0;"];
    migrate(&client, "linq", &broken).await.unwrap_err();
    assert_eq!(version(&client, "linq").await.unwrap(), 0);
    migrate(&client, "linq", STEPS).await.unwrap();
    migrate(&client, "linq", &broken).await.unwrap_err();
    assert_eq!(version(&client, "linq").await.unwrap(), 1);
    assert_eq!(migrate(&client, "linq", NEXT).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn printed_migrations_create_the_schema() {
    let Some(server) = server::Server::start() else { return };
    let config = Config::new(server.address().parse().unwrap()).schema("printed");
    let migrations = config.migrations().unwrap();
    let (store, driver) = connect(config, NoTls).await.unwrap();
    tokio::spawn(driver.run());
    client(&server).await.batch_execute(&migrations).await.unwrap();
    store.check().await.unwrap();
    process(&store, "1").await;
}
