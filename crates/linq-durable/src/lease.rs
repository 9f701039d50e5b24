use std::time::Duration;

use linq_types::Timestamp;

use crate::Item;

/// An item that was claimed, with the lease of its key.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Claim {
    /// The item, whose [`attempts`](Item::attempts) include this one.
    pub item: Item,
    /// The lease of the item's key.
    pub lease: Lease,
    /// How long ago the item was added, by the clock of the store.
    pub age: Duration,
}

impl Claim {
    /// Creates a claim: for implementations of [`Store`](crate::Store).
    #[must_use]
    pub fn new(item: Item, token: u64, age: Duration) -> Self {
        let lease =
            Lease { key: item.key.clone(), token, sequence: item.sequence, last_sequence: item.sequence };
        Self { item, lease, age }
    }

    /// Returns when the item was claimed, by the clock of the store.
    #[must_use]
    pub fn claimed_at(&self) -> Timestamp {
        let added = self.item.received_at;
        let nanoseconds = self.age.subsec_nanos() + added.subsec_nanoseconds();
        let seconds = self.age.as_secs() + u64::from(nanoseconds / 1_000_000_000);
        let seconds = added.unix_seconds().saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
        Timestamp::from_unix(seconds, nanoseconds % 1_000_000_000).unwrap_or(added)
    }
}

/// The right to process the first item of a key, or the first few, until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Lease {
    /// The ordering key.
    pub key: String,
    /// The fencing token, which no other lease of the store ever has.
    pub token: u64,
    /// The sequence number of the item.
    pub sequence: u64,
    /// The sequence number of the last item of a burst, which is settled as a whole; otherwise that of the item.
    pub last_sequence: u64,
}

impl Lease {
    /// Creates the lease with which a burst is settled: that of its first item, up to its last item.
    #[must_use]
    pub fn up_to(&self, last: &Item) -> Self {
        Self { last_sequence: last.sequence, ..self.clone() }
    }
}

/// What becomes of a claimed item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Settlement {
    /// It is done: its body is deleted, its id remembered.
    Complete,
    /// It is due again after the delay, and blocks its key until then.
    #[non_exhaustive]
    Retry {
        /// How long it waits.
        delay: Duration,
        /// Why the attempt failed.
        error: String,
    },
    /// It is given up and kept as a dead letter, and the key goes on.
    #[non_exhaustive]
    DeadLetter {
        /// Why the last attempt failed.
        error: String,
    },
    /// It is due again at once, and the attempt does not count: nothing was done with it.
    Release,
    /// The same after a delay.
    #[non_exhaustive]
    Postpone {
        /// How long it waits.
        delay: Duration,
    },
}

impl Settlement {
    /// Creates a [`Retry`](Self::Retry).
    pub fn retry(delay: Duration, error: impl Into<String>) -> Self {
        Self::Retry { delay, error: error.into() }
    }

    /// Creates a [`Postpone`](Self::Postpone).
    #[must_use]
    pub fn postpone(delay: Duration) -> Self {
        Self::Postpone { delay }
    }

    /// Creates a [`DeadLetter`](Self::DeadLetter).
    pub fn dead_letter(error: impl Into<String>) -> Self {
        Self::DeadLetter { error: error.into() }
    }
}

/// Whether a lease was still held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an operation with a lost lease changed nothing"]
#[non_exhaustive]
pub enum Settled {
    /// The lease was held, and the operation took effect.
    Held,
    /// The lease had ended and the key belongs to another worker, or to none: nothing was changed.
    Lost,
}
