use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use anyhow::Result;
use apalis::prelude::*;
use apalis_sqlite::SqliteStorage;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};

use crate::{CONCURRENCY, Queue, countdown::Countdown};

#[derive(Clone)]
pub struct Sqlite {
    storage: SqliteStorage<String>,
    workers: Arc<AtomicU32>,
}

impl Sqlite {
    /// Opens a queue as its documentation does: its setup turns syncs off, on the connection on which it runs.
    pub async fn with_defaults(path: &str) -> Result<Self> {
        let pool = SqlitePool::connect_with(options(path)).await?;
        SqliteStorage::setup(&pool).await?;
        Ok(Self::on(&pool))
    }

    /// Opens a queue whose connections sync each commit.
    pub async fn synced(path: &str) -> Result<Self> {
        let pool = SqlitePool::connect_with(options(path)).await?;
        SqliteStorage::setup(&pool).await?;
        pool.close().await;
        let options = options(path).synchronous(SqliteSynchronous::Full);
        Ok(Self::on(&SqlitePool::connect_with(options).await?))
    }

    fn on(pool: &SqlitePool) -> Self {
        Self { storage: SqliteStorage::new(pool), workers: Arc::default() }
    }
}

fn options(path: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).create_if_missing(true)
}

impl Queue for Sqlite {
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
