//! All timed work, in one queue ordered by time and driven by the one clock.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, VecDeque},
    mem,
    sync::Arc,
};

use linq_types::{ChatId, Handle, MessageId, PaymentRequestId, messages::DeliveryStatus};
use tokio::task::JoinSet;

use crate::{
    clock::Moment,
    delivery::{Attempt, Courier, log_dropped},
    faults::FaultEffect,
    shared::Shared,
    store::{ChatUpdate, Store},
};

/// What webhooks that are not delivered may take in memory.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// How many of those that there was no room for are remembered until they are logged.
const MAX_DROPPED: usize = 1_000;

/// Something to do at a moment.
#[derive(Debug)]
pub(crate) enum Action {
    /// The next step of a message on its way, from the state it has now.
    Advance(MessageId, DeliveryStatus),
    /// A change of a chat's name, icon or background.
    Update(ChatUpdate),
    /// The end of a person's sharing where they are.
    EndSharing(ChatId, Handle),
    /// The end of the time in which a request can be paid.
    ExpirePaymentRequest(PaymentRequestId),
    /// An attempt to deliver a webhook.
    Deliver(Attempt),
}

/// What is due when. Of two actions of one moment, the first that was pushed comes first.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: BinaryHeap<Reverse<Entry>>,
    pushed: u64,
    /// Webhooks that are due and wait for their turn.
    ready: VecDeque<Attempt>,
    /// Those on their way to their receivers, without their bodies.
    under_way: Vec<Attempt>,
    /// What all webhooks that are not done with take in memory.
    bytes: usize,
    /// Those there was no room for.
    dropped: Vec<Attempt>,
}

#[derive(Debug)]
struct Entry {
    due: Moment,
    number: u64,
    action: Action,
}

impl Queue {
    pub(crate) fn push(&mut self, due: Moment, action: Action) {
        if let Action::Deliver(attempt) = &action {
            let size = attempt.size();
            if self.bytes + size > MAX_BYTES {
                return self.drop_attempt(attempt);
            }
            self.bytes += size;
        }
        self.insert(due, action);
    }

    fn insert(&mut self, due: Moment, mut action: Action) {
        if let Action::Deliver(attempt) = &mut action {
            attempt.due = due;
        }
        self.pushed += 1;
        self.entries.push(Reverse(Entry { due, number: self.pushed, action }));
    }

    /// Puts back a webhook that was popped.
    fn postpone(&mut self, due: Moment, attempt: Attempt) {
        self.insert(due, Action::Deliver(attempt));
    }

    /// Makes these actions due now, in the order they would have had.
    pub(crate) fn bring_forward(&mut self, now: Moment, which: impl Fn(&Action) -> bool) {
        let mut entries = mem::take(&mut self.entries).into_vec();
        for Reverse(entry) in entries.iter_mut().filter(|Reverse(entry)| which(&entry.action)) {
            entry.due = entry.due.min(now);
        }
        self.entries = entries.into();
    }

    fn drop_attempt(&mut self, attempt: &Attempt) {
        if self.dropped.len() < MAX_DROPPED {
            self.dropped.push(attempt.without_body());
        }
    }

    fn pop_due(&mut self, now: Moment) -> Option<Action> {
        self.entries.peek().filter(|Reverse(entry)| entry.due <= now)?;
        self.entries.pop().map(|Reverse(entry)| entry.action)
    }

    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.entries.peek().map(|Reverse(entry)| entry.due)
    }

    /// The webhooks whose turn it is, if no more than `most` may be on their way. Each one must be
    /// [finished](Self::finish).
    fn depart(&mut self, most: usize) -> Vec<Attempt> {
        let count = most.saturating_sub(self.under_way.len()).min(self.ready.len());
        let departing: Vec<_> = self.ready.drain(..count).collect();
        self.under_way.extend(departing.iter().map(Attempt::without_body));
        departing
    }

    /// An attempt has ended.
    pub(crate) fn finish(&mut self, attempt: &Attempt) {
        if let Some(at) = self.under_way.iter().position(|other| other.is_same(attempt)) {
            self.under_way.remove(at);
        }
        self.bytes = self.bytes.saturating_sub(attempt.size());
    }

    /// Whether nothing is due and no webhook is on its way.
    pub(crate) fn is_settled(&self, now: Moment) -> bool {
        self.under_way.is_empty() && self.ready.is_empty() && self.next_due().is_none_or(|due| due > now)
    }

    /// The attempts to come or on their way, and when they are due.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = (&Attempt, Moment)> {
        let ready = self.under_way.iter().chain(&self.ready).map(|attempt| (attempt, attempt.due));
        let to_come = self.entries.iter().filter_map(|Reverse(entry)| match &entry.action {
            Action::Deliver(attempt) => Some((attempt, entry.due)),
            _ => None,
        });
        ready.chain(to_come)
    }

    /// An empty queue that still waits for what is under way.
    pub(crate) fn successor(&self) -> Self {
        let bytes = self.under_way.len() * size_of::<Attempt>();
        Self { under_way: self.under_way.clone(), bytes, ..Self::default() }
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.due, self.number).cmp(&(other.due, other.number))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Entry {}

/// Does what is due, for as long as it is polled. Dropping it drops the deliveries under way.
pub(crate) async fn run(shared: Arc<Shared>) {
    let courier = Arc::new(Courier::new());
    // On time that stands still, webhooks arrive one after the other.
    let at_once = if shared.clock.stands_still() { 1 } else { shared.config.webhooks_at_once };
    let mut deliveries = JoinSet::new();
    loop {
        let (attempts, dropped, next_due) = shared.run_due(|store, now| {
            while let Some(action) = store.queue.pop_due(now) {
                match action {
                    Action::Advance(message_id, from) => store.advance(now, &message_id, &from),
                    Action::Update(update) => store.update_chat(now, update),
                    Action::EndSharing(chat_id, by) => store.end_sharing(now, &chat_id, &by),
                    Action::ExpirePaymentRequest(id) => store.expire_payment_request(now, &id),
                    Action::Deliver(attempt) => dispatch(store, now, attempt),
                }
            }
            (store.queue.depart(at_once), mem::take(&mut store.queue.dropped), store.queue.next_due())
        });
        for attempt in dropped {
            log_dropped(&shared, &attempt);
        }
        for attempt in attempts {
            let (courier, shared) = (courier.clone(), shared.clone());
            deliveries.spawn(async move { courier.deliver(&shared, attempt).await });
        }
        while deliveries.try_join_next().is_some() {}
        tokio::select! {
            () = shared.changed() => {}
            () = until(&shared, next_due) => {}
        }
    }
}

/// Lets a webhook that is due get in line, unless a fault holds it back.
fn dispatch(store: &mut Store, now: Moment, mut attempt: Attempt) {
    let struck = match attempt.is_new {
        true => store.faults.strike_webhook(&attempt.event_type),
        false => None,
    };
    attempt.is_new = false;
    match struck {
        Some(FaultEffect::Delay(delay)) => {
            attempt.first = now + delay;
            store.queue.postpone(now + delay, attempt);
        }
        Some(FaultEffect::Duplicate) => {
            store.queue.push(now, Action::Deliver(attempt.clone()));
            store.queue.ready.push_back(attempt);
        }
        _ => store.queue.ready.push_back(attempt),
    }
}

async fn until(shared: &Shared, due: Option<Moment>) {
    match due {
        Some(due) => shared.clock.sleep_until(due).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use linq_types::events::EventType;

    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn what_is_due_comes_in_the_order_of_time_and_then_of_pushing() {
        let start = Clock::start(None, true).now();
        let second = Duration::from_secs(1);
        let mut queue = Queue::default();
        for (after, name) in [(2, "c"), (1, "a"), (1, "b"), (9, "d")] {
            queue.push(start + second * after, Action::Advance(name.into(), DeliveryStatus::Pending));
        }
        let mut names = Vec::new();
        while let Some(Action::Advance(name, _)) = queue.pop_due(start + second * 2) {
            names.push(name.to_string());
        }
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(queue.next_due(), Some(start + second * 9));
    }

    #[test]
    fn webhooks_beyond_the_room_there_is_are_dropped_until_others_are_done() {
        let now = Clock::start(None, true).now();
        let mut queue = Queue::default();
        let attempt = Attempt {
            subscription_id: "s".into(),
            event_id: "e".into(),
            event_type: EventType::MessageSent,
            body: Bytes::from_static(&[b'a'; 1024 * 1024]),
            number: 1,
            first: now,
            due: now,
            is_new: true,
            chat_id: None,
        };
        for _ in 0..70 {
            queue.push(now, Action::Deliver(attempt.clone()));
        }
        assert_eq!((queue.entries.len(), queue.dropped.len()), (63, 7));
        assert!(queue.dropped.iter().all(|dropped| dropped.body.is_empty()));
        while let Some(Action::Deliver(attempt)) = queue.pop_due(now) {
            queue.ready.push_back(attempt);
        }
        let departed = queue.depart(2);
        assert_eq!((departed.len(), queue.depart(2).len()), (2, 0));
        assert_eq!(queue.attempts().count(), 63);
        queue.finish(&departed[0]);
        assert!(!queue.is_settled(now));
        queue.push(now, Action::Deliver(attempt));
        assert_eq!((queue.entries.len(), queue.dropped.len()), (1, 7));
    }
}
