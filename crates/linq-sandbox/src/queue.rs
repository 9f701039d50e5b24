//! The queue of timed work: timers of the store, and webhooks to deliver.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, VecDeque},
    mem,
    time::Duration,
};

use bytes::Bytes;
use linq_types::{ChatId, EventId, WebhookSubscriptionId, events::EventType};

use crate::{clock::Moment, model::Timer};

/// The maximum memory of pending webhooks, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// The maximum number of dropped webhooks that are kept until they are logged.
const MAX_DROPPED: usize = 1_000;

/// Work that is due at a moment.
#[derive(Debug)]
pub(crate) enum Action {
    /// A timer of the store.
    Change(Timer),
    /// An attempt to deliver a webhook.
    Deliver(Attempt),
}

/// One attempt to deliver an event to a subscription.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) subscription_id: WebhookSubscriptionId,
    pub(crate) event_id: EventId,
    pub(crate) event_type: EventType,
    pub(crate) body: Bytes,
    /// The number of the attempt, from 1.
    pub(crate) number: u32,
    /// When the first attempt was due.
    pub(crate) first: Moment,
    /// The waits between the attempts so far, before they are scaled.
    pub(crate) waited: Duration,
    pub(crate) due: Moment,
    /// Whether faults are still to be applied to it.
    pub(crate) is_new: bool,
    /// The chat it happened in.
    pub(crate) chat_id: Option<ChatId>,
}

impl Attempt {
    /// Returns the approximate size in memory, in bytes.
    pub(crate) fn size(&self) -> usize {
        size_of::<Self>() + self.body.len()
    }

    pub(crate) fn without_body(&self) -> Self {
        Self { body: Bytes::new(), ..self.clone() }
    }

    /// Returns `true` if both are the same attempt for the same subscription.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.number, &self.event_id, &self.subscription_id)
            == (other.number, &other.event_id, &other.subscription_id)
    }
}

/// The pending work in order of time. Work that is due at the same moment keeps the order in which it was pushed.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: BinaryHeap<Reverse<Entry>>,
    pushed: u64,
    /// Webhooks that are due and wait for a free slot.
    ready: VecDeque<Attempt>,
    /// Webhooks that are being delivered, without their bodies.
    under_way: Vec<Attempt>,
    /// The memory of all pending webhooks, in bytes.
    bytes: usize,
    /// Webhooks that were dropped because the queue is full.
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

    /// Puts a popped webhook back.
    pub(crate) fn postpone(&mut self, due: Moment, attempt: Attempt) {
        self.insert(due, Action::Deliver(attempt));
    }

    /// Makes these actions due now; their order is kept.
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

    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<Action> {
        self.entries.peek().filter(|Reverse(entry)| entry.due <= now)?;
        self.entries.pop().map(|Reverse(entry)| entry.action)
    }

    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.entries.peek().map(|Reverse(entry)| entry.due)
    }

    /// Appends a webhook that is due.
    pub(crate) fn enqueue(&mut self, attempt: Attempt) {
        self.ready.push_back(attempt);
    }

    /// Returns the webhooks that were dropped since the last call, without their bodies.
    pub(crate) fn take_dropped(&mut self) -> Vec<Attempt> {
        mem::take(&mut self.dropped)
    }

    /// Returns the webhooks to deliver now, if at most `most` may be in progress. Each one must be
    /// [finished](Self::finish).
    pub(crate) fn depart(&mut self, most: usize) -> Vec<Attempt> {
        let count = most.saturating_sub(self.under_way.len()).min(self.ready.len());
        let departing: Vec<_> = self.ready.drain(..count).collect();
        self.under_way.extend(departing.iter().map(Attempt::without_body));
        departing
    }

    /// Removes an attempt that has ended.
    pub(crate) fn finish(&mut self, attempt: &Attempt) {
        if let Some(at) = self.under_way.iter().position(|other| other.is_same(attempt)) {
            self.under_way.remove(at);
        }
        self.bytes = self.bytes.saturating_sub(attempt.size());
    }

    /// Returns `true` if nothing is due and no webhook is being delivered.
    pub(crate) fn is_settled(&self, now: Moment) -> bool {
        self.under_way.is_empty() && self.ready.is_empty() && self.next_due().is_none_or(|due| due > now)
    }

    /// Returns the pending and current attempts, and when they are due.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = (&Attempt, Moment)> {
        let ready = self.under_way.iter().chain(&self.ready).map(|attempt| (attempt, attempt.due));
        let to_come = self.entries.iter().filter_map(|Reverse(entry)| match &entry.action {
            Action::Deliver(attempt) => Some((attempt, entry.due)),
            _ => None,
        });
        ready.chain(to_come)
    }

    /// Returns an empty queue that still waits for the deliveries in progress.
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

#[cfg(test)]
mod tests {
    use linq_types::messages::DeliveryStatus;

    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn what_is_due_comes_in_the_order_of_time_and_then_of_pushing() {
        let start = Clock::start(None, true).unwrap().now();
        let second = Duration::from_secs(1);
        let mut queue = Queue::default();
        for (after, name) in [(2, "c"), (1, "a"), (1, "b"), (9, "d")] {
            queue.push(
                start + second * after,
                Action::Change(Timer::Advance(name.into(), DeliveryStatus::Pending)),
            );
        }
        let mut names = Vec::new();
        while let Some(Action::Change(Timer::Advance(name, _))) = queue.pop_due(start + second * 2) {
            names.push(name.to_string());
        }
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(queue.next_due(), Some(start + second * 9));
    }

    #[test]
    fn webhooks_beyond_the_room_there_is_are_dropped_until_others_are_done() {
        let now = Clock::start(None, true).unwrap().now();
        let mut queue = Queue::default();
        let attempt = Attempt {
            subscription_id: "s".into(),
            event_id: "e".into(),
            event_type: EventType::MessageSent,
            body: Bytes::from_static(&[b'a'; 1024 * 1024]),
            number: 1,
            first: now,
            waited: Duration::ZERO,
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
            queue.enqueue(attempt);
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
