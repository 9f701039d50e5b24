use std::time::Duration;

use linq_durable::{
    Claim, Enqueued, Inbox, Item, ItemState, Lease, MemoryStore, NewItem, QueueName, Retention, Settled,
    Settlement, Sleep, Stats, Store, StoreFuture,
};
use linq_webhooks::block_on;

use super::{bot::Bot, delivery::event};

const MS: Duration = Duration::from_millis(1);

/// A store whose claims take effect at once, and whose response to the first one is late.
#[derive(Debug)]
struct SlowClaims {
    inner: MemoryStore,
    delay: Duration,
}

impl Store for SlowClaims {
    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        let (claims, sleep) = (self.inner.claim(queue, limit, lease), self.inner.sleep(self.delay));
        Box::pin(async move {
            let claims = claims.await?;
            if claims.iter().any(|claim| claim.item.sequence == 1 && claim.item.attempts == 1) {
                sleep.await;
            }
            Ok(claims)
        })
    }

    fn enqueue(&self, queue: &QueueName, item: NewItem) -> StoreFuture<Enqueued> {
        self.inner.enqueue(queue, item)
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        self.inner.extend(queue, lease, duration)
    }

    fn gather(&self, queue: &QueueName, lease: &Lease, limit: usize) -> StoreFuture<Vec<Item>> {
        self.inner.gather(queue, lease, limit)
    }

    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled> {
        self.inner.settle(queue, lease, settlement)
    }

    fn has_newer(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.inner.has_newer(queue, id)
    }

    fn list(&self, queue: &QueueName, state: ItemState, after: u64, limit: usize) -> StoreFuture<Vec<Item>> {
        self.inner.list(queue, state, after, limit)
    }

    fn find(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<(ItemState, Item)>> {
        self.inner.find(queue, id)
    }

    fn revive(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.inner.revive(queue, id)
    }

    fn discard(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.inner.discard(queue, id)
    }

    fn stats(&self, queue: &QueueName) -> StoreFuture<Stats> {
        self.inner.stats(queue)
    }

    fn sweep(&self, queue: &QueueName, retention: &Retention, limit: usize) -> StoreFuture<u64> {
        self.inner.sweep(queue, retention, limit)
    }

    fn wait(&self, queue: &QueueName, at_most: Duration) -> Sleep {
        self.inner.wait(queue, at_most)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.inner.sleep(duration)
    }
}

#[test]
fn an_event_whose_claim_took_as_long_as_the_lease_is_left_to_the_process_that_has_it() {
    let (inner, late, prompt) = (MemoryStore::new(), Bot::default(), Bot::default());
    let slow = Inbox::new(SlowClaims { inner: inner.clone(), delay: 1_500 * MS });
    let inbox = Inbox::new(inner.clone());
    block_on(inbox.enqueue(&event("a1", "a"))).unwrap();

    let slow_worker = slow.worker(late.clone()).lease(1_000 * MS);
    let late_process = std::thread::spawn({
        let inner = inner.clone();
        move || block_on(slow_worker.run_until(inner.sleep(2_000 * MS)))
    });
    block_on(inbox.worker(prompt.clone()).run_until(inner.sleep(1_300 * MS)));
    late_process.join().unwrap();
    assert_eq!((prompt.handled(), late.log()), (vec!["a1".to_owned()], vec![]));
}
