use std::{fmt, time::Duration};

use bytes::Bytes;
use linq_types::Timestamp;

/// An item to be added to a queue.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewItem {
    /// Identifies the item in its queue: an item with the same id is a duplicate. Without an id, it is never a duplicate, and
    /// the store gives it one.
    pub id: Option<String>,
    /// Items with the same ordering key are processed one at a time, in the order of arrival. An item without a key waits
    /// for no other.
    pub key: Option<String>,
    /// What the item is, for people and metrics: the event type of a webhook event.
    pub kind: String,
    /// The content, which is deleted when the item is done.
    pub body: Bytes,
    /// How long the item waits before it is due. The default is not at all.
    pub delay: Duration,
}

impl NewItem {
    /// Creates an item without id and key that is due at once.
    pub fn new(kind: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self { id: None, key: None, kind: kind.into(), body: body.into(), delay: Duration::ZERO }
    }

    /// Sets the id, by which duplicates are recognized.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the ordering key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Sets how long the item waits before it is due.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// Omits the body, which can be private.
impl fmt::Debug for NewItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewItem")
            .field("id", &self.id)
            .field("key", &self.key)
            .field("kind", &self.kind)
            .field("body_bytes", &self.body.len())
            .field("delay", &self.delay)
            .finish()
    }
}

/// An item of a queue.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Item {
    /// The position in the store, by which items with the same key are ordered.
    pub sequence: u64,
    /// Identifies the item in its queue.
    pub id: String,
    /// The ordering key.
    pub key: String,
    /// What the item is: the event type of a webhook event.
    pub kind: String,
    /// When the item was added.
    pub received_at: Timestamp,
    /// How often the item was claimed, this time included.
    pub attempts: u32,
    /// Why the last attempt failed; `None` if none failed.
    pub last_error: Option<String>,
    /// The content.
    pub body: Bytes,
}

impl Item {
    /// Creates an item that was never claimed: for implementations of [`Store`](crate::Store).
    ///
    /// Without an id or a key it gets `#` and the sequence number, which nothing else has.
    #[must_use]
    pub fn new(sequence: u64, item: NewItem, received_at: Timestamp) -> Self {
        let NewItem { id, key, kind, body, .. } = item;
        let own = || format!("#{sequence}");
        let (id, key) = (id.unwrap_or_else(own), key.unwrap_or_else(own));
        Self { sequence, id, key, kind, received_at, attempts: 0, last_error: None, body }
    }
}

/// Omits the body, which can be private.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("sequence", &self.sequence)
            .field("id", &self.id)
            .field("key", &self.key)
            .field("kind", &self.kind)
            .field("received_at", &self.received_at)
            .field("attempts", &self.attempts)
            .field("last_error", &self.last_error)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// The state of an item that a store still has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemState {
    /// Waiting or leased.
    Waiting,
    /// A dead letter.
    Dead,
}
