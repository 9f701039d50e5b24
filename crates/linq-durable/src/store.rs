//! What a store does: it keeps the items of queues, in order per key, and leases them to workers.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use crate::{
    StoreError,
    item::{Item, ItemState, NewItem},
    lease::{Claim, Lease, Settled, Settlement},
    stats::Stats,
};

/// The future of an operation of a [`Store`].
pub type StoreFuture<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

/// The future of a timer of a [`Store`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Queues of items, of which those with the same ordering key are processed one at a time, in the order of arrival.
///
/// [`MemoryStore`](crate::MemoryStore) serves one process and loses its items with it. Other crates have stores on
/// databases. Implementations must pass the conformance suite in `testing` (feature `testing`).
///
/// # Protocol
///
/// A store has one row for each ordering key with work. [`claim`](Self::claim) leases *keys*, not items: the first item of
/// a leased key is being processed and all others wait, so that an item that is retried later blocks its key and nothing
/// else. Each lease has a fencing token that is never used again. A worker that comes back after its lease ended changes
/// nothing: its token is not that of the key any more.
///
/// Attempts are counted when an item is claimed, so that an item that kills its process is counted, too.
///
/// # Time
///
/// All times are the store's: those of the database if several machines share it.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Adds an item to the end of its key. The item is durable when the future completes.
    ///
    /// An item with the id of another one in this queue, waiting, done or dead, is a duplicate and changes nothing, until
    /// the other one is [swept](Self::sweep).
    fn enqueue(&self, queue: &QueueName, item: NewItem) -> StoreFuture<Enqueued>;

    /// Leases up to `limit` keys whose first item is due for the duration of `lease`, and returns these items. Counts the
    /// attempts. The keys are those that were due first, and of keys that were due at the same time those that sort first.
    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>>;

    /// Extends a lease: it ends after `duration` from now.
    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled>;

    /// Returns up to `limit` items that wait behind the one of the lease, in order, to be processed with it as a burst. Counts
    /// their attempts. Returns none if the lease is lost.
    ///
    /// If the first item was attempted before, these are the items that were attempted with it, so that a burst has the same
    /// items in every attempt. Settle the burst with a lease [up to](Lease::up_to) its last item.
    fn gather(&self, queue: &QueueName, lease: &Lease, limit: usize) -> StoreFuture<Vec<Item>>;

    /// Ends a lease, with what becomes of its items. If the lease is [lost](Settled::Lost), nothing changes.
    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled>;

    /// Returns `true` if a later item with the same key waits behind the item with this id.
    fn has_newer(&self, queue: &QueueName, id: &str) -> StoreFuture<bool>;

    /// Returns up to `limit` items in this state, oldest first, after the item with the sequence number `after`.
    fn list(&self, queue: &QueueName, state: ItemState, after: u64, limit: usize) -> StoreFuture<Vec<Item>>;

    /// Returns the item with this id and its state; `None` if it is not waiting, leased or dead.
    fn find(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<(ItemState, Item)>>;

    /// Moves a dead letter to the end of its key, with no attempts. Returns `false` if there is no dead letter with this
    /// id.
    fn revive(&self, queue: &QueueName, id: &str) -> StoreFuture<bool>;

    /// Deletes a dead letter with its body. Its id is still remembered. Returns `false` if there is no dead letter with
    /// this id.
    fn discard(&self, queue: &QueueName, id: &str) -> StoreFuture<bool>;

    /// Returns the numbers of items.
    fn stats(&self, queue: &QueueName) -> StoreFuture<Stats>;

    /// Deletes what is older than the retention: ids of items that are done, dead letters, and [records](crate::Ledger) that
    /// were last written before it and whose item does not wait any more. Deletes at most `limit` of each, and returns how
    /// many were deleted.
    fn sweep(&self, queue: &QueueName, retention: &Retention, limit: usize) -> StoreFuture<u64>;

    /// Completes when an item may be due, or after `at_most`. It may complete early.
    fn wait(&self, queue: &QueueName, at_most: Duration) -> Sleep;

    /// Completes after this duration.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The name of a queue, such as `inbox`: several programs can use different queues of one store.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueueName(Arc<str>);

impl QueueName {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for QueueName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl From<&String> for QueueName {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

impl From<String> for QueueName {
    fn from(name: String) -> Self {
        Self(name.into())
    }
}

impl fmt::Debug for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What [`Store::enqueue`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enqueued {
    /// The item was added.
    New,
    /// An item with this id is in the queue, or was processed before. Nothing was changed.
    Duplicate,
}

/// How long a store remembers what is finished.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retention {
    /// How long the ids of finished items are remembered, to recognize duplicates. The default is 7 days.
    ///
    /// The API delivers an event again for up to 30 minutes.
    pub ids: Duration,
    /// How long dead letters are kept, with their bodies. The default is 30 days.
    pub dead_letters: Duration,
    /// How long records are kept after they were last written. The default is 30 days.
    pub records: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self { ids: 7 * DAY, dead_letters: 30 * DAY, records: 30 * DAY }
    }
}
