//! Job queues of others, as the benchmarks and the crash tests run them.
//!
//! `linq-queues bench QUEUE:ADDRESS` reads lines such as `enqueue 400`, and writes `done` after each one.
//! `linq-queues bot QUEUE:ADDRESS PORT LOG` is a victim of `linq-crash`: a receiver that adds events to the queue, and a worker
//! that answers them. The address is the path of a file, or the URL of a PostgreSQL database.

use std::{env, sync::Arc};

use anyhow::{Context as _, Result, bail};

use crate::{
    apalis_on_postgres::ApalisPostgres,
    apalis_on_sqlite::ApalisSqlite,
    graphile::Graphile,
    queue::{Handler, Queue},
};

mod apalis_on_postgres;
mod apalis_on_sqlite;
mod bench;
mod bot;
mod graphile;
mod queue;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [role, store, rest @ ..] = &arguments[..] else { bail!("expected ROLE QUEUE:ADDRESS") };
    let (name, address) = store.split_once(':').context("expected QUEUE:ADDRESS")?;
    match name {
        "apalis-sqlite" => run(role, rest, |handler| ApalisSqlite::open(address, handler)).await,
        "apalis-postgres" => run(role, rest, |handler| ApalisPostgres::open(address, handler)).await,
        "graphile_worker" => run(role, rest, |handler| Graphile::open(address, handler)).await,
        _ => bail!("unknown queue {name}"),
    }
}

async fn run<Q: Queue, F>(role: &str, rest: &[String], open: impl FnOnce(Handler) -> F) -> Result<()>
where
    F: Future<Output = Result<Q>>,
{
    match (role, rest) {
        ("bench", []) => {
            let countdown = Arc::default();
            bench::serve(&open(Handler::Count(Arc::clone(&countdown))).await?, &countdown).await
        }
        ("bot", [port, log]) => {
            let queue = open(Handler::Answer(bot::Answer::new(log)?)).await?;
            bot::serve(queue, port.parse()?).await
        }
        _ => bail!("expected `bench QUEUE:ADDRESS` or `bot QUEUE:ADDRESS PORT LOG`"),
    }
}
