//! The thread that owns the connection: it runs what arrives together in one transaction.

use std::{
    iter, mem,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use linq_durable::{Signal, StoreError, StoreErrorKind};
use rusqlite::{Connection, Error, ErrorCode};

use crate::{clock, database::Database, reply::Sender, sql::Micros};

/// The most operations in one transaction.
const MAX_BATCH: usize = 256;
/// How often the store looks for changes by other connections.
const LOOK_INTERVAL: Duration = Duration::from_millis(200);

/// What an operation does to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    Reads,
    Writes,
    /// Writes, after which an item may be due.
    MakesDue,
}

/// An operation that waits for the thread.
pub(crate) trait Job: Send {
    fn effect(&self) -> Effect;

    /// Runs the operation within the transaction.
    fn run(&mut self, database: &Database<'_>, now: Micros) -> Result<(), Error>;

    /// Replies, after the transaction was committed or failed.
    fn reply(self: Box<Self>, committed: Result<(), StoreError>);
}

pub(crate) struct Operation<T, F> {
    pub(crate) operation: F,
    pub(crate) effect: Effect,
    pub(crate) result: Option<T>,
    pub(crate) sender: Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Operation<T, F>
where
    T: Send,
    F: Fn(&Database<'_>, Micros) -> Result<T, Error> + Send,
{
    fn effect(&self) -> Effect {
        self.effect
    }

    fn run(&mut self, database: &Database<'_>, now: Micros) -> Result<(), Error> {
        self.result = Some((self.operation)(database, now)?);
        Ok(())
    }

    fn reply(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { sender, result, .. } = *self;
        let lost = || StoreError::new(StoreErrorKind::Unavailable);
        sender.send(committed.and_then(|()| result.ok_or_else(lost)));
    }
}

pub(crate) struct Worker {
    pub(crate) connection: Connection,
    pub(crate) jobs: Receiver<Box<dyn Job>>,
    /// Tells those who wait that something changed.
    pub(crate) changed: Signal,
    /// How far the clock of the store is ahead of the system's.
    pub(crate) ahead: Arc<AtomicI64>,
}

impl Worker {
    /// Runs until the store is dropped.
    pub(crate) fn run(self) {
        let database = Database::new(&self.connection);
        let mut version = data_version(&database);
        let mut looked_at = clock::instant();
        loop {
            match self.jobs.recv_timeout(LOOK_INTERVAL.saturating_sub(looked_at.elapsed())) {
                Ok(first) => {
                    let batch: Vec<_> =
                        iter::once(first).chain(self.jobs.try_iter()).take(MAX_BATCH).collect();
                    let effect = batch.iter().map(|job| job.effect()).max().unwrap_or(Effect::Reads);
                    self.process(&database, batch, effect);
                    if effect == Effect::MakesDue {
                        self.changed.notify();
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if looked_at.elapsed() >= LOOK_INTERVAL {
                looked_at = clock::instant();
                let before = mem::replace(&mut version, data_version(&database));
                if version != before {
                    self.changed.notify();
                }
            }
        }
    }

    /// Runs the batch in one transaction, and replies when it is committed. An operation that fails does not spoil the others.
    fn process(&self, database: &Database<'_>, mut batch: Vec<Box<dyn Job>>, effect: Effect) {
        let begin = match effect {
            Effect::Reads => "begin",
            Effect::Writes | Effect::MakesDue => "begin immediate",
        };
        let outcome = database.execute(begin, []).and_then(|_| {
            // Not before other processes let this one write: a lease that begins earlier would have ended partly.
            let now = clock::now().saturating_add(self.ahead.load(Ordering::Relaxed));
            let run = |job: &mut Box<dyn Job>| database.savepoint(|| job.run(database, now));
            let results: Vec<_> = batch.iter_mut().map(run).collect();
            database.execute("commit", [])?;
            Ok(results)
        });
        match outcome {
            Ok(results) => {
                for (job, result) in batch.into_iter().zip(results) {
                    job.reply(result.map_err(|error| store_error(&error)));
                }
            }
            Err(error) => {
                if !self.connection.is_autocommit() {
                    // If even this fails, the next transaction reports it.
                    let _rolled_back = database.execute("rollback", []);
                }
                batch.into_iter().for_each(|job| job.reply(Err(store_error(&error))));
            }
        }
    }
}

pub(crate) fn store_error(error: &Error) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::ReadOnly) => {
            StoreErrorKind::Config
        }
        _ => StoreErrorKind::Unavailable,
    };
    StoreError::with_source(kind, error.to_string())
}

/// The version of the data as other connections changed it.
fn data_version(database: &Database<'_>) -> Option<i64> {
    database.row("pragma data_version", [], |row| row.get(0)).ok()
}
