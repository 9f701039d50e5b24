use linq_postgres::{Config, Store};
use tokio_postgres::{Client, NoTls};

use super::server::Server;

/// Connects a store with a schema of its own, and runs its driver.
pub(super) async fn connect(server: &Server, schema: &str) -> Store {
    let config = Config::new(config(server)).schema(schema);
    let (store, driver) = linq_postgres::connect(config, NoTls).await.unwrap();
    tokio::spawn(driver.run());
    store.migrate().await.unwrap();
    store
}

/// Connects like an application.
pub(super) async fn client(server: &Server) -> Client {
    let (client, connection) = config(server).connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(super) fn config(server: &Server) -> tokio_postgres::Config {
    server.address().parse().unwrap()
}
