use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use anyhow::Result;
use apalis::prelude::*;
use apalis_postgres::PostgresStorage;
use sqlx::PgPool;

use crate::{CONCURRENCY, Queue, countdown::Countdown};

#[derive(Clone)]
pub struct Postgres {
    storage: PostgresStorage<String>,
    workers: Arc<AtomicU32>,
}

impl Postgres {
    pub async fn open(url: &str) -> Result<Self> {
        let pool = PgPool::connect(url).await?;
        PostgresStorage::setup(&pool).await?;
        Ok(Self { storage: PostgresStorage::new(&pool), workers: Arc::default() })
    }
}

impl Queue for Postgres {
    async fn add(&self, body: String) -> Result<()> {
        Ok(self.storage.clone().push(body).await?)
    }

    async fn handle(&self, jobs: u32) -> Result<()> {
        async fn job(_: String, all: Data<Countdown>) -> Result<(), BoxDynError> {
            all.count();
            Ok(())
        }
        let all = Countdown::from(jobs);
        let ended = all.clone().ended();
        let worker = WorkerBuilder::new(format!("worker-{}", self.workers.fetch_add(1, Ordering::Relaxed)))
            .backend(self.storage.clone())
            .data(all)
            .concurrency(CONCURRENCY)
            .build(job);
        let ended = async {
            ended.await;
            Ok::<_, WorkerError>(())
        };
        Ok(worker.run_until(ended).await?)
    }
}
