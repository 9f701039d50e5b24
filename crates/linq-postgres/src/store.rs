use std::{
    fmt,
    future::ready,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use linq_durable::{
    Claim, Enqueued, Item, ItemState, Lease, NewItem, NewRecord, QueueName, Record, Retention, Settled,
    Settlement, Signal, Sleep, Stats, StoreError, StoreErrorKind, StoreFuture, Timer,
};
use linq_types::PaceLimit;
use tokio::sync::{
    mpsc::{Sender, error::TrySendError},
    oneshot,
};
use tokio_postgres::Error;

use crate::{
    Config,
    job::{Job, Request},
    operations::{self, Queue},
    schema,
    session::Session,
    values::store_error,
};

/// A durable store in a PostgreSQL database.
///
/// Clones share the connections. A worker sees at once what this process enqueued, and within half a second what another one
/// did.
#[derive(Clone)]
pub struct Store {
    jobs: Sender<Job>,
    schema: Arc<str>,
    changed: Signal,
    timer: Timer,
    /// How far the clock of the store is ahead of the server's, in milliseconds.
    ahead: Arc<AtomicU64>,
}

impl Store {
    pub(crate) fn new(jobs: Sender<Job>, config: &Config) -> Self {
        Self {
            jobs,
            schema: config.schema.as_str().into(),
            changed: Signal::default(),
            timer: Timer::new(),
            ahead: Arc::default(),
        }
    }

    /// Creates the schema, or brings it to the newest version.
    ///
    /// The role needs the right to create the schema. Processes of the previous version go on working.
    ///
    /// # Errors
    ///
    /// Returns an error if the server refuses it, or if the schema is of a newer version of this crate.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let migrated = self.run(|session| {
            Box::pin(async move { schema::migrate(&session.client, &session.schema, schema::STEPS).await })
        });
        schema::check(migrated.await?, schema::STEPS)
    }

    /// Checks that the schema exists and is of the version that this crate knows.
    ///
    /// # Errors
    ///
    /// Returns an error that says what to do if it is not.
    pub async fn check(&self) -> Result<(), StoreError> {
        let version = self
            .run(|session| Box::pin(async move { schema::version(&session.client, &session.schema).await }))
            .await?;
        schema::check(version, schema::STEPS)
    }

    /// Wakes the workers of this process, to see at once what a transaction of the application [added](crate::add_statement).
    pub fn wake(&self) {
        self.changed.notify();
    }

    fn run<T, F>(&self, operation: F) -> StoreFuture<T>
    where
        T: Send + 'static,
        F: FnOnce(Arc<Session>) -> Pin<Box<dyn Future<Output = Result<T, Error>> + Send>> + Send + 'static,
    {
        let (sender, reply) = oneshot::channel();
        let job = Job::Run(Box::new(move |session| {
            Box::pin(async move {
                let result = operation(session).await;
                drop(sender.send(result.map_err(|error| store_error(&error))));
            })
        }));
        self.hand_over(job, reply)
    }

    /// Gives a job to the driver. It does not block: if too many jobs wait, the operation fails.
    fn hand_over<T: Send + 'static>(
        &self,
        job: Job,
        reply: oneshot::Receiver<Result<T, StoreError>>,
    ) -> StoreFuture<T> {
        match self.jobs.try_send(job) {
            Ok(()) => Box::pin(async { reply.await.unwrap_or_else(|_| Err(disconnected())) }),
            Err(TrySendError::Full(_)) => Box::pin(ready(Err(StoreError::new(StoreErrorKind::Full)))),
            Err(TrySendError::Closed(_)) => Box::pin(ready(Err(disconnected()))),
        }
    }

    fn on<T, F>(&self, queue: &QueueName, operation: F) -> StoreFuture<T>
    where
        T: Send + 'static,
        F: for<'q> FnOnce(&'q Queue<'q>) -> Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'q>>
            + Send
            + 'static,
    {
        let (name, ahead) = (queue.clone(), self.ahead());
        self.run(move |session| {
            Box::pin(async move {
                let queue = Queue { session: &session, name, ahead };
                operation(&queue).await
            })
        })
    }

    fn batched<I, O: Send + 'static>(
        &self,
        queue: &QueueName,
        input: I,
        job: fn(Request<I, O>) -> Job,
    ) -> StoreFuture<O> {
        let (sender, reply) = oneshot::channel();
        let request = Request { queue: queue.clone(), input, ahead: self.ahead(), reply: sender };
        self.hand_over(job(request), reply)
    }

    fn ahead(&self) -> f64 {
        Duration::from_millis(self.ahead.load(Ordering::Relaxed)).as_secs_f64()
    }

    /// Tells those who wait that an item may be due, when the operation has ended.
    fn then_notify<T: Send + 'static>(&self, operation: StoreFuture<T>) -> StoreFuture<T> {
        let changed = self.changed.clone();
        Box::pin(async move {
            let result = operation.await;
            changed.notify();
            result
        })
    }
}

impl linq_durable::Store for Store {
    fn enqueue(&self, queue: &QueueName, item: NewItem) -> StoreFuture<Enqueued> {
        self.then_notify(self.batched(queue, item, Job::Enqueue))
    }

    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        self.batched(queue, (limit, lease), Job::Claim)
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        self.batched(queue, (lease.clone(), duration), Job::Extend)
    }

    fn gather(&self, queue: &QueueName, lease: &Lease, limit: usize) -> StoreFuture<Vec<Item>> {
        let lease = lease.clone();
        self.on(queue, move |queue| Box::pin(async move { queue.gather(&lease, limit).await }))
    }

    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled> {
        self.then_notify(self.batched(queue, (lease.clone(), settlement), Job::Settle))
    }

    fn has_newer(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        let id = id.to_owned();
        self.on(queue, move |queue| Box::pin(async move { queue.has_newer(&id).await }))
    }

    fn list(&self, queue: &QueueName, state: ItemState, after: u64, limit: usize) -> StoreFuture<Vec<Item>> {
        self.on(queue, move |queue| Box::pin(queue.list(state, after, limit)))
    }

    fn find(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<(ItemState, Item)>> {
        let id = id.to_owned();
        self.on(queue, move |queue| Box::pin(async move { queue.find(&id).await }))
    }

    fn revive(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        let id = id.to_owned();
        self.then_notify(self.on(queue, move |queue| Box::pin(async move { queue.revive(&id).await })))
    }

    fn discard(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        let id = id.to_owned();
        self.on(queue, move |queue| Box::pin(async move { queue.discard(&id).await }))
    }

    fn stats(&self, queue: &QueueName) -> StoreFuture<Stats> {
        self.on(queue, |queue| Box::pin(queue.stats()))
    }

    fn sweep(&self, queue: &QueueName, retention: &Retention, limit: usize) -> StoreFuture<u64> {
        let retention = retention.clone();
        self.on(queue, move |queue| Box::pin(async move { queue.sweep(&retention, limit).await }))
    }

    fn wait(&self, queue: &QueueName, at_most: Duration) -> Sleep {
        let changed = self.changed.next();
        let until_due = self.on(queue, |queue| Box::pin(queue.until_due()));
        Box::pin(changed.or_due(until_due, self.timer.clone(), at_most))
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.timer.sleep(duration)
    }
}

impl linq_durable::Ledger for Store {
    fn record(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<Record>> {
        let id = id.to_owned();
        self.on(queue, move |queue| Box::pin(async move { queue.record(&id).await }))
    }

    fn put_record(&self, queue: &QueueName, record: NewRecord, expected: u64) -> StoreFuture<bool> {
        self.batched(queue, (record, expected), Job::PutRecord)
    }

    fn records(
        &self,
        queue: &QueueName,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> StoreFuture<Vec<Record>> {
        let state = state.map(str::to_owned);
        self.on(queue, move |queue| {
            Box::pin(async move { queue.records(state.as_deref(), after, limit).await })
        })
    }

    fn pace(&self, limits: Vec<PaceLimit>) -> StoreFuture<Option<Duration>> {
        let ahead = self.ahead();
        self.run(move |session| Box::pin(async move { operations::pace(&session, &limits, ahead).await }))
    }
}

#[cfg(feature = "testing")]
impl linq_durable::testing::TestStore for Store {
    fn advance(&self, duration: Duration) -> Sleep {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(milliseconds, Ordering::Relaxed);
        self.changed.notify();
        Box::pin(ready(()))
    }
}

fn disconnected() -> StoreError {
    StoreError::with_source(StoreErrorKind::Unavailable, "no connection to the server")
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("schema", &self.schema).finish_non_exhaustive()
    }
}
