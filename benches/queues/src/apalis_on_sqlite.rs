use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use apalis::prelude::*;
use apalis_sqlite::{Config, SqliteStorage};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};

use crate::queue::{CONCURRENCY, Handler, Queue};

#[derive(Clone)]
pub(crate) struct ApalisSqlite {
    storage: SqliteStorage<String>,
    handler: Handler,
    workers: Arc<AtomicU32>,
}

impl ApalisSqlite {
    /// Opens a queue whose connections sync each commit. The setup of the queue turns that off on its own connection.
    pub(crate) async fn open(path: &str, handler: Handler) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let options = options.synchronous(SqliteSynchronous::Full);
        let pool = SqlitePool::connect_with(options.clone()).await?;
        SqliteStorage::setup(&pool).await?;
        pool.close().await;
        // The lease of ours in the crash tests is as long.
        let config = Config::default().heartbeat_interval(Duration::from_millis(500));
        let storage = SqliteStorage::new(&SqlitePool::connect_with(options).await?).with_config(config);
        Ok(Self { storage, handler, workers: Arc::default() })
    }
}

impl Queue for ApalisSqlite {
    async fn add(&self, _: &str, body: String) -> Result<()> {
        Ok(self.storage.clone().push(body).await?)
    }

    async fn work(&self) -> Result<()> {
        async fn job(body: String, handler: Data<Handler>) -> Result<(), BoxDynError> {
            Ok(handler.handle(body).await?)
        }
        let number = self.workers.fetch_add(1, Ordering::Relaxed);
        let worker = WorkerBuilder::new(format!("worker-{}-{number}", process::id()))
            .backend(self.storage.clone())
            .data(self.handler.clone())
            .concurrency(CONCURRENCY)
            .build(job);
        Ok(worker.run().await?)
    }
}
