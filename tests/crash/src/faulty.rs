use std::{future::ready, str::FromStr, sync::Arc, time::Duration};

use anyhow::bail;
use linq_durable::{
    Claim, Enqueued, Item, ItemState, Lease, NewItem, QueueName, Retention, Settled, Settlement, Sleep,
    Stats, Store, StoreFuture,
};

/// A store that breaks one promise.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Arc<dyn Store>,
    fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Items have no ordering key.
    Unordered,
    /// Leases end at once.
    NoLease,
    /// Some items are accepted and never stored.
    Forgetful,
    /// Items are accepted before they are stored.
    Early,
}

impl FromStr for Fault {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        Ok(match text {
            "unordered" => Self::Unordered,
            "no-lease" => Self::NoLease,
            "forgetful" => Self::Forgetful,
            "early" => Self::Early,
            _ => bail!("unknown fault; expected unordered, no-lease, forgetful or early"),
        })
    }
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Store>, fault: Fault) -> Self {
        Self { inner, fault }
    }
}

fn is_one_in_seven(item: &NewItem) -> bool {
    item.id.iter().flat_map(|id| id.bytes()).map(u32::from).sum::<u32>() % 7 == 0
}

impl Store for Faulty {
    fn enqueue(&self, queue: &QueueName, mut item: NewItem) -> StoreFuture<Enqueued> {
        match self.fault {
            Fault::Unordered => item.key = None,
            Fault::Forgetful if is_one_in_seven(&item) => return Box::pin(ready(Ok(Enqueued::New))),
            Fault::Early => {
                tokio::spawn(self.inner.enqueue(queue, item));
                return Box::pin(ready(Ok(Enqueued::New)));
            }
            Fault::Forgetful | Fault::NoLease => {}
        }
        self.inner.enqueue(queue, item)
    }

    fn claim(&self, queue: &QueueName, limit: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        let lease = if self.fault == Fault::NoLease { Duration::from_millis(1) } else { lease };
        self.inner.claim(queue, limit, lease)
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        self.inner.extend(queue, lease, duration)
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
