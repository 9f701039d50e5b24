//! What is written without this SDK.

use std::{fs::File, io::Write, path::Path, sync::Arc};

use anyhow::Result;
use linq_types::events::Event;
use redis::aio::MultiplexedConnection;
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_postgres::{Client, Statement};

use super::{enqueue::Sink, servers::Database};
use crate::Batch;

/// Appends a page of 4 KiB to a file and syncs it, again and again: what storing an event takes at least.
pub(super) fn append_and_sync(path: &Path) -> Result<Batch> {
    let mut file = File::create(path)?;
    Ok(Box::new(move |pages| {
        for _ in 0..pages {
            file.write_all(&[b'x'; 4096])?;
            file.sync_data()?;
        }
        Ok(())
    }))
}

/// Inserts the body of an event into a table.
#[derive(Clone)]
pub(super) struct Insert {
    client: Arc<Client>,
    insert: Statement,
}

impl Insert {
    pub(super) async fn create(database: &Database) -> Result<Self> {
        let client = database.connect().await?;
        client.batch_execute("create table event (id bigserial primary key, body bytea not null)").await?;
        let insert = client.prepare("insert into event (body) values ($1)").await?;
        Ok(Self { client: Arc::new(client), insert })
    }
}

impl Sink for Insert {
    async fn put(&self, event: Event) -> Result<()> {
        self.client.execute(&self.insert, &[&event.raw()]).await?;
        Ok(())
    }
}

/// Adds the body of an event to a stream.
#[derive(Clone)]
pub(super) struct Xadd(pub(super) MultiplexedConnection);

impl Sink for Xadd {
    async fn put(&self, event: Event) -> Result<()> {
        let mut connection = self.0.clone();
        Ok(redis::cmd("XADD")
            .arg(&["by-hand", "*", "body"])
            .arg(event.raw())
            .exec_async(&mut connection)
            .await?)
    }
}

/// The usual queue: whoever is free takes the oldest row that nobody else has locked, and deletes it in the same transaction.
/// There is no order, and a handler that takes long keeps a transaction open.
pub(super) struct SkipLocked {
    filler: Client,
    workers: Vec<Arc<Client>>,
}

impl SkipLocked {
    pub(super) async fn create(database: &Database, concurrency: usize) -> Result<Self> {
        let filler = database.connect().await?;
        filler.batch_execute("create table job (id bigserial primary key, body bytea not null)").await?;
        let mut workers = Vec::new();
        for _ in 0..concurrency {
            workers.push(Arc::new(database.connect().await?));
        }
        Ok(Self { filler, workers })
    }

    pub(super) async fn fill(&self, bodies: Vec<String>) -> Result<()> {
        let bodies: Vec<_> = bodies.into_iter().map(String::into_bytes).collect();
        self.filler.execute("insert into job (body) select * from unnest($1::bytea[])", &[&bodies]).await?;
        Ok(())
    }

    /// Handles this many rows.
    pub(super) async fn handle(&self, rows: u32) -> Result<()> {
        let left = Arc::new(Semaphore::new(usize::try_from(rows)?));
        let mut tasks = JoinSet::new();
        for client in &self.workers {
            let (client, left) = (Arc::clone(client), Arc::clone(&left));
            tasks.spawn(async move {
                let take = "select id, body from job order by id limit 1 for update skip locked";
                let take = client.prepare(take).await?;
                let delete = client.prepare("delete from job where id = $1").await?;
                while let Ok(permit) = left.try_acquire() {
                    permit.forget();
                    client.batch_execute("begin").await?;
                    let row = client.query_one(&take, &[]).await?;
                    std::hint::black_box(row.get::<_, &[u8]>(1));
                    client.execute(&delete, &[&row.get::<_, i64>(0)]).await?;
                    client.batch_execute("commit").await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}
