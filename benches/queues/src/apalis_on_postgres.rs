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
use apalis_postgres::{Config, PostgresStorage};
use sqlx::PgPool;

use crate::queue::{CONCURRENCY, Handler, Queue};

#[derive(Clone)]
pub(crate) struct ApalisPostgres {
    storage: PostgresStorage<String>,
    handler: Handler,
    workers: Arc<AtomicU32>,
}

impl ApalisPostgres {
    pub(crate) async fn open(url: &str, handler: Handler) -> Result<Self> {
        let pool = PgPool::connect(url).await?;
        PostgresStorage::setup(&pool).await?;
        // The lease of ours in the crash tests is as long.
        let config = Config::default().heartbeat_interval(Duration::from_millis(500));
        let storage = PostgresStorage::new(&pool).with_config(config);
        Ok(Self { storage, handler, workers: Arc::default() })
    }
}

impl Queue for ApalisPostgres {
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
