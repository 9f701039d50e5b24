use std::{
    fmt, fs,
    future::ready,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::AtomicI64,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use linq_durable::{
    Claim, Enqueued, Item, ItemState, Lease, Ledger, NewItem, NewRecord, QueueName, Record, Retention,
    Settled, Settlement, Signal, Sleep, Stats, StoreError, StoreErrorKind, StoreFuture, Timer,
};
use linq_types::PaceLimit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{
    OpenError,
    database::Database,
    file,
    reply::channel,
    schema,
    sql::{Micros, Queue, pace},
    thread::{Effect, Job, Operation, Worker},
};

/// The operations that may wait for the thread of the store.
const MAX_OPERATIONS: usize = 4096;
/// The size of the write-ahead log, 16 MiB, from which it is written to the database, with three syncs each time.
const CHECKPOINT_PAGES: u32 = 4096;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A durable store in an SQLite database.
///
/// Clones share the connection and its thread. Several processes of one machine can open the same file: a worker sees within
/// 200 ms what another process enqueued.
#[derive(Clone)]
pub struct Store {
    path: Arc<Path>,
    jobs: SyncSender<Box<dyn Job>>,
    changed: Signal,
    timer: Timer,
    ahead: Arc<AtomicI64>,
}

impl Store {
    /// Opens a database, and creates it if the file does not exist.
    ///
    /// The tables are created in an empty database and brought to the newest version otherwise. Their names begin with
    /// `linq_`, so that the database can be one that the application uses, too.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be created or opened, is no database, is on a network file system, or has a schema
    /// of a newer version of this crate.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        file::create(path.as_ref()).map_err(OpenError::File)?;
        Self::start(path.as_ref(), |connection| schema::migrate(connection, schema::STEPS))
    }

    /// Opens a database whose schema has the version of this crate, and changes nothing in it.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist, cannot be opened, is no database or is on a network file system, or if the
    /// schema is [missing](OpenError::MissingSchema), [older](OpenError::OlderSchema) or [newer](OpenError::NewerSchema).
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        fs::metadata(path.as_ref()).map_err(OpenError::File)?;
        Self::start(path.as_ref(), |connection| {
            let found = schema::version(connection).map_err(OpenError::sqlite)?;
            schema::mismatch(found, schema::STEPS).map_or(Ok(()), Err)
        })
    }

    /// Returns the SQL that [`open`](Self::open) runs in an empty database.
    #[must_use]
    pub fn migrations() -> String {
        format!("begin immediate;\n{}commit;\n", schema::script(0, schema::STEPS))
    }

    fn start(
        path: &Path,
        prepare: impl FnOnce(&mut Connection) -> Result<(), OpenError>,
    ) -> Result<Self, OpenError> {
        if let Some(kind) = file::network_file_system(path) {
            return Err(OpenError::NetworkFileSystem(kind));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(OpenError::sqlite)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(OpenError::sqlite)?;
        prepare(&mut connection)?;
        configure(&connection).map_err(OpenError::sqlite)?;

        let (sender, jobs) = sync_channel(MAX_OPERATIONS);
        let store = Self {
            path: path.into(),
            jobs: sender,
            changed: Signal::default(),
            timer: Timer::new(),
            ahead: Arc::default(),
        };
        let worker =
            Worker { connection, jobs, changed: store.changed.clone(), ahead: Arc::clone(&store.ahead) };
        thread::Builder::new()
            .name("linq-sqlite".into())
            .spawn(move || worker.run())
            .map_err(OpenError::File)?;
        Ok(store)
    }

    /// Returns the path of the database.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.path.to_path_buf()
    }

    /// Wakes the workers that wait for items, for example after the commit of a transaction with [`enqueue`](crate::enqueue()).
    pub fn wake(&self) {
        self.changed.notify();
    }

    /// Hands an operation to the thread. It does not block: if too many operations wait, the operation fails.
    fn run<T: Send + 'static>(
        &self,
        effect: Effect,
        operation: impl Fn(&Database<'_>, Micros) -> rusqlite::Result<T> + Send + 'static,
    ) -> StoreFuture<T> {
        let (sender, reply) = channel();
        let job = Box::new(Operation { operation, effect, result: None, sender });
        match self.jobs.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                return Box::pin(ready(Err(StoreError::new(StoreErrorKind::Full))));
            }
            Err(TrySendError::Disconnected(_)) => {}
        }
        Box::pin(async {
            let lost = || StoreError::with_source(StoreErrorKind::Config, "the thread of the store ended");
            reply.await.unwrap_or_else(|| Err(lost()))
        })
    }

    fn on<T: Send + 'static>(
        &self,
        queue: &QueueName,
        effect: Effect,
        operation: impl Fn(&Queue<'_, '_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> StoreFuture<T> {
        let name = queue.clone();
        self.run(effect, move |database, now| operation(&Queue { database, name: &name, now }))
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    enter_wal_mode(connection)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "secure_delete", true)
}

/// SQLite does not wait for other processes that do the same at this moment.
#[expect(clippy::disallowed_methods, reason = "opening a file blocks anyway")]
fn enter_wal_mode(connection: &Connection) -> rusqlite::Result<()> {
    const WAIT: Duration = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error) if is_busy(&error) && waited < BUSY_TIMEOUT => {
                thread::sleep(WAIT);
                waited += WAIT;
            }
            entered => return entered,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

impl linq_durable::Store for Store {
    fn enqueue(&self, queue: &QueueName, item: NewItem) -> StoreFuture<Enqueued> {
        self.on(queue, Effect::MakesDue, move |queue| queue.enqueue(&item))
    }

    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        self.on(queue, Effect::Writes, move |queue| queue.claim(limit, lease))
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        let lease = lease.clone();
        self.on(queue, Effect::Writes, move |queue| queue.extend(&lease, duration))
    }

    fn gather(&self, queue: &QueueName, lease: &Lease, limit: usize) -> StoreFuture<Vec<Item>> {
        let lease = lease.clone();
        self.on(queue, Effect::Writes, move |queue| queue.gather(&lease, limit))
    }

    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled> {
        let lease = lease.clone();
        self.on(queue, Effect::MakesDue, move |queue| queue.settle(&lease, &settlement))
    }

    fn has_newer(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        let id = id.to_owned();
        self.on(queue, Effect::Reads, move |queue| queue.has_newer(&id))
    }

    fn list(&self, queue: &QueueName, state: ItemState, after: u64, limit: usize) -> StoreFuture<Vec<Item>> {
        self.on(queue, Effect::Reads, move |queue| queue.list(state, after, limit))
    }

    fn find(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<(ItemState, Item)>> {
        let id = id.to_owned();
        self.on(queue, Effect::Reads, move |queue| queue.find(&id))
    }

    fn revive(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        let id = id.to_owned();
        self.on(queue, Effect::MakesDue, move |queue| queue.revive(&id))
    }

    fn discard(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        let id = id.to_owned();
        self.on(queue, Effect::Writes, move |queue| queue.discard(&id))
    }

    fn stats(&self, queue: &QueueName) -> StoreFuture<Stats> {
        self.on(queue, Effect::Reads, |queue| queue.stats())
    }

    fn sweep(&self, queue: &QueueName, retention: &Retention, limit: usize) -> StoreFuture<u64> {
        let retention = retention.clone();
        self.on(queue, Effect::Writes, move |queue| queue.sweep(&retention, limit))
    }

    fn wait(&self, queue: &QueueName, at_most: Duration) -> Sleep {
        let changed = self.changed.next();
        let until_due = self.on(queue, Effect::Reads, |queue| {
            let due = queue.next_due()?.map(|due| due.saturating_sub(queue.now).max(0));
            Ok(due.map(|micros| Duration::from_micros(micros.unsigned_abs())))
        });
        Box::pin(changed.or_due(until_due, self.timer.clone(), at_most))
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.timer.sleep(duration)
    }
}

impl Ledger for Store {
    fn record(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<Record>> {
        let id = id.to_owned();
        self.on(queue, Effect::Reads, move |queue| queue.record(&id))
    }

    fn put_record(&self, queue: &QueueName, record: NewRecord, expected: u64) -> StoreFuture<bool> {
        self.on(queue, Effect::Writes, move |queue| queue.put_record(&record, expected))
    }

    fn records(
        &self,
        queue: &QueueName,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> StoreFuture<Vec<Record>> {
        let state = state.map(str::to_owned);
        self.on(queue, Effect::Reads, move |queue| queue.records(state.as_deref(), after, limit))
    }

    fn pace(&self, limits: Vec<PaceLimit>) -> StoreFuture<Option<Duration>> {
        self.run(Effect::Writes, move |database, now| pace(database, now, &limits))
    }
}

#[cfg(feature = "testing")]
impl linq_durable::testing::TestStore for Store {
    fn advance(&self, duration: Duration) -> Sleep {
        self.ahead.fetch_add(crate::sql::micros(duration), std::sync::atomic::Ordering::Relaxed);
        self.changed.notify();
        Box::pin(ready(()))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}
