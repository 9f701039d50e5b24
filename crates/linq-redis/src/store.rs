use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use linq_durable::{
    Claim, Enqueued, Item, ItemState, Lease, NewItem, QueueName, Retention, Settled, Settlement, Signal,
    Sleep, Stats, StoreFuture, Timer,
};
use redis::{FromRedisValue, Script};
use tokio::sync::watch;

use crate::{
    Config,
    call::Call,
    driver::State,
    rows::{self, ClaimRow, ItemRow},
    scripts,
    values::{limit, micros},
};

/// A durable store on a Redis or Valkey server.
///
/// Clones share the connection. A worker sees at once what this process enqueued, and within half a second what another one
/// did.
#[derive(Clone)]
pub struct Store {
    state: watch::Receiver<State>,
    prefix: Arc<str>,
    changed: Signal,
    timer: Timer,
    /// How far the clock of the store is ahead of the server's, in microseconds.
    ahead: Arc<AtomicU64>,
}

impl Store {
    pub(crate) fn new(state: watch::Receiver<State>, config: &Config) -> Self {
        Self {
            state,
            prefix: config.prefix().into(),
            changed: Signal::default(),
            timer: Timer::new(),
            ahead: Arc::default(),
        }
    }

    pub(crate) fn call(&self, script: &'static Script, queue: &str) -> Call {
        let ahead = self.ahead.load(Ordering::Relaxed);
        Call::new(script, &self.prefix, self.state.clone()).arg(queue).arg(ahead)
    }

    /// Runs an operation, and then tells those who wait that an item may be due.
    fn change<T, U>(&self, call: Call, convert: fn(T) -> U) -> StoreFuture<U>
    where
        T: FromRedisValue + Send + 'static,
        U: 'static,
    {
        let changed = self.changed.clone();
        Box::pin(async move {
            let result = call.run().await;
            changed.notify();
            result.map(convert)
        })
    }
}

impl linq_durable::Store for Store {
    fn enqueue(&self, queue: &QueueName, item: NewItem) -> StoreFuture<Enqueued> {
        let NewItem { id, key, kind, body, delay, .. } = item;
        let call = self
            .call(&scripts::ENQUEUE, queue.as_str())
            .arg(u8::from(id.is_some()))
            .arg(id.unwrap_or_default())
            .arg(u8::from(key.is_some()))
            .arg(key.unwrap_or_default())
            .arg(kind)
            .arg(&body[..])
            .arg(micros(delay));
        self.change(call, |is_new| if is_new { Enqueued::New } else { Enqueued::Duplicate })
    }

    fn claim(&self, queue: &QueueName, most: usize, lease: Duration) -> StoreFuture<Vec<Claim>> {
        let call = self.call(&scripts::CLAIM, queue.as_str()).arg(limit(most)).arg(micros(lease));
        read(call, |claims: Vec<ClaimRow>| claims.into_iter().map(rows::claim).collect())
    }

    fn extend(&self, queue: &QueueName, lease: &Lease, duration: Duration) -> StoreFuture<Settled> {
        let call = self.call(&scripts::EXTEND, queue.as_str());
        read(call.arg(&lease.key).arg(lease.token).arg(micros(duration)), settled)
    }

    fn gather(&self, queue: &QueueName, lease: &Lease, most: usize) -> StoreFuture<Vec<Item>> {
        let call = self.call(&scripts::GATHER, queue.as_str());
        read(call.arg(&lease.key).arg(lease.token).arg(limit(most)), items)
    }

    fn settle(&self, queue: &QueueName, lease: &Lease, settlement: Settlement) -> StoreFuture<Settled> {
        let (what, delay, error) = match settlement {
            Settlement::Complete => ("complete", Duration::ZERO, String::new()),
            Settlement::DeadLetter { error, .. } => ("dead", Duration::ZERO, error),
            Settlement::Retry { delay, error, .. } => ("retry", delay, error),
            Settlement::Postpone { delay, .. } => ("release", delay, String::new()),
            // A release, or a settlement that this version does not know: nothing happened to the item.
            _ => ("release", Duration::ZERO, String::new()),
        };
        let call = self
            .call(&scripts::SETTLE, queue.as_str())
            .arg(&lease.key)
            .arg(lease.token)
            .arg(lease.last_sequence)
            .arg(what)
            .arg(micros(delay))
            .arg(error);
        self.change(call, settled)
    }

    fn has_newer(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        read(self.call(&scripts::HAS_NEWER, queue.as_str()).arg(id), |has_newer| has_newer)
    }

    fn list(&self, queue: &QueueName, state: ItemState, after: u64, most: usize) -> StoreFuture<Vec<Item>> {
        let set = match state {
            ItemState::Dead => "letters",
            _ => "order",
        };
        read(self.call(&scripts::LIST, queue.as_str()).arg(set).arg(after).arg(limit(most)), items)
    }

    fn find(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<(ItemState, Item)>> {
        let call = self.call(&scripts::FIND, queue.as_str()).arg(id);
        read(call, |found: Option<(bool, ItemRow)>| {
            found.map(|(is_dead, row)| {
                (if is_dead { ItemState::Dead } else { ItemState::Waiting }, rows::item(row))
            })
        })
    }

    fn revive(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        self.change(self.call(&scripts::REVIVE, queue.as_str()).arg(id), |is_revived| is_revived)
    }

    fn discard(&self, queue: &QueueName, id: &str) -> StoreFuture<bool> {
        read(self.call(&scripts::DISCARD, queue.as_str()).arg(id), |is_discarded| is_discarded)
    }

    fn stats(&self, queue: &QueueName) -> StoreFuture<Stats> {
        read(self.call(&scripts::STATS, queue.as_str()), |(waiting, leased, dead, oldest)| {
            Stats::new(waiting, leased, dead, Option::map(oldest, rows::timestamp))
        })
    }

    fn sweep(&self, queue: &QueueName, retention: &Retention, most: usize) -> StoreFuture<u64> {
        let call = self
            .call(&scripts::SWEEP, queue.as_str())
            .arg(micros(retention.ids))
            .arg(micros(retention.dead_letters))
            .arg(micros(retention.records))
            .arg(limit(most));
        read(call, |swept| swept)
    }

    fn wait(&self, queue: &QueueName, at_most: Duration) -> Sleep {
        let changed = self.changed.next();
        let until_due = self.call(&scripts::UNTIL_DUE, queue.as_str());
        let until_due = read(until_due, |micros: Option<u64>| micros.map(Duration::from_micros));
        Box::pin(changed.or_due(until_due, self.timer.clone(), at_most))
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.timer.sleep(duration)
    }
}

/// Runs an operation that makes no item due.
pub(crate) fn read<T, U>(call: Call, convert: fn(T) -> U) -> StoreFuture<U>
where
    T: FromRedisValue + Send + 'static,
    U: 'static,
{
    Box::pin(async move { call.run().await.map(convert) })
}

fn settled(is_held: bool) -> Settled {
    if is_held { Settled::Held } else { Settled::Lost }
}

fn items(found: Vec<ItemRow>) -> Vec<Item> {
    found.into_iter().map(rows::item).collect()
}

#[cfg(feature = "testing")]
impl linq_durable::testing::TestStore for Store {
    fn advance(&self, duration: Duration) -> Sleep {
        self.ahead.fetch_add(micros(duration), Ordering::Relaxed);
        self.changed.notify();
        Box::pin(std::future::ready(()))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
