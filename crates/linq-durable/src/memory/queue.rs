use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    mem,
    time::Duration,
};

use linq_types::Timestamp;

use super::records::Records;
use crate::{Claim, Item, ItemState, Lease, NewItem, Retention, Settled, Settlement, Stats};

/// One queue. All times are since 1970.
#[derive(Default)]
pub(super) struct Queue {
    /// The ids of all items, with the time when those that are finished were.
    ids: HashMap<String, Option<Duration>>,
    /// The keys with items, each with at least one.
    keys: HashMap<String, Key>,
    /// When each key is due.
    due: BTreeSet<(Duration, String)>,
    /// By sequence number, with the time of death.
    dead: BTreeMap<u64, (Duration, Item)>,
    /// The number of items of all keys.
    waiting: usize,
    records: Records,
}

struct Key {
    items: VecDeque<Waiting>,
    /// When the first item may be claimed: for a leased key when the lease ends.
    due: Duration,
    token: Option<u64>,
}

struct Waiting {
    item: Item,
    due: Duration,
}

impl Queue {
    pub(super) fn is_known(&self, id: &str) -> bool {
        self.ids.contains_key(id)
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    pub(super) fn push(&mut self, sequence: u64, item: NewItem, now: Duration) {
        let due = now.saturating_add(item.delay);
        let item = Item::new(sequence, item, timestamp(now));
        self.ids.insert(item.id.clone(), None);
        self.append(Waiting { item, due });
    }

    fn append(&mut self, waiting: Waiting) {
        self.waiting += 1;
        let name = waiting.item.key.clone();
        if let Some(key) = self.keys.get_mut(&name) {
            key.items.push_back(waiting);
            return;
        }
        self.due.insert((waiting.due, name.clone()));
        let key = Key { due: waiting.due, token: None, items: VecDeque::from([waiting]) };
        self.keys.insert(name, key);
    }

    pub(super) fn claim(
        &mut self,
        limit: usize,
        now: Duration,
        lease: Duration,
        mut next_token: impl FnMut() -> u64,
    ) -> Vec<Claim> {
        let names: Vec<_> = self
            .due
            .iter()
            .take_while(|(due, _)| *due <= now)
            .take(limit)
            .map(|(_, name)| name.clone())
            .collect();
        let mut claims = Vec::new();
        for name in names {
            let token = next_token();
            self.reschedule(&name, now.saturating_add(lease), Some(token));
            if let Some(first) = self.keys.get_mut(&name).and_then(|key| key.items.front_mut()) {
                first.item.attempts = first.item.attempts.saturating_add(1);
                let age = now.saturating_sub(since_1970(first.item.received_at));
                claims.push(Claim::new(first.item.clone(), token, age));
            }
        }
        claims
    }

    pub(super) fn extend(&mut self, lease: &Lease, now: Duration, duration: Duration) -> Settled {
        if !self.is_held(lease) {
            return Settled::Lost;
        }
        self.reschedule(&lease.key, now.saturating_add(duration), Some(lease.token));
        Settled::Held
    }

    pub(super) fn gather(&mut self, lease: &Lease, limit: usize) -> Vec<Item> {
        if !self.is_held(lease) {
            return Vec::new();
        }
        let Some(key) = self.keys.get_mut(&lease.key) else { return Vec::new() };
        let is_again = key.items.front().is_some_and(|first| first.item.attempts > 1);
        let behind = key.items.iter_mut().skip(1).take(limit);
        behind
            .map(|waiting| &mut waiting.item)
            .take_while(|item| !is_again || item.attempts > 0)
            .map(|item| {
                item.attempts = item.attempts.saturating_add(1);
                item.clone()
            })
            .collect()
    }

    pub(super) fn settle(&mut self, lease: &Lease, settlement: &Settlement, now: Duration) -> Settled {
        if !self.is_held(lease) {
            return Settled::Lost;
        }
        let Some(key) = self.keys.get_mut(&lease.key) else { return Settled::Lost };
        let burst =
            key.items.iter().take_while(|waiting| waiting.item.sequence <= lease.last_sequence).count();
        match settlement {
            Settlement::Complete => {
                self.waiting -= burst;
                self.ids.extend(key.items.drain(..burst).map(|done| (done.item.id, Some(now))));
            }
            Settlement::DeadLetter { error } => {
                self.waiting -= burst;
                for Waiting { mut item, .. } in key.items.drain(..burst) {
                    item.last_error = Some(error.clone());
                    self.ids.insert(item.id.clone(), Some(now));
                    self.dead.insert(item.sequence, (now, item));
                }
            }
            Settlement::Retry { delay, error } => {
                for waiting in key.items.iter_mut().take(burst) {
                    waiting.item.last_error = Some(error.clone());
                    waiting.due = now.saturating_add(*delay);
                }
            }
            Settlement::Release => put_back(key.items.iter_mut().take(burst), now),
            Settlement::Postpone { delay } => {
                put_back(key.items.iter_mut().take(burst), now.saturating_add(*delay));
            }
        }
        match key.items.front().map(|first| first.due) {
            Some(due) => self.reschedule(&lease.key, due, None),
            None => self.remove(&lease.key),
        }
        Settled::Held
    }

    /// A lease that ended is held as long as nobody else claimed the key.
    fn is_held(&self, lease: &Lease) -> bool {
        self.keys.get(&lease.key).is_some_and(|key| key.token == Some(lease.token))
    }

    fn reschedule(&mut self, name: &str, due: Duration, token: Option<u64>) {
        let Some(key) = self.keys.get_mut(name) else { return };
        let before = mem::replace(&mut key.due, due);
        key.token = token;
        self.due.remove(&(before, name.to_owned()));
        self.due.insert((due, name.to_owned()));
    }

    fn remove(&mut self, name: &str) {
        if let Some(key) = self.keys.remove(name) {
            self.due.remove(&(key.due, name.to_owned()));
        }
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        self.due.first().map(|(due, _)| *due)
    }

    pub(super) fn has_newer(&self, id: &str) -> bool {
        self.keys.values().any(|key| {
            key.items
                .iter()
                .position(|waiting| waiting.item.id == id)
                .is_some_and(|at| at + 1 < key.items.len())
        })
    }

    pub(super) fn records(&self) -> &Records {
        &self.records
    }

    pub(super) fn records_mut(&mut self) -> &mut Records {
        &mut self.records
    }

    pub(super) fn list(&self, state: ItemState, after: u64, limit: usize) -> Vec<Item> {
        let mut items: Vec<_> = match state {
            ItemState::Dead => self.dead.values().map(|(_, item)| item).collect(),
            ItemState::Waiting => {
                self.keys.values().flat_map(|key| &key.items).map(|waiting| &waiting.item).collect()
            }
        };
        items.retain(|item| item.sequence > after);
        items.sort_by_key(|item| item.sequence);
        items.into_iter().take(limit).cloned().collect()
    }

    pub(super) fn find(&self, id: &str) -> Option<(ItemState, Item)> {
        let mut waiting = self.keys.values().flat_map(|key| &key.items).map(|waiting| &waiting.item);
        let mut dead = self.dead.values().map(|(_, item)| item);
        let find = |item: &&Item| item.id == id;
        let waiting = waiting.find(find).map(|item| (ItemState::Waiting, item.clone()));
        waiting.or_else(|| dead.find(find).map(|item| (ItemState::Dead, item.clone())))
    }

    pub(super) fn revive(&mut self, id: &str, sequence: u64, now: Duration) -> bool {
        let Some(mut item) = self.take_dead(id) else { return false };
        (item.sequence, item.attempts) = (sequence, 0);
        self.ids.insert(item.id.clone(), None);
        self.append(Waiting { item, due: now });
        true
    }

    pub(super) fn discard(&mut self, id: &str) -> bool {
        self.take_dead(id).is_some()
    }

    fn take_dead(&mut self, id: &str) -> Option<Item> {
        let sequence =
            self.dead.iter().find(|(_, (_, item))| item.id == id).map(|(sequence, _)| *sequence)?;
        self.dead.remove(&sequence).map(|(_, item)| item)
    }

    pub(super) fn stats(&self, now: Duration) -> Stats {
        let oldest =
            self.keys.values().filter_map(|key| key.items.front()).min_by_key(|first| first.item.sequence);
        Stats {
            waiting: self.waiting as u64,
            leased: self.keys.values().filter(|key| key.token.is_some() && key.due > now).count() as u64,
            dead: self.dead.len() as u64,
            oldest: oldest.map(|first| first.item.received_at),
        }
    }

    pub(super) fn sweep(&mut self, retention: &Retention, limit: usize, now: Duration) -> u64 {
        let is_old = |at: Duration, keep: Duration| now.saturating_sub(at) > keep;
        let dead: Vec<_> = self
            .dead
            .iter()
            .filter(|(_, (at, _))| is_old(*at, retention.dead_letters))
            .map(|(at, _)| *at)
            .take(limit)
            .collect();
        for sequence in &dead {
            self.dead.remove(sequence);
        }
        let dead_ids: Vec<_> = self.dead.values().map(|(_, item)| item.id.clone()).collect();
        let ids: Vec<_> = self
            .ids
            .iter()
            .filter(|(id, at)| at.is_some_and(|at| is_old(at, retention.ids)) && !dead_ids.contains(id))
            .map(|(id, _)| id.clone())
            .take(limit)
            .collect();
        for id in &ids {
            self.ids.remove(id);
        }
        let waits = |id: &str| matches!(self.ids.get(id), Some(None));
        let records = self.records.sweep(|id, at| is_old(at, retention.records) && !waits(id), limit);
        (dead.len() + ids.len() + records) as u64
    }
}

/// Takes the attempt back.
fn put_back<'w>(burst: impl Iterator<Item = &'w mut Waiting>, due: Duration) {
    for waiting in burst {
        waiting.item.attempts = waiting.item.attempts.saturating_sub(1);
        waiting.due = due;
    }
}

pub(super) fn timestamp(since_1970: Duration) -> Timestamp {
    i64::try_from(since_1970.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_unix(seconds, since_1970.subsec_nanos()).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

fn since_1970(time: Timestamp) -> Duration {
    Duration::new(u64::try_from(time.unix_seconds()).unwrap_or_default(), time.subsec_nanoseconds())
}
