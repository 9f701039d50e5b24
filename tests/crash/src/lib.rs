//! What the crash tests and the processes that they kill share.

use std::sync::Arc;

use anyhow::bail;
use linq_durable::{Ledger, MemoryStore};
use tokio_postgres::NoTls;

/// Opens the store of an address: `sqlite:PATH`, `memory`, the URL of a Redis server, or a connection string of PostgreSQL,
/// which may turn `synchronous_commit` off.
///
/// # Errors
///
/// Returns an error if the store cannot be opened.
pub async fn open(address: &str) -> anyhow::Result<Arc<dyn Ledger>> {
    if address == "memory" {
        return Ok(Arc::new(MemoryStore::new()));
    }
    if let Some(path) = address.strip_prefix("sqlite:") {
        return Ok(Arc::new(linq_sqlite::Store::open(path)?));
    }
    if address.starts_with("unix:") || address.starts_with("redis:") {
        let config = linq_redis::Config::new(redis::Client::open(address)?);
        let (store, driver) = linq_redis::connect(config).await?;
        tokio::spawn(driver.run());
        return Ok(Arc::new(store));
    }
    if !address.contains('=') {
        bail!(
            "invalid store; expected sqlite:PATH, memory, a URL of Redis or a connection string of PostgreSQL"
        );
    }
    let mut config = linq_postgres::Config::new(address.parse()?);
    if address.contains("synchronous_commit=off") {
        config = config.allow_loss();
    }
    let (store, driver) = linq_postgres::connect(config, NoTls).await?;
    tokio::spawn(driver.run());
    store.migrate().await?;
    Ok(Arc::new(store))
}
