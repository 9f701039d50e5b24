//! What a store does beside queues: it keeps records of what was sent, and paces what is to be sent.

use std::{fmt, time::Duration};

use bytes::Bytes;
use linq_types::{PaceLimit, Timestamp};

use crate::{QueueName, Store, StoreFuture};

/// A [`Store`] that also keeps records, which outlive their items, and the pace of what is sent.
///
/// The outbox keeps a record of each send in it, and a deduplicator one of each event.
pub trait Ledger: Store {
    /// Returns the record with this id.
    fn record(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<Record>>;

    /// Writes a record if the version of the present one is `expected`, which is 0 if there must be none. Returns `false`, and
    /// changes nothing, if it has another version.
    fn put_record(&self, queue: &QueueName, record: NewRecord, expected: u64) -> StoreFuture<bool>;

    /// Returns up to `limit` records, of all states or of this one, oldest first, after the one with the sequence number
    /// `after`.
    fn records(
        &self,
        queue: &QueueName,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> StoreFuture<Vec<Record>>;

    /// Takes one from each limit if all of them allow it. Otherwise it takes none, and returns how long it is until all of them
    /// can.
    ///
    /// The limits are those of the whole store, for all queues. [`Rate::check`](linq_types::Rate::check) is the rule.
    fn pace(&self, limits: Vec<PaceLimit>) -> StoreFuture<Option<Duration>>;
}

/// A record to be written.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRecord {
    /// Identifies the record in its queue.
    pub id: String,
    /// The state, by which records are listed.
    pub state: String,
    /// The content, which is JSON.
    pub body: Bytes,
}

impl NewRecord {
    /// Creates a record.
    pub fn new(id: impl Into<String>, state: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self { id: id.into(), state: state.into(), body: body.into() }
    }
}

/// Omits the body, which can be private.
impl fmt::Debug for NewRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewRecord")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// A record of a [`Ledger`].
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// The position in the store, in the order in which the records were first written.
    pub sequence: u64,
    /// Identifies the record in its queue.
    pub id: String,
    /// The state.
    pub state: String,
    /// The content.
    pub body: Bytes,
    /// Counts the times that the record was written, from 1.
    pub version: u64,
    /// When the record was last written.
    pub updated_at: Timestamp,
    /// How long ago that was, by the clock of the store.
    pub age: Duration,
}

impl Record {
    /// Creates a record: for implementations of [`Ledger`].
    #[must_use]
    pub fn new(sequence: u64, record: NewRecord, version: u64, updated_at: Timestamp, age: Duration) -> Self {
        let NewRecord { id, state, body } = record;
        Self { sequence, id, state, body, version, updated_at, age }
    }
}

/// Omits the body, which can be private.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("sequence", &self.sequence)
            .field("id", &self.id)
            .field("state", &self.state)
            .field("version", &self.version)
            .field("updated_at", &self.updated_at)
            .field("age", &self.age)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
