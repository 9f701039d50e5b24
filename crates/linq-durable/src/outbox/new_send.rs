use std::{error::Error as StdError, fmt, time::Duration};

use linq_core::{Call, Error, ReplayStored, StoredCall};
use linq_types::IdempotencyKey;

use super::{Outbox, queued_send::QueuedSend};
use crate::{Enqueued, NewItem, QueueName, StoreError};

/// A send that is to be recorded: see [`Outbox::once`].
#[derive(Debug, Clone)]
#[must_use = "nothing is recorded until `add` is called"]
#[cfg(feature = "outbox")]
pub struct NewSend {
    outbox: Outbox,
    key: IdempotencyKey,
    ordering_key: Option<String>,
    delay: Duration,
    send: Extras,
}

/// What is recorded beside the call.
#[derive(Debug, Clone, Default)]
pub(super) struct Extras {
    pub(super) line: Option<String>,
    pub(super) expires_after: Option<Duration>,
    pub(super) trace_id: Option<String>,
}

impl NewSend {
    pub(super) fn new(outbox: Outbox, key: IdempotencyKey, trace_id: Option<String>) -> Self {
        let send = Extras { trace_id, ..Extras::default() };
        Self { outbox, key, ordering_key: None, delay: Duration::ZERO, send }
    }

    /// Sets the ordering key, in place of the id of the chat: sends with the same one are made one at a time, in order.
    ///
    /// A send into no chat, such as one that creates a chat, has none by default, and waits for no other.
    pub fn ordering_key(mut self, key: impl Into<String>) -> Self {
        self.ordering_key = Some(key.into());
        self
    }

    /// Sets the line whose [pace](super::Dispatcher::pace) the send keeps. By default it is the `from` of the request, if that has one.
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.send.line = Some(line.into());
        self
    }

    /// Delays the send. Later sends into the chat wait for it.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Does not make the send if its first attempt would be later than this after it was recorded.
    pub fn expires_after(mut self, duration: Duration) -> Self {
        self.send.expires_after = Some(duration);
        self
    }

    /// Records the send. It is durable when the future completes, and made by a [`Dispatcher`](super::Dispatcher).
    ///
    /// A call with an idempotency key of its own is recorded once for that key.
    ///
    /// # Errors
    ///
    /// Returns an error if the call is invalid, or takes no idempotency key so that it cannot be repeated safely
    /// ([`AddError::Call`]), or if the store failed ([`AddError::Store`]): add it again.
    #[expect(clippy::should_implement_trait, reason = "it adds to the outbox")]
    pub fn add<C: ReplayStored, T>(
        self,
        call: Call<'_, C, T>,
    ) -> impl Future<Output = Result<Added, AddError>> + Send + use<C, T> {
        let outbox = self.outbox.clone();
        let prepared = self.prepare(call);
        async move {
            let PreparedSend { queue, item, key } = prepared.map_err(AddError::Call)?;
            let enqueued = outbox.store.enqueue(&queue, item).await.map_err(AddError::Store)?;
            Ok(Added { key, is_new: enqueued == Enqueued::New })
        }
    }

    /// Returns the item to enqueue in a transaction of your own, with a function of the store: the send is made if and only if
    /// the transaction commits.
    ///
    /// # Errors
    ///
    /// Returns an error if the call is invalid, or takes no idempotency key so that it cannot be repeated safely
    /// ([`ErrorKind::InvalidRequest`](linq_core::ErrorKind::InvalidRequest)).
    pub fn prepare<C: ReplayStored, T>(self, call: Call<'_, C, T>) -> Result<PreparedSend, Error> {
        let Self { outbox, key, ordering_key, delay, send } = self;
        let call = call.store_with(key)?;
        let key = call.idempotency_key().clone();
        let ordering_key = ordering_key.or_else(|| call.chat_id().map(str::to_owned));
        let item = new_item(call, ordering_key, delay, send);
        Ok(PreparedSend { queue: outbox.queue, item, key })
    }
}

fn new_item(call: StoredCall, ordering_key: Option<String>, delay: Duration, extras: Extras) -> NewItem {
    let kind = call.operation_id().to_owned();
    let id = call.idempotency_key().as_str().to_owned();
    let mut item = NewItem::new(kind, QueuedSend::new(call, extras).to_body()).id(id).delay(delay);
    item.key = ordering_key;
    item
}

/// A send to be enqueued in a transaction: see [`NewSend::prepare`].
#[derive(Debug, Clone)]
#[non_exhaustive]
#[cfg(feature = "outbox")]
pub struct PreparedSend {
    /// The queue of the outbox.
    pub queue: QueueName,
    /// The item, whose id is the key.
    pub item: NewItem,
    /// The idempotency key with which the API gets the request.
    pub key: IdempotencyKey,
}

/// A send that is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg(feature = "outbox")]
pub struct Added {
    /// The idempotency key, by which [`Outbox::record`] finds the send.
    pub key: IdempotencyKey,
    /// Whether it was recorded now, and not before.
    pub is_new: bool,
}

/// Why a send was not recorded.
#[derive(Debug)]
#[non_exhaustive]
#[cfg(feature = "outbox")]
pub enum AddError {
    /// The call cannot be stored. Fix the call.
    Call(Error),
    /// The store failed. The send may have been recorded; add it again.
    Store(StoreError),
}

impl fmt::Display for AddError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => write!(f, "call cannot be stored: {error}"),
            Self::Store(error) => write!(f, "send was not recorded: {error}"),
        }
    }
}

impl StdError for AddError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(match self {
            Self::Call(error) => error,
            Self::Store(error) => error,
        })
    }
}
