use std::{fmt, sync::Arc};

use linq_types::events::{Event, Interest};
use linq_webhooks::{EventHandler, Outcome, Receiver, Verifier};

use crate::{Enqueued, Item, ItemState, NewItem, QueueName, Stats, Store, StoreError, Worker};

/// A durable queue of webhook events: each is stored before the API gets its response, and handled afterwards.
///
/// A [`receiver`](Self::receiver) stores the events, and a [`worker`](Self::worker) handles them, in the same process or in
/// another one. Events of one chat are handled one at a time, in the order of arrival; those of different chats side by side.
///
/// ```
/// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_webhooks as webhooks; }
/// use linq::{durable::{Inbox, MemoryStore}, webhooks::{EventHandler, Verifier, block_on}};
///
/// fn start<H>(verifier: Verifier, bot: H)
/// where
///     H: EventHandler<Error: std::fmt::Display> + Send + Sync + 'static,
/// {
///     let inbox = Inbox::new(MemoryStore::new());
///     let receiver = inbox.receiver(verifier, &bot);
///     std::thread::spawn(move || block_on(inbox.worker(bot).concurrency(16).run()));
///     # drop(receiver);
/// }
/// ```
///
/// # What is promised
///
/// - An event is in the store before the API gets its 202, as durable as the store is. A duplicate gets 204.
/// - Each event is handled at least once. If the process dies while it is handled, it is handled again after its lease ends.
/// - A failing event blocks its chat and nothing else. It is retried with a backoff, and becomes a dead letter after the
///   attempts of the [`RetryPolicy`](crate::RetryPolicy); then the chat goes on.
#[derive(Clone)]
pub struct Inbox {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) queue: QueueName,
    order: Order,
}

/// The order in which the events of an [`Inbox`] are handled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// Events of one chat are handled one at a time, in the order of arrival. Events without a chat wait for no other.
    #[default]
    PerChat,
    /// All events are handled side by side.
    Unordered,
}

impl Inbox {
    /// Creates an inbox in this store.
    pub fn new(store: impl Store) -> Self {
        Self::from(Arc::new(store) as Arc<dyn Store>)
    }

    /// Sets the name of the queue in the store. The default is `inbox`.
    #[must_use]
    pub fn queue(mut self, name: &str) -> Self {
        self.queue = QueueName::from(name);
        self
    }

    /// Sets the order in which events are handled. It applies to events that are enqueued by this value and its clones.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Creates a receiver that verifies the events that this handler accepts, and enqueues them. It responds with 202.
    ///
    /// The receiver is used like any other: with `into_service`, `serve` or [`respond`](Receiver::respond). Other events are
    /// [ignored](Outcome::Ignored) and not stored. An event whose payload this version cannot read is stored, and becomes a dead
    /// letter unless the handler accepts every event. If the store fails, it responds with 500, and the API delivers the event
    /// again.
    pub fn receiver<H: EventHandler>(&self, verifier: Verifier, handler: &H) -> Receiver<Enqueue, ()> {
        let enqueue = Enqueue { inbox: self.clone(), events: handler.events().into() };
        Receiver::new(verifier, enqueue).deduplicator(()).keep_unreadable()
    }

    /// Creates a worker that handles the events with this handler.
    pub fn worker<H: EventHandler>(&self, handler: H) -> Worker<H> {
        Worker::new(self.clone(), handler)
    }

    /// Enqueues an event. It is durable when the future completes.
    ///
    /// A [`receiver`](Self::receiver) does this with each verified event.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed. The event may have been enqueued; enqueue it again.
    pub async fn enqueue(&self, event: &Event) -> Result<Enqueued, StoreError> {
        let mut item = NewItem::new(event.event_type.as_str(), event.raw().to_vec());
        item.id = event.event_id.as_ref().map(|id| id.as_str().to_owned());
        item.key = match self.order {
            Order::PerChat => event.chat_id().map(|chat| chat.as_str().to_owned()),
            Order::Unordered => None,
        };
        self.store.enqueue(&self.queue, item).await
    }

    /// Returns `true` if a later event of the same chat waits behind this one: a handler that thinks for long can give up an
    /// answer that is outdated. It cannot be told for an event without an id.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn has_newer<T>(&self, event: &Event<T>) -> Result<bool, StoreError> {
        match &event.event_id {
            Some(id) => self.store.has_newer(&self.queue, id.as_str()).await,
            None => Ok(false),
        }
    }

    /// Returns the numbers of events that wait, are being handled and are dead letters.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn stats(&self) -> Result<Stats, StoreError> {
        self.store.stats(&self.queue).await
    }

    /// Returns up to `limit` dead letters, oldest first, after the one with the sequence number `after`; 0 is the beginning.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<Item>, StoreError> {
        self.store.list(&self.queue, ItemState::Dead, after, limit).await
    }

    /// Moves a dead letter to the end of its chat, to be attempted as often as a new event. Returns `false` if there is no
    /// dead letter with this id.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed.
    pub async fn revive(&self, id: &str) -> Result<bool, StoreError> {
        self.store.revive(&self.queue, id).await
    }
}

/// An inbox in a store whose type is chosen at run time.
impl From<Arc<dyn Store>> for Inbox {
    fn from(store: Arc<dyn Store>) -> Self {
        Self { store, queue: QueueName::from("inbox"), order: Order::default() }
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("store", &self.store)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}

/// The handler of an inbox's [`receiver`](Inbox::receiver): it enqueues events.
#[derive(Debug, Clone)]
pub struct Enqueue {
    inbox: Inbox,
    events: Arc<[Interest]>,
}

impl EventHandler for Enqueue {
    type Error = StoreError;

    async fn handle(&self, event: Event) -> Result<Outcome, StoreError> {
        Ok(match self.inbox.enqueue(&event).await? {
            Enqueued::New => Outcome::Accepted,
            Enqueued::Duplicate => Outcome::Duplicate,
        })
    }

    fn events(&self) -> &[Interest] {
        &self.events
    }
}
