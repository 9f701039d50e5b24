//! All timed work, in one queue ordered by time and driven by the one clock.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    sync::Arc,
};

use linq_types::{MessageId, PaymentRequestId};
use tokio::task::JoinSet;

use crate::{
    clock::Moment,
    delivery::{Attempt, Courier},
    shared::Shared,
};

/// Something to do at a moment.
#[derive(Debug)]
pub(crate) enum Action {
    /// The next step of a message on its way.
    Advance(MessageId),
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
}

#[derive(Debug)]
struct Entry {
    due: Moment,
    number: u64,
    action: Action,
}

impl Queue {
    pub(crate) fn push(&mut self, due: Moment, action: Action) {
        self.pushed += 1;
        self.entries.push(Reverse(Entry { due, number: self.pushed, action }));
    }

    fn pop_due(&mut self, now: Moment) -> Option<Action> {
        self.entries.peek().filter(|Reverse(entry)| entry.due <= now)?;
        self.entries.pop().map(|Reverse(entry)| entry.action)
    }

    fn next_due(&self) -> Option<Moment> {
        self.entries.peek().map(|Reverse(entry)| entry.due)
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
    let mut deliveries = JoinSet::new();
    loop {
        let (attempts, next_due) = shared.run_due(|store, now| {
            let mut attempts = Vec::new();
            while let Some(action) = store.queue.pop_due(now) {
                match action {
                    Action::Advance(message_id) => store.advance(now, &message_id),
                    Action::ExpirePaymentRequest(id) => store.expire_payment_request(now, &id),
                    Action::Deliver(attempt) => attempts.push(attempt),
                }
            }
            (attempts, store.queue.next_due())
        });
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

async fn until(shared: &Shared, due: Option<Moment>) {
    match due {
        Some(due) => shared.clock.sleep_until(due).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn what_is_due_comes_in_the_order_of_time_and_then_of_pushing() {
        let start = Clock::start().now();
        let second = Duration::from_secs(1);
        let mut queue = Queue::default();
        for (after, name) in [(2, "c"), (1, "a"), (1, "b"), (9, "d")] {
            queue.push(start + second * after, Action::Advance(name.into()));
        }
        let mut names = Vec::new();
        while let Some(Action::Advance(name)) = queue.pop_due(start + second * 2) {
            names.push(name.to_string());
        }
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(queue.next_due(), Some(start + second * 9));
    }
}
