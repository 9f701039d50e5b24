use std::{fmt, sync::Arc};

use linq_core::ReplayStored;
use linq_types::{
    IdempotencyKey,
    events::{Event, EventKeys},
};
use linq_webhooks::EventHandler;

use self::records::Records;
use crate::{Item, ItemState, Ledger, QueueName, Stats, StoreError};

mod dispatcher;
mod new_send;
mod queued_send;
mod receipt;
mod record;
mod records;
mod tracking;

pub use dispatcher::Dispatcher;
pub use new_send::{AddError, Added, NewSend, PreparedSend};
pub use record::{Delivery, SendRecord, SendState};
pub use tracking::{Tracking, TrackingError};

/// A durable queue of sends: each is stored first, and executed once.
///
/// A handler [adds](NewSend::add) sends, and a [`dispatcher`](Self::dispatcher) makes them, in the same process or in another
/// one. A send is stored with its idempotency key, and repeated with it until the API has answered, so that the API executes
/// it once, whenever a process dies. Sends into one chat are made one at a time, in the order in which they were added.
///
/// ```
/// # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_durable as durable; pub(crate) use linq_types as types; }
/// use linq::{Client, durable::{AddError, Outbox}, types::events::{Event, MessageReceived}};
///
/// async fn answer(outbox: &Outbox, client: &Client, event: &Event<MessageReceived>) -> Result<(), AddError> {
///     let chat = client.chats().messages(&event.data.chat.id);
///     // However often the handler runs for this event, one answer is recorded, and sent.
///     outbox.once(event, "answer").add(chat.send("Hello!")).await?;
///     Ok(())
/// }
/// ```
///
/// # What becomes of a send
///
/// The [`record`](Self::record) of a send has its [state](SendState). It exists from the first attempt on. A send that was not
/// accepted is kept as a dead letter, with its body, for [`resend`](Self::resend).
///
/// Webhooks tell what became of an accepted message, and that a send was executed whose answer was lost. Pass them on with
/// [`tracking`](Self::tracking).
#[derive(Clone)]
#[cfg(feature = "outbox")]
pub struct Outbox {
    store: Arc<dyn Ledger>,
    queue: QueueName,
}

impl Outbox {
    /// Creates an outbox in this store.
    pub fn new(store: impl Ledger) -> Self {
        Self::from(Arc::new(store) as Arc<dyn Ledger>)
    }

    /// Sets the name of the queue in the store. The default is `outbox`.
    #[must_use]
    pub fn queue(mut self, name: &str) -> Self {
        self.queue = QueueName::from(name);
        self
    }

    /// Returns a send with the [key](EventKeys::key) of the event that has this name: it is recorded once for the event and the
    /// name.
    ///
    /// The first record wins: if the handler runs again, and makes another text, that is not sent.
    pub fn once<T>(&self, event: &Event<T>, name: &str) -> NewSend {
        let trace_id = event.trace_id.as_ref().map(|id| id.as_str().to_owned());
        NewSend::new(self.clone(), EventKeys::from(event).key(name), trace_id)
    }

    /// Returns a send with this key: it is recorded once for the key.
    pub fn with_key(&self, key: impl Into<IdempotencyKey>) -> NewSend {
        NewSend::new(self.clone(), key.into(), None)
    }

    /// Creates the worker that makes the sends with this client.
    pub fn dispatcher<C: ReplayStored>(&self, client: C) -> Dispatcher<C> {
        Dispatcher::new(self.clone(), client)
    }

    /// Creates a handler that updates the records by the webhooks of messages, and passes the events on to this handler.
    ///
    /// It accepts `message.sent`, `message.delivered`, `message.read` and `message.failed` beside the events of the handler.
    /// Use it for the [receiver](crate::Inbox::receiver) and the [worker](crate::Inbox::worker).
    pub fn tracking<H: EventHandler>(&self, handler: H) -> Tracking<H> {
        Tracking::new(self.clone(), handler)
    }

    /// Updates the records by an event. Returns `true` if it is about a message that the outbox sends or has sent.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed. Update by the event again.
    pub async fn track(&self, event: &Event) -> Result<bool, StoreError> {
        match receipt::Receipt::of(event) {
            Some(receipt) => self.records().receive(&receipt).await,
            None => Ok(false),
        }
    }

    /// Returns the record of the send with this key; `None` if there was no attempt yet, or none in the retention.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn record(&self, key: &IdempotencyKey) -> Result<Option<SendRecord>, StoreError> {
        Ok(self.records().load(key.as_str()).await?.map(|(record, _)| record))
    }

    /// Returns up to `limit` records, of all states or of this one, oldest first, after the one with the sequence number
    /// `after`; 0 is the beginning.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn list(
        &self,
        state: Option<SendState>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<SendRecord>, StoreError> {
        self.records().list(state, after, limit).await
    }

    /// Returns up to `limit` sends that wait, oldest first, after the one with the sequence number `after`.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn waiting(&self, after: u64, limit: usize) -> Result<Vec<Item>, StoreError> {
        self.store.list(&self.queue, ItemState::Waiting, after, limit).await
    }

    /// Cancels a send of which no attempt was made. Returns `false` if there is no such send: it may have been made.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn cancel(&self, key: &IdempotencyKey) -> Result<bool, StoreError> {
        let Some((ItemState::Waiting, item)) = self.store.find(&self.queue, key.as_str()).await? else {
            return Ok(false);
        };
        self.records().change_or_create(&item, |record| record.cancel()).await
    }

    /// Sends what was [refused](SendState::Refused), [failed](SendState::Failed) or [expired](SendState::Expired) again, as a
    /// new send with a new key, which is returned. Returns `None` if there is no such send.
    ///
    /// A send whose fate is [unknown](SendState::Unknown) may have been executed: [settle](Self::settle) it first.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed. Call it again: the new key is the same each time, so that nothing is sent twice.
    pub async fn resend(&self, key: &IdempotencyKey) -> Result<Option<IdempotencyKey>, StoreError> {
        let Some((ItemState::Dead, item)) = self.store.find(&self.queue, key.as_str()).await? else {
            return Ok(None);
        };
        let Some((record, _)) = self.records().load(key.as_str()).await? else { return Ok(None) };
        if !record.state.is_definite_failure() {
            return Ok(None);
        }
        let new_key = EventKeys::new(Some(key.as_str()), b"").key("resend");
        let Some(again) = queued_send::QueuedSend::again(&item, &new_key) else { return Ok(None) };
        self.store.enqueue(&self.queue, again).await?;
        let replaced_by = new_key.clone();
        let replace = |record: &mut SendRecord| {
            record.replaced_by = Some(replaced_by.clone());
            true
        };
        self.records().change(key.as_str(), replace).await?;
        self.store.discard(&self.queue, key.as_str()).await?;
        Ok(Some(new_key))
    }

    /// Settles a send whose fate is [unknown](SendState::Unknown), because a person looked it up: it was accepted or it failed.
    /// Returns `false` if there is no such send.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn settle(&self, key: &IdempotencyKey, was_accepted: bool) -> Result<bool, StoreError> {
        let state = if was_accepted { SendState::Accepted } else { SendState::Failed };
        let settle = |record: &mut SendRecord| {
            let is_unknown = record.state == SendState::Unknown;
            if is_unknown {
                record.state = state;
            }
            is_unknown
        };
        let is_settled = self.records().change(key.as_str(), settle).await?;
        if is_settled && was_accepted {
            self.store.discard(&self.queue, key.as_str()).await?;
        }
        Ok(is_settled)
    }

    /// Returns the numbers of sends that wait, are being made and are dead letters.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn stats(&self) -> Result<Stats, StoreError> {
        self.store.stats(&self.queue).await
    }

    fn records(&self) -> Records<'_> {
        Records::new(&*self.store, &self.queue)
    }
}

/// An outbox in a store whose type is chosen at run time.
impl From<Arc<dyn Ledger>> for Outbox {
    fn from(store: Arc<dyn Ledger>) -> Self {
        Self { store, queue: QueueName::from("outbox") }
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("store", &self.store).field("queue", &self.queue).finish()
    }
}
