use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::bail;
use linq_durable::{
    Claim, Enqueued, Item, ItemState, Lease, Ledger, NewItem, NewRecord, QueueName, Record, Retention,
    Settled, Settlement, Sleep, Stats, Store, StoreFuture,
};
use linq_types::PaceLimit;

use crate::unfenced::Unfenced;

/// Longer than workers wait for anything but the end of a lease of a second, or a store that fails.
const LONG: Duration = Duration::from_millis(500);

/// A store that breaks one promise.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Arc<dyn Ledger>,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    /// Items have no ordering key.
    Unordered,
    /// Leases end at once.
    NoLease,
    /// Workers do not notice by their own clock that a lease has ended.
    LateWorkers,
    /// The same, and a lease that was lost is held.
    NoFence(Unfenced),
    /// Some items are accepted and never stored.
    Forgetful,
    /// Items are accepted before they are stored.
    Early,
    /// Each attempt of a send has another idempotency key.
    NewKeys(AtomicU32),
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Ledger>, address: &str, fault: &str) -> anyhow::Result<Self> {
        let fault = match fault {
            "unordered" => Fault::Unordered,
            "no-lease" => Fault::NoLease,
            "late-workers" => Fault::LateWorkers,
            "no-fence" => Fault::NoFence(Unfenced::open(address)?),
            "forgetful" => Fault::Forgetful,
            "early" => Fault::Early,
            "new-keys" => Fault::NewKeys(AtomicU32::new(0)),
            _ => {
                bail!(
                    "unknown fault; expected unordered, no-lease, late-workers, no-fence, forgetful, early or new-keys"
                )
            }
        };
        Ok(Self { inner, fault })
    }

    /// Removes the fence.
    fn hold(&self, queue: &QueueName, lease: &Lease) {
        if let Fault::NoFence(unfenced) = &self.fault {
            unfenced.hold(queue, lease);
        }
    }
}

fn is_one_in_seven(item: &NewItem) -> bool {
    item.id.iter().flat_map(|id| id.bytes()).map(u32::from).sum::<u32>() % 7 == 0
}

/// Replaces the idempotency key of a send, which is the id of its item.
fn replace_key(claim: &mut Claim, number: u32) {
    let body = String::from_utf8_lossy(&claim.item.body);
    let key = format!("{}-{}-{number}", claim.item.id, std::process::id());
    claim.item.body = body.replace(&claim.item.id, &key).into();
}

impl Store for Faulty {
    fn enqueue(&self, queue: &QueueName, mut item: NewItem) -> StoreFuture<Enqueued> {
        match &self.fault {
            Fault::Unordered => item.key = None,
            Fault::Forgetful if is_one_in_seven(&item) => return Box::pin(ready(Ok(Enqueued::New))),
            Fault::Early => {
                tokio::spawn(self.inner.enqueue(queue, item));
                return Box::pin(ready(Ok(Enqueued::New)));
            }
            _ => {}
        }
        self.inner.enqueue(queue, item)
    }

    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        match &self.fault {
            Fault::NoLease => self.inner.claim(queue, limit, Duration::from_millis(1)),
            Fault::NewKeys(attempts) if queue.as_str() == "outbox" => {
                let number = attempts.fetch_add(1, Ordering::Relaxed);
                let claims = self.inner.claim(queue, limit, lease);
                Box::pin(async move {
                    let mut claims = claims.await?;
                    claims.iter_mut().for_each(|claim| replace_key(claim, number));
                    Ok(claims)
                })
            }
            _ => self.inner.claim(queue, limit, lease),
        }
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        self.hold(queue, lease);
        self.inner.extend(queue, lease, duration)
    }

    fn gather(&self, queue: &QueueName, lease: &Lease, limit: usize) -> StoreFuture<Vec<Item>> {
        self.inner.gather(queue, lease, limit)
    }

    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled> {
        self.hold(queue, lease);
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
        let is_late = matches!(self.fault, Fault::LateWorkers | Fault::NoFence(_));
        let delay = if is_late && duration > LONG { Duration::from_secs(10) } else { Duration::ZERO };
        self.inner.sleep(duration + delay)
    }
}

impl Ledger for Faulty {
    fn record(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<Record>> {
        self.inner.record(queue, id)
    }

    fn put_record(&self, queue: &QueueName, record: NewRecord, expected: u64) -> StoreFuture<bool> {
        self.inner.put_record(queue, record, expected)
    }

    fn records(
        &self,
        queue: &QueueName,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> StoreFuture<Vec<Record>> {
        self.inner.records(queue, state, after, limit)
    }

    fn pace(&self, limits: Vec<PaceLimit>) -> StoreFuture<Option<Duration>> {
        self.inner.pace(limits)
    }
}
