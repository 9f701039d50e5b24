use linq_durable::{Enqueued, NewItem, QueueName, Store as _, StoreError};
use linq_redis::{Config, Store};

use super::server::Server;

/// Connects a store with this name, and runs its driver.
pub(super) async fn connect(server: &Server, name: &str) -> Store {
    connect_to(Config::new(server.client()).name(name)).await
}

pub(super) async fn connect_to(config: Config) -> Store {
    let (store, driver) = linq_redis::connect(config).await.unwrap();
    tokio::spawn(driver.run());
    store
}

pub(super) fn inbox() -> QueueName {
    QueueName::from("inbox")
}

pub(super) async fn enqueue(store: &Store, id: &str) -> Result<Enqueued, StoreError> {
    store.enqueue(&inbox(), NewItem::new("kind", "body").id(id)).await
}
