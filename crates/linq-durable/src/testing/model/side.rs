use std::{collections::HashSet, time::Duration};

use linq_types::{PaceLimit, Rate, Timestamp};

use super::operation::{LIMITS, Operation, STEP, Settle};
use crate::{
    Claim, Item, ItemState, Lease, NewItem, NewRecord, QueueName, Record, Retention, Settlement, StoreError,
    testing::TestStore,
};

/// One of the two stores, with what differs between them: tokens, sequence numbers and times.
pub(super) struct Side<'s> {
    store: &'s dyn TestStore,
    name: &'s str,
    leases: Vec<(QueueName, Lease)>,
    tokens: HashSet<u64>,
    items: Positions,
    records: Positions,
    /// The first time that was seen.
    epoch: Option<Timestamp>,
}

impl<'s> Side<'s> {
    pub(super) fn new(store: &'s dyn TestStore, name: &'s str) -> Self {
        Self {
            store,
            name,
            leases: Vec::new(),
            tokens: HashSet::new(),
            items: Positions::default(),
            records: Positions::default(),
            epoch: None,
        }
    }

    /// Returns a description of the result, which is the same for all stores.
    pub(super) async fn run(&mut self, operation: &Operation, number: usize) -> String {
        match self.try_run(operation, number).await {
            Ok(result) => result,
            Err(error) => format!("{:?}: {error}", error.kind()),
        }
    }

    async fn try_run(&mut self, operation: &Operation, number: usize) -> Result<String, StoreError> {
        match operation {
            Operation::Enqueue { queue, id, key, delay } => {
                let mut item = NewItem::new("kind", format!("body {number}")).key(name(*key)).delay(*delay);
                item.id = id.map(name);
                Ok(format!("{:?}", self.store.enqueue(&self.queue(*queue), item).await?))
            }
            Operation::Claim { queue, limit, duration } => {
                let queue = self.queue(*queue);
                let mut claims = self.store.claim(&queue, *limit, *duration).await?;
                claims.sort_by_key(|claim| claim.item.sequence);
                Ok(claims.into_iter().map(|claim| self.claim(&queue, claim)).collect())
            }
            Operation::Gather { lease, limit } => {
                let Some(at) = self.lease(*lease) else { return Ok(String::new()) };
                let (queue, lease) = &self.leases[at];
                let burst = self.store.gather(queue, lease, *limit).await?;
                if let Some(last) = burst.last() {
                    self.leases[at].1 = lease.up_to(last);
                }
                Ok(burst.iter().map(|item| self.item(item)).collect())
            }
            Operation::Extend { lease, duration } => {
                let Some(at) = self.lease(*lease) else { return Ok(String::new()) };
                let (queue, lease) = &self.leases[at];
                Ok(format!("{:?}", self.store.extend(queue, lease, *duration).await?))
            }
            Operation::Settle { lease, settlement } => {
                let Some(at) = self.lease(*lease) else { return Ok(String::new()) };
                let (queue, lease) = &self.leases[at];
                let settlement = match settlement {
                    Settle::Complete => Settlement::Complete,
                    Settle::Retry(delay) => Settlement::retry(*delay, format!("error {number}")),
                    Settle::DeadLetter => Settlement::dead_letter(format!("error {number}")),
                    Settle::Release => Settlement::Release,
                    Settle::Postpone(delay) => Settlement::postpone(*delay),
                };
                Ok(format!("{:?}", self.store.settle(queue, lease, settlement).await?))
            }
            Operation::HasNewer { queue, id } => {
                Ok(format!("{}", self.store.has_newer(&self.queue(*queue), &name(*id)).await?))
            }
            Operation::List { queue, state, after, limit } => {
                let after = self.items.recent(*after);
                let items = self.store.list(&self.queue(*queue), *state, after, *limit).await?;
                Ok(items.iter().map(|item| self.item(item)).collect())
            }
            Operation::Revive { queue, id } => {
                Ok(format!("{}", self.store.revive(&self.queue(*queue), &name(*id)).await?))
            }
            Operation::Discard { queue, id } => {
                Ok(format!("{}", self.store.discard(&self.queue(*queue), &name(*id)).await?))
            }
            Operation::Stats { queue } => self.stats(&self.queue(*queue)).await,
            Operation::Sweep { queue, ids, dead_letters, records } => {
                // Without a limit: which of the ids are deleted first is up to the store.
                let retention = Retention { ids: *ids, dead_letters: *dead_letters, records: *records };
                Ok(format!("{}", self.store.sweep(&self.queue(*queue), &retention, 1_000_000).await?))
            }
            Operation::Record { queue, id } => {
                let record = self.store.record(&self.queue(*queue), &name(*id)).await?;
                Ok(record.iter().map(|record| self.record(record)).collect())
            }
            Operation::PutRecord { queue, id, state, expected } => {
                let record = NewRecord::new(name(*id), name(*state), format!("body {number}"));
                Ok(format!("{}", self.store.put_record(&self.queue(*queue), record, *expected).await?))
            }
            Operation::Records { queue, state, after, limit } => {
                let after = self.records.recent(*after);
                let state = state.map(name);
                let queue = self.queue(*queue);
                let records = self.store.records(&queue, state.as_deref(), after, *limit).await?;
                Ok(records.iter().map(|record| self.record(record)).collect())
            }
            Operation::Pace { limits } => {
                let limits =
                    (0..LIMITS).filter(|limit| limits & (1 << limit) != 0).map(|limit| self.limit(limit));
                let wait = self.store.pace(limits.collect()).await?;
                Ok(format!("{:?}", wait.map(steps)))
            }
            Operation::Advance { by } => {
                self.store.advance(*by).await;
                Ok(String::new())
            }
        }
    }

    fn queue(&self, number: u32) -> QueueName {
        format!("{} {number}", self.name).as_str().into()
    }

    fn limit(&self, number: u32) -> PaceLimit {
        let rates = [
            Rate::new(3, STEP * 6).burst(1),
            Rate::new(4, STEP * 6).burst(2),
            Rate::new(5, STEP * 10).burst(3),
        ];
        PaceLimit::new(format!("{} {number}", self.name), rates[number as usize % rates.len()])
    }

    /// The lease that was claimed so many leases before the last one.
    fn lease(&self, recent: usize) -> Option<usize> {
        self.leases.len().checked_sub(recent + 1)
    }

    async fn stats(&self, queue: &QueueName) -> Result<String, StoreError> {
        let stats = self.store.stats(queue).await?;
        let first = self.store.list(queue, ItemState::Waiting, 0, 1).await?;
        let is_oldest = stats.oldest == first.first().map(|item| item.received_at);
        Ok(format!("{} {} {} {is_oldest}", stats.waiting, stats.leased, stats.dead))
    }

    fn claim(&mut self, queue: &QueueName, claim: Claim) -> String {
        let Claim { item, lease, age } = claim;
        let is_new = self.tokens.insert(lease.token);
        let is_of_item =
            (&lease.key, lease.sequence, lease.last_sequence) == (&item.key, item.sequence, item.sequence);
        self.leases.push((queue.clone(), lease));
        format!("{} {} {is_new} {is_of_item}; ", self.item(&item), steps(age))
    }

    fn item(&mut self, item: &Item) -> String {
        let position = self.items.of(item.sequence);
        let id = if item.id == format!("#{}", item.sequence) { "#" } else { &item.id };
        let received_at = self.since_epoch(item.received_at);
        let Item { key, kind, attempts, last_error, body, .. } = item;
        format!("[{position} {id} {key} {kind} {received_at} {attempts} {last_error:?} {body:?}]")
    }

    fn record(&mut self, record: &Record) -> String {
        let position = self.records.of(record.sequence);
        let (age, updated_at) = (steps(record.age), self.since_epoch(record.updated_at));
        let Record { id, state, body, version, .. } = record;
        format!("[{position} {id} {state} {body:?} {version} {updated_at} {age}]")
    }

    /// In steps of the clock.
    fn since_epoch(&mut self, time: Timestamp) -> i64 {
        let epoch = *self.epoch.get_or_insert(time);
        ((time.unix_seconds() - epoch.unix_seconds()) as f64 / STEP.as_secs_f64()).round() as i64
    }
}

fn name(number: u32) -> String {
    char::from_digit(number + 10, 36).into_iter().collect()
}

/// Rounds to steps of the clock.
fn steps(duration: Duration) -> u64 {
    (duration.as_secs_f64() / STEP.as_secs_f64()).round() as u64
}

/// The sequence numbers in the order in which they were seen first.
#[derive(Default)]
struct Positions(Vec<u64>);

impl Positions {
    fn of(&mut self, sequence: u64) -> usize {
        self.0.iter().position(|seen| *seen == sequence).unwrap_or_else(|| {
            self.0.push(sequence);
            self.0.len() - 1
        })
    }

    /// The sequence number that was seen so many before the last one, or 0.
    fn recent(&self, recent: usize) -> u64 {
        self.0.len().checked_sub(recent + 1).map_or(0, |at| self.0[at])
    }
}
