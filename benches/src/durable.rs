//! The durable inbox beside the disk and the databases below it: what it costs to store an event, and to handle it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Result;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::{Row, Table, Value, description, machine::load_average, report::Report};

mod bounds;
mod by_hand;
mod enqueue;
mod events;
mod handle;
mod http;
mod other;
mod servers;
mod syncs;

pub(crate) use syncs::enqueue_events;

use other::Others;
use servers::Servers;

/// The name of a row.
type Way = &'static str;

/// Rounds unless given.
pub(crate) const ROUNDS: usize = 9;
/// How many events are stored at once in the rows that say so.
const AT_ONCE: u32 = 64;

/// What the measurements share.
struct Setup {
    runtime: Arc<Runtime>,
    /// On the disk that is measured.
    folder: TempDir,
    servers: Servers,
    others: Others,
    rounds: usize,
    /// How long the idle transaction is open before anything is measured beside it.
    idle: Duration,
}

/// Measures everything. `queues` is the program of `benches/queues`, if its queues are to be measured, too.
pub(crate) fn measure(
    rounds: usize,
    idle: Duration,
    queues: Option<PathBuf>,
    write: bool,
    report: &mut Report,
) -> Result<()> {
    let load = load_average()?;
    let folder = tempfile::Builder::new().prefix("linq").tempdir()?;
    let runtime = Arc::new(Builder::new_multi_thread().enable_all().build()?);
    let servers = Servers::start(&runtime)?;
    let setup = Setup { runtime, others: Others::new(queues), folder, servers, rounds, idle };

    let syncs = syncs::measure(&setup, report)?;
    let enqueue = enqueue::measure(&setup)?;
    let handle = handle::measure(&setup)?;
    let http = http::measure(&setup)?;
    let bounds = [
        bounds::ratios(&enqueue, enqueue::COMPARED),
        bounds::at_most(&syncs, "SQLite, 64 at once", syncs::MOST).into_iter().collect(),
        bounds::ratios(&handle, handle::COMPARED),
        http::bounds(&http),
    ]
    .concat();
    let groups = [vec![enqueue, syncs, handle], http].into_iter().flatten().collect();
    let measured = format!(
        "{}, {}; {rounds} rounds; load average {load} before the run",
        description()?,
        setup.servers.versions(),
    );
    let title = "Durable inbox: events stored and handled".to_owned();
    Table { name: "durable", title, measured, groups }.publish_with(write, &bounds)
}

impl Setup {
    /// Opens a new SQLite store.
    fn sqlite(&self, name: &str) -> Result<linq_sqlite::Store> {
        Ok(linq_sqlite::Store::open(self.path(name))?)
    }

    /// The path of a new file on the disk that is measured.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The row of something that was not measured.
fn missing(label: &str, reason: &str) -> Row {
    Row { label: label.to_owned(), value: Value::Missing(reason.to_owned()), ratio: None }
}
