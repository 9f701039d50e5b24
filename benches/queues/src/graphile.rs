use std::sync::Arc;

use anyhow::Result;
use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, TaskHandler, Worker, WorkerContext, WorkerOptions, WorkerUtils,
};
use serde::{Deserialize, Serialize};

use crate::{CONCURRENCY, Queue};

#[derive(Clone)]
pub struct Graphile {
    worker: Arc<Worker>,
    utils: Arc<WorkerUtils>,
}

#[derive(Deserialize, Serialize)]
struct Event {
    body: String,
}

impl TaskHandler for Event {
    const IDENTIFIER: &'static str = "event";

    async fn run(self, _: WorkerContext) -> impl IntoTaskHandlerResult {
        std::hint::black_box(self.body);
    }
}

impl Graphile {
    pub async fn open(url: &str) -> Result<Self> {
        let options =
            WorkerOptions::default().concurrency(CONCURRENCY).database_url(url).define_job::<Event>();
        let worker = options.init().await?;
        Ok(Self { utils: Arc::new(worker.create_utils()), worker: Arc::new(worker) })
    }
}

impl Queue for Graphile {
    async fn add(&self, body: String) -> Result<()> {
        self.utils.add_job(Event { body }, JobSpec::default()).await?;
        Ok(())
    }

    /// Handles all jobs.
    async fn handle(&self, _: u32) -> Result<()> {
        Ok(self.worker.run_once().await?)
    }
}
