use std::{sync::Arc, time::Duration};

use anyhow::Result;
use graphile_worker::{
    IntoTaskHandlerResult, JobSpecBuilder, TaskHandler, Worker, WorkerContext, WorkerOptions, WorkerUtils,
};
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, postgres::PgPoolOptions};

use crate::queue::{CONCURRENCY, Handler, Queue};

#[derive(Clone)]
pub(crate) struct Graphile {
    pool: PgPool,
    handler: Handler,
    utils: Arc<WorkerUtils>,
}

#[derive(Deserialize, Serialize)]
struct Event {
    body: String,
}

impl TaskHandler for Event {
    const IDENTIFIER: &'static str = "event";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(handler) = context.get_ext::<Handler>() else { return Err("no handler".to_owned()) };
        handler.handle(self.body).await.map_err(|error| error.to_string())
    }
}

impl Graphile {
    pub(crate) async fn open(url: &str, handler: Handler) -> Result<Self> {
        let pool = PgPoolOptions::new().max_connections(20).connect(url).await?;
        let utils = worker(&pool, &handler).await?.create_utils();
        Ok(Self { pool, handler, utils: Arc::new(utils) })
    }
}

/// A worker runs once.
async fn worker(pool: &PgPool, handler: &Handler) -> Result<Worker> {
    let options = WorkerOptions::default()
        .concurrency(CONCURRENCY)
        .pg_pool(pool.clone())
        .add_extension(handler.clone())
        // Off unless it is set. The lease of ours in the crash tests is as long.
        .heartbeat_interval(Duration::from_millis(300))
        .sweep_interval(Duration::from_millis(300))
        .sweep_threshold(Duration::from_secs(1))
        .recovery_delay(Duration::ZERO)
        .define_job::<Event>();
    Ok(options.init().await?)
}

impl Queue for Graphile {
    /// The jobs of a chat are in a queue of their own, which runs one of them at a time.
    async fn add(&self, chat: &str, body: String) -> Result<()> {
        self.utils.add_job(Event { body }, JobSpecBuilder::new().queue_name(chat).build()).await?;
        Ok(())
    }

    async fn work(&self) -> Result<()> {
        Ok(worker(&self.pool, &self.handler).await?.run().await?)
    }
}
