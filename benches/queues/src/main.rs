//! Job queues of others: `linq-queues QUEUE ADDRESS` reads lines such as `enqueue 400`, and writes `done` after each one.

use std::io::{self, BufRead, Write};

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use tokio::task::JoinSet;

mod apalis_on_postgres;
mod apalis_on_sqlite;
mod countdown;
mod graphile;

/// The small event of the benchmarks, 1,848 bytes.
const BODY: &str = include_str!("../../src/webhooks/small.json");
const CONCURRENCY: usize = 16;
const AT_ONCE: u32 = 64;

#[derive(Parser)]
struct Cli {
    queue: Name,
    /// The path of a new file for SQLite, or the URL of an empty database.
    address: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    #[value(name = "apalis-sqlite")]
    ApalisSqlite,
    #[value(name = "apalis-sqlite, synchronous = FULL")]
    ApalisSqliteSynced,
    #[value(name = "apalis-postgres")]
    ApalisPostgres,
    #[value(name = "graphile_worker")]
    Graphile,
}

/// A queue, with its defaults.
trait Queue: Clone + Send + Sync + 'static {
    /// Adds a job.
    fn add(&self, body: String) -> impl Future<Output = Result<()>> + Send;

    /// Handles this many jobs, of which there are no more, without doing anything.
    fn handle(&self, jobs: u32) -> impl Future<Output = Result<()>> + Send;
}

#[tokio::main]
async fn main() -> Result<()> {
    let Cli { queue, address } = Cli::parse();
    match queue {
        Name::ApalisSqlite => serve(apalis_on_sqlite::Sqlite::with_defaults(&address).await?).await,
        Name::ApalisSqliteSynced => serve(apalis_on_sqlite::Sqlite::synced(&address).await?).await,
        Name::ApalisPostgres => serve(apalis_on_postgres::Postgres::open(&address).await?).await,
        Name::Graphile => serve(graphile::Graphile::open(&address).await?).await,
    }
}

async fn serve(queue: impl Queue) -> Result<()> {
    done()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (command, count) = line.split_once(' ').context("expected a command and a number")?;
        let count = count.parse()?;
        match command {
            "enqueue" => add_all(&queue, count, 1).await?,
            "enqueue-64" | "fill" => add_all(&queue, count, AT_ONCE).await?,
            "handle" => queue.handle(count).await?,
            _ => bail!("unknown command {command}"),
        }
        done()?;
    }
    Ok(())
}

/// Adds jobs in this many tasks, each of which waits for one job before it adds the next.
async fn add_all(queue: &impl Queue, jobs: u32, at_once: u32) -> Result<()> {
    let mut tasks = JoinSet::new();
    for task in 0..at_once {
        let queue = queue.clone();
        tasks.spawn(async move {
            for _ in (task..jobs).step_by(at_once as usize) {
                queue.add(BODY.to_owned()).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

fn done() -> Result<()> {
    let mut output = io::stdout();
    writeln!(output, "done")?;
    Ok(output.flush()?)
}
