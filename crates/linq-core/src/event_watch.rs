use std::{
    borrow::Borrow,
    collections::{HashMap, VecDeque},
    fmt,
    hash::Hash,
    sync::Arc,
};

use linq_types::{
    ChatId, MessageId, Service,
    error::ErrorCode,
    events::{Event, EventType},
    messages::DeliveryStatus,
};

use crate::{Error, watched::Watched};

/// What a receiver of webhooks in this process has seen, for calls that wait for it.
///
/// Let the receiver call [`observe`](Self::observe) with each event, and give clones to the calls:
/// [`Delivery::watch`](crate::resources::messages::Delivery::watch) waits for the receipts of a message, and
/// [`SendAll::until_answered`](crate::resources::chats::SendAll::until_answered) stops when the person answers. They need no
/// requests then. It does not matter whether the event or the call comes first.
///
/// The receipts of the last 10,000 messages and the answers in the last 10,000 chats are kept in memory. It keeps ids and
/// statuses, and nothing of the messages themselves.
///
/// ```
/// # use linq_core as linq;
/// use std::time::Duration;
///
/// use linq::{Client, Error, EventWatch, types::{ChatId, events::Event}};
///
/// fn on_webhook(watch: &EventWatch, event: &Event) {
///     watch.observe(event);
/// }
///
/// async fn remind(client: &Client, watch: &EventWatch, chat: &ChatId) -> Result<(), Error> {
///     let sent = client.chats().messages(chat).send("Your table is ready").await?;
///     client.messages().delivery(&sent.message.id).watch(watch).timeout(Duration::from_secs(30)).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Default)]
pub struct EventWatch {
    seen: Arc<Watched<Seen>>,
}

#[derive(Default)]
struct Seen {
    receipts: Recent<MessageId, Receipt>,
    /// The number of the last answer in each chat.
    answers: Recent<ChatId, u64>,
    /// The number of all answers.
    count: u64,
}

impl EventWatch {
    /// Creates a watch that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of an event, whatever its type. It must be verified.
    pub fn observe(&self, event: &Event) {
        if let (Some(receipt), Some(message)) = (Receipt::of(event), event.message_id()) {
            self.seen.change(|seen| match seen.receipts.get(&message) {
                Some(known) if known.rank() >= receipt.rank() => {}
                _ => seen.receipts.insert(message, receipt),
            });
        }
        let is_answer = event.event_type == EventType::MessageReceived
            && event.message().is_none_or(|message| !message.is_from_me() && !message.is_history());
        if let (true, Some(chat)) = (is_answer, event.chat_id()) {
            self.seen.change(|seen| {
                seen.count += 1;
                seen.answers.insert(chat, seen.count);
            });
        }
    }

    /// Waits until it is known whether a message was delivered.
    pub(crate) async fn settled(&self, message: &MessageId) -> Result<DeliveryStatus, Error> {
        self.seen.until(|seen| seen.receipts.get(message)?.settled()).await
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn wait_settled(
        &self,
        message: &MessageId,
        deadline: crate::blocking::Deadline,
    ) -> Option<Result<DeliveryStatus, Error>> {
        self.seen.wait_until(deadline, |seen| seen.receipts.get(message)?.settled())
    }

    /// Starts to wait for an answer in a chat.
    pub(crate) fn answers(&self, chat: ChatId) -> Answers {
        Answers { watch: self.clone(), chat, since: self.seen.read(|seen| seen.count) }
    }
}

/// Shows no ids.
impl fmt::Debug for EventWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventWatch")
    }
}

/// The answers in a chat from a moment on.
#[derive(Clone)]
pub(crate) struct Answers {
    watch: EventWatch,
    chat: ChatId,
    since: u64,
}

impl Answers {
    pub(crate) fn has_come(&self) -> bool {
        self.watch.seen.read(|seen| self.find(seen).is_some())
    }

    pub(crate) async fn come(&self) {
        self.watch.seen.until(|seen| self.find(seen)).await;
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn wait(&self, deadline: crate::blocking::Deadline) -> bool {
        self.watch.seen.wait_until(deadline, |seen| self.find(seen)).is_some()
    }

    fn find(&self, seen: &Seen) -> Option<()> {
        seen.answers.get(&self.chat).filter(|number| **number > self.since).map(drop)
    }
}

/// What is known about the delivery of a message.
pub(crate) struct Receipt {
    pub(crate) status: DeliveryStatus,
    pub(crate) service: Option<Service>,
    pub(crate) code: Option<ErrorCode>,
}

impl Receipt {
    fn of(event: &Event) -> Option<Self> {
        Some(Self {
            status: event.delivery_status()?,
            service: event.message().and_then(|message| message.service.cloned()),
            code: event.failure_code(),
        })
    }

    /// Events come in any order. A message that failed can still be delivered.
    fn rank(&self) -> u8 {
        match self.status {
            DeliveryStatus::Read => 3,
            DeliveryStatus::Delivered => 2,
            DeliveryStatus::Failed => 1,
            _ => 0,
        }
    }

    /// Returns the end of the delivery, or `None` before it. SMS reports no delivery, so its end is that it was sent.
    pub(crate) fn settled(&self) -> Option<Result<DeliveryStatus, Error>> {
        match &self.status {
            DeliveryStatus::Delivered | DeliveryStatus::Read => Some(Ok(self.status.clone())),
            DeliveryStatus::Sent if self.service == Some(Service::Sms) => Some(Ok(DeliveryStatus::Sent)),
            DeliveryStatus::Failed => Some(Err(Error::failed_delivery(self.code))),
            _ => None,
        }
    }
}

const CAPACITY: usize = 10_000;

/// A map that forgets its oldest keys.
struct Recent<K, V> {
    values: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { values: HashMap::new(), order: VecDeque::new() }
    }
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.values.get(key)
    }

    fn insert(&mut self, key: K, value: V) {
        if self.values.insert(key.clone(), value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_keys_are_forgotten() {
        let mut recent = Recent::default();
        for key in 0..CAPACITY + 5 {
            recent.insert(key, key);
            recent.insert(key, key + 1);
        }
        assert_eq!((recent.values.len(), recent.order.len()), (CAPACITY, CAPACITY));
        assert_eq!((recent.get(&4), recent.get(&5)), (None, Some(&6)));
    }
}
