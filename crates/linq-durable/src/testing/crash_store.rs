use std::{
    fmt,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use linq_types::PaceLimit;

use crate::{
    Claim, Enqueued, Item, ItemState, Lease, Ledger, NewItem, NewRecord, QueueName, Record, Retention,
    Settled, Settlement, Signal, Sleep, Stats, Store, StoreFuture,
};

/// A store on which a process dies at one of its operations, for tests that try every one of them.
///
/// The operation with this number takes effect or not, as chosen, and its future never completes; nor does that of any later
/// operation. [`died`](Self::died) completes then, so that the test can drop everything that used the store, and go on with
/// another `CrashStore` on the same inner one.
///
/// ```
/// use linq_durable::{
///     Inbox, MemoryStore,
///     testing::{CrashStore, Moment},
/// };
///
/// let store = MemoryStore::new();
/// for operation in 1..100 {
///     let process = CrashStore::new(store.clone(), operation, Moment::AfterEffect);
///     let inbox = Inbox::new(process.clone());
///     // Work until `process.died()`, then check what is in `store`.
/// }
/// ```
#[derive(Debug, Clone)]
pub struct CrashStore<S> {
    inner: S,
    state: Arc<State>,
    at: u64,
    moment: Moment,
}

#[derive(Debug, Default)]
struct State {
    operations: AtomicU64,
    died: Signal,
}

/// When a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moment {
    /// Before the operation takes effect.
    BeforeEffect,
    /// After the operation took effect, before its result is known.
    AfterEffect,
}

impl<S: Store> CrashStore<S> {
    /// Creates a store that dies at this operation, counted from 1.
    #[must_use]
    pub fn new(inner: S, operation: u64, moment: Moment) -> Self {
        Self { inner, state: Arc::default(), at: operation, moment }
    }

    /// Returns `true` if the operation at which the process dies was called.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state.operations.load(Ordering::Acquire) >= self.at
    }

    /// Completes when the process has died.
    pub async fn died(&self) {
        let died = self.state.died.next();
        if !self.is_dead() {
            died.await;
        }
    }

    fn run<T: Send + 'static>(&self, operation: impl FnOnce() -> StoreFuture<T>) -> StoreFuture<T> {
        let number = self.state.operations.fetch_add(1, Ordering::AcqRel) + 1;
        if number < self.at {
            return operation();
        }
        let effect = (number == self.at && self.moment == Moment::AfterEffect).then(operation);
        let state = Arc::clone(&self.state);
        Box::pin(async move {
            if let Some(effect) = effect {
                drop(effect.await);
            }
            state.died.notify();
            pending().await
        })
    }
}

impl<S: Store + fmt::Debug> Store for CrashStore<S> {
    fn enqueue(&self, queue: &QueueName, item: NewItem) -> StoreFuture<Enqueued> {
        self.run(|| self.inner.enqueue(queue, item))
    }

    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        self.run(|| self.inner.claim(queue, limit, lease))
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        self.run(|| self.inner.extend(queue, lease, duration))
    }

    fn gather(&self, queue: &QueueName, lease: &Lease, limit: usize) -> StoreFuture<Vec<Item>> {
        self.run(|| self.inner.gather(queue, lease, limit))
    }

    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled> {
        self.run(|| self.inner.settle(queue, lease, settlement))
    }

    fn has_newer(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.run(|| self.inner.has_newer(queue, id))
    }

    fn list(&self, queue: &QueueName, state: ItemState, after: u64, limit: usize) -> StoreFuture<Vec<Item>> {
        self.run(|| self.inner.list(queue, state, after, limit))
    }

    fn find(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<(ItemState, Item)>> {
        self.run(|| self.inner.find(queue, id))
    }

    fn revive(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.run(|| self.inner.revive(queue, id))
    }

    fn discard(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.run(|| self.inner.discard(queue, id))
    }

    fn stats(&self, queue: &QueueName) -> StoreFuture<Stats> {
        self.run(|| self.inner.stats(queue))
    }

    fn sweep(&self, queue: &QueueName, retention: &Retention, limit: usize) -> StoreFuture<u64> {
        self.run(|| self.inner.sweep(queue, retention, limit))
    }

    fn wait(&self, queue: &QueueName, at_most: Duration) -> Sleep {
        self.inner.wait(queue, at_most)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.inner.sleep(duration)
    }
}

impl<S: Ledger + fmt::Debug> Ledger for CrashStore<S> {
    fn record(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<Record>> {
        self.run(|| self.inner.record(queue, id))
    }

    fn put_record(&self, queue: &QueueName, record: NewRecord, expected: u64) -> StoreFuture<bool> {
        self.run(|| self.inner.put_record(queue, record, expected))
    }

    fn records(
        &self,
        queue: &QueueName,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> StoreFuture<Vec<Record>> {
        self.run(|| self.inner.records(queue, state, after, limit))
    }

    fn pace(&self, limits: Vec<PaceLimit>) -> StoreFuture<Option<Duration>> {
        self.run(|| self.inner.pace(limits))
    }
}
