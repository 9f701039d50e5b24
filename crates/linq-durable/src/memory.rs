//! The store in memory.

use std::{
    collections::HashMap,
    fmt,
    future::ready,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use linq_types::PaceLimit;

use self::queue::Queue;
use crate::{
    Claim, Enqueued, Item, ItemState, Lease, Ledger, NewItem, NewRecord, QueueName, Record, Retention,
    Settled, Settlement, Sleep, Stats, Store, StoreError, StoreErrorKind, StoreFuture, Timer, signal::Signal,
};

mod queue;
mod records;

/// A [`Store`] in the memory of one process, which ends with it: for tests, and for programs that may lose what they
/// accepted.
///
/// Clones share the items.
///
/// ```
/// # mod linq { pub(crate) use linq_durable as durable; }
/// use linq::durable::{Inbox, MemoryStore};
///
/// let inbox = Inbox::new(MemoryStore::new().capacity(50_000));
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    shared: Arc<Shared>,
    capacity: usize,
}

struct Shared {
    state: Mutex<State>,
    changed: Signal,
    timer: Timer,
}

#[derive(Default)]
struct State {
    queues: HashMap<QueueName, Queue>,
    last_sequence: u64,
    last_token: u64,
    /// The theoretical arrival time of the next one, for each key of a limit.
    paces: HashMap<String, Duration>,
    /// How far the clock of the store is ahead of the system's.
    ahead: Duration,
}

impl MemoryStore {
    /// Creates an empty store for at most 10,000 waiting items in each queue.
    #[must_use]
    pub fn new() -> Self {
        let shared = Shared { state: Mutex::default(), changed: Signal::default(), timer: Timer::new() };
        Self { shared: Arc::new(shared), capacity: 10_000 }
    }

    /// Sets how many items may wait in a queue. Beyond that, [`enqueue`](Store::enqueue) returns an error of the kind
    /// [`Full`](StoreErrorKind::Full).
    #[must_use]
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// Moves the clock of the store forward, for tests: leases end and items become due.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        state.ahead = state.ahead.saturating_add(duration);
        drop(state);
        self.shared.changed.notify();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs an operation on a queue at the present time, and wakes those who wait for items.
    fn change<T>(&self, queue: &QueueName, change: impl FnOnce(&mut Queue, Duration) -> T) -> StoreFuture<T>
    where
        T: Send + 'static,
    {
        let mut state = self.lock();
        let now = state.now();
        let result = change(state.queue(queue), now);
        drop(state);
        self.shared.changed.notify();
        Box::pin(ready(Ok(result)))
    }

    fn read<T>(&self, queue: &QueueName, read: impl FnOnce(&Queue, Duration) -> T) -> StoreFuture<T>
    where
        T: Send + 'static,
    {
        let mut state = self.lock();
        let now = state.now();
        let result = read(state.queue(queue), now);
        Box::pin(ready(Ok(result)))
    }
}

impl State {
    fn queue(&mut self, name: &QueueName) -> &mut Queue {
        self.queues.entry(name.clone()).or_default()
    }

    /// The time since 1970.
    #[expect(clippy::disallowed_methods, reason = "the store owns the clock")]
    fn now(&self) -> Duration {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        now.saturating_add(self.ahead)
    }
}

impl Store for MemoryStore {
    fn enqueue(&self, queue: &QueueName, item: NewItem) -> StoreFuture<Enqueued> {
        let mut state = self.lock();
        let now = state.now();
        state.last_sequence += 1;
        let sequence = state.last_sequence;
        let queue = state.queue(queue);
        if item.id.as_ref().is_some_and(|id| queue.is_known(id)) {
            return Box::pin(ready(Ok(Enqueued::Duplicate)));
        }
        if queue.waiting() >= self.capacity {
            return Box::pin(ready(Err(StoreError::new(StoreErrorKind::Full))));
        }
        queue.push(sequence, item, now);
        drop(state);
        self.shared.changed.notify();
        Box::pin(ready(Ok(Enqueued::New)))
    }

    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        let mut state = self.lock();
        let now = state.now();
        let mut token = state.last_token;
        let claims = state.queue(queue).claim(limit, now, lease, || {
            token += 1;
            token
        });
        state.last_token = token;
        Box::pin(ready(Ok(claims)))
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        self.change(queue, |queue, now| queue.extend(lease, now, duration))
    }

    fn gather(&self, queue: &QueueName, lease: &Lease, limit: usize) -> StoreFuture<Vec<Item>> {
        self.change(queue, |queue, _| queue.gather(lease, limit))
    }

    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled> {
        self.change(queue, |queue, now| queue.settle(lease, &settlement, now))
    }

    fn has_newer(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.read(queue, |queue, _| queue.has_newer(id))
    }

    fn list(&self, queue: &QueueName, state: ItemState, after: u64, limit: usize) -> StoreFuture<Vec<Item>> {
        self.read(queue, |queue, _| queue.list(state, after, limit))
    }

    fn find(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<(ItemState, Item)>> {
        self.read(queue, |queue, _| queue.find(id))
    }

    fn revive(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        let mut state = self.lock();
        let now = state.now();
        state.last_sequence += 1;
        let sequence = state.last_sequence;
        let revived = state.queue(queue).revive(id, sequence, now);
        drop(state);
        self.shared.changed.notify();
        Box::pin(ready(Ok(revived)))
    }

    fn discard(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.change(queue, |queue, _| queue.discard(id))
    }

    fn stats(&self, queue: &QueueName) -> StoreFuture<Stats> {
        self.read(queue, Queue::stats)
    }

    fn sweep(&self, queue: &QueueName, retention: &Retention, limit: usize) -> StoreFuture<u64> {
        let mut state = self.lock();
        let now = state.now();
        state.paces.retain(|_, next| *next > now);
        drop(state);
        self.change(queue, |queue, now| queue.sweep(retention, limit, now))
    }

    fn wait(&self, queue: &QueueName, at_most: Duration) -> Sleep {
        let changed = self.shared.changed.next();
        let mut state = self.lock();
        let now = state.now();
        let until_due = state.queue(queue).next_due().map_or(at_most, |due| due.saturating_sub(now));
        drop(state);
        if until_due.is_zero() {
            return Box::pin(ready(()));
        }
        Box::pin(changed.or(self.shared.timer.sleep(at_most.min(until_due))))
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.shared.timer.sleep(duration)
    }
}

impl Ledger for MemoryStore {
    fn record(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<Record>> {
        self.read(queue, |queue, now| queue.records().get(id, now))
    }

    fn put_record(&self, queue: &QueueName, record: NewRecord, expected: u64) -> StoreFuture<bool> {
        let mut state = self.lock();
        let now = state.now();
        state.last_sequence += 1;
        let sequence = state.last_sequence;
        let is_written = state.queue(queue).records_mut().put(record, expected, sequence, now);
        Box::pin(ready(Ok(is_written)))
    }

    fn records(
        &self,
        queue: &QueueName,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> StoreFuture<Vec<Record>> {
        self.read(queue, |queue, now| queue.records().list(state, after, limit, now))
    }

    fn pace(&self, limits: Vec<PaceLimit>) -> StoreFuture<Option<Duration>> {
        let mut state = self.lock();
        let now = state.now();
        let checked = limits.iter().map(|limit| limit.rate.check(state.paces.get(&limit.key).copied(), now));
        let (next, waits): (Vec<_>, Vec<_>) = checked.partition(Result::is_ok);
        if let Some(wait) = waits.into_iter().filter_map(Result::err).max() {
            return Box::pin(ready(Ok(Some(wait))));
        }
        let next = next.into_iter().filter_map(Result::ok);
        state.paces.extend(limits.into_iter().map(|limit| limit.key).zip(next));
        Box::pin(ready(Ok(None)))
    }
}

#[cfg(feature = "testing")]
impl crate::testing::TestStore for MemoryStore {
    fn advance(&self, duration: Duration) -> Sleep {
        Self::advance(self, duration);
        Box::pin(ready(()))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}
