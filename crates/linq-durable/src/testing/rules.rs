//! The rules, each an async function with an empty store.

use std::{pin::Pin, time::Duration};

use super::TestStore;
use crate::{Claim, Enqueued, ItemState, Lease, NewItem, QueueName, Settled, Settlement, StoreError};

/// Fails the rule with a text unless both are equal.
macro_rules! ensure_eq {
    ($found:expr, $expected:expr, $($what:tt)+) => {
        match (&$found, &$expected) {
            (found, expected) if found != expected => {
                return Err(format!("{}: found {found:?}, expected {expected:?}", format_args!($($what)+)));
            }
            _ => {}
        }
    };
}

mod bursts;
mod items;
mod pace;
mod records;

type Check = for<'s> fn(&'s dyn TestStore) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 's>>;

pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) check: Check,
}

macro_rules! rules {
    ($($name:literal => $check:path,)+) => {
        pub(super) const RULES: &[Rule] = &[
            $(Rule { name: $name, check: |store| Box::pin($check(Queue::new(store))) },)+
        ];
    };
}

rules! {
    "an id that is known is a duplicate" => items::duplicates,
    "items without an id are never duplicates" => items::without_id,
    "items with the same key are claimed one at a time, in order" => items::order,
    "items with other keys are claimed side by side" => items::side_by_side,
    "what was due first is claimed first" => items::earliest_first,
    "an item is due after its delay" => items::delay,
    "an item that is retried blocks its key" => items::retry,
    "a dead letter does not block its key" => items::dead_letter,
    "a claim counts an attempt and a release does not" => items::attempts,
    "what is postponed is due after its delay, without an attempt" => items::postponing,
    "a lease that ended can be claimed again" => items::expiry,
    "an extended lease ends later" => items::extension,
    "a claim says how old its item is" => items::age,
    "an earlier lease changes nothing" => items::fencing,
    "fencing tokens are never used twice" => items::tokens,
    "what is done is remembered until it is swept" => items::retention,
    "dead letters can be revived" => items::revival,
    "dead letters can be discarded" => items::discarding,
    "lists are in order and in pages" => items::pages,
    "items are found by their ids" => items::finding,
    "stats count what waits, is leased and is dead" => items::stats,
    "a handler can see that a later item waits" => items::newer,
    "queues are separate" => items::queues,
    "a wait ends when an item is enqueued" => items::waiting,
    "a wait lasts at most as long as asked" => items::bounded_wait,
    "a burst is what waits behind the first item" => bursts::gathering,
    "a burst has the same items in every attempt" => bursts::stable_burst,
    "a burst is settled as a whole" => bursts::settling_bursts,
    "a burst that is put back can grow" => bursts::growing_burst,
    "a record is written if its version is the expected one" => records::versions,
    "records are listed in order, by state and in pages" => records::listing,
    "records are kept until they are swept, and while their items wait" => records::keeping,
    "a pace allows its burst and then one per interval" => pace::pacing,
    "a pace takes from all limits or from none" => pace::pacing_together,
}

const LEASE: Duration = Duration::from_secs(60);
const MOMENT: Duration = Duration::from_secs(1);

/// The queue that a rule works with.
#[derive(Clone)]
struct Queue<'s> {
    store: &'s dyn TestStore,
    name: QueueName,
}

impl<'s> Queue<'s> {
    fn new(store: &'s dyn TestStore) -> Self {
        Self { store, name: QueueName::from("rule") }
    }

    async fn enqueue(&self, id: &str, key: &str) -> Result<Enqueued, String> {
        self.add(NewItem::new("kind", format!("body of {id}")).id(id).key(key)).await
    }

    async fn add(&self, item: NewItem) -> Result<Enqueued, String> {
        self.store.enqueue(&self.name, item).await.map_err(failed)
    }

    async fn fill(&self, items: &[(&str, &str)]) -> Result<(), String> {
        for (id, key) in items {
            ensure_eq!(self.enqueue(id, key).await?, Enqueued::New, "enqueuing {id}");
        }
        Ok(())
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Claim>, String> {
        self.store.claim(&self.name, limit, LEASE).await.map_err(failed)
    }

    /// Claims the only item that can be claimed.
    async fn claim_only(&self, id: &str) -> Result<Claim, String> {
        let mut claims = self.claim(10).await?;
        ensure_eq!(ids(&claims), [id], "claimed");
        claims.pop().ok_or_else(String::new)
    }

    async fn settle(&self, lease: &Lease, settlement: Settlement) -> Result<Settled, String> {
        self.store.settle(&self.name, lease, settlement).await.map_err(failed)
    }

    /// Settles a lease that is held.
    async fn end(&self, claim: &Claim, settlement: Settlement) -> Result<(), String> {
        let settled = self.settle(&claim.lease, settlement).await?;
        ensure_eq!(settled, Settled::Held, "settling {}", claim.item.id);
        Ok(())
    }

    async fn list(&self, state: ItemState) -> Result<Vec<String>, String> {
        let items = self.store.list(&self.name, state, 0, 100).await.map_err(failed)?;
        Ok(items.into_iter().map(|item| item.id).collect())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
fn failed(error: StoreError) -> String {
    format!("operation failed: {error}")
}

fn ids(claims: &[Claim]) -> Vec<&str> {
    let mut ids: Vec<_> = claims.iter().map(|claim| claim.item.id.as_str()).collect();
    ids.sort_unstable();
    ids
}
