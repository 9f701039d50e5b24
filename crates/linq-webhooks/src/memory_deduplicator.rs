use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    error::Error,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use crate::{Claim, Deduplicator};

const DEFAULT_CAPACITY: usize = 10_000;
const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(60 * 60);

/// Remembers events in the memory of this process: 10,000 of them for one hour unless set otherwise.
///
/// An event counts as handled until the time limit is over, counted from its delivery, or until the capacity is
/// needed for a newer one: then the oldest goes first. What is in progress is never forgotten: if the whole
/// capacity is in progress, another event cannot be claimed. Memory does not grow with the length of ids.
///
/// It reads no clock: time is that of the deliveries. A restart forgets everything.
///
/// ```
/// use std::time::Duration;
///
/// use linq_webhooks::{EventHandler, MemoryDeduplicator, Receiver, Verifier};
///
/// fn receiver<H: EventHandler>(verifier: Verifier, handler: H) -> Receiver<H> {
///     let deduplicator =
///         MemoryDeduplicator::new().capacity(100_000).time_limit(Duration::from_secs(2 * 60 * 60));
///     Receiver::new(verifier, handler).deduplicator(deduplicator)
/// }
/// ```
#[derive(Debug)]
pub struct MemoryDeduplicator {
    capacity: usize,
    time_limit: Duration,
    memory: Mutex<Memory>,
}

impl MemoryDeduplicator {
    /// With room for 10,000 events, each for one hour.
    #[must_use]
    pub fn new() -> Self {
        Self { capacity: DEFAULT_CAPACITY, time_limit: DEFAULT_TIME_LIMIT, memory: Mutex::default() }
    }

    /// How many events are remembered: 10,000 unless set. With 0 no event can be claimed.
    #[must_use]
    pub fn capacity(mut self, events: usize) -> Self {
        self.capacity = events;
        self
    }

    /// How long an event is remembered, in whole seconds: one hour unless set. The service delivers again for up
    /// to 30 minutes.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryDeduplicator {
    fn default() -> Self {
        Self::new()
    }
}

impl Deduplicator for MemoryDeduplicator {
    async fn claim(&self, event_id: &str, now: i64) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        let limit = i64::try_from(self.time_limit.as_secs()).unwrap_or(i64::MAX);
        let mut memory = self.memory();
        memory.forget_until(now.saturating_sub(limit));
        memory.claim(key(event_id), now, self.capacity).ok_or_else(|| AllInProgress.into())
    }

    async fn complete(&self, event_id: &str) {
        self.memory().complete(key(event_id));
    }

    async fn release(&self, event_id: &str) {
        self.memory().release(key(event_id));
    }
}

/// A digest, so that an id of any length takes the same room.
type Key = [u8; 32];

fn key(event_id: &str) -> Key {
    Sha256::digest(event_id).into()
}

#[derive(Debug, Default)]
struct Memory {
    events: HashMap<Key, State>,
    /// The completed ones by the time of their claim.
    completed: BTreeSet<(i64, Key)>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    claimed_at: i64,
    completed: bool,
}

impl Memory {
    /// `None` if there is no room.
    fn claim(&mut self, key: Key, now: i64, capacity: usize) -> Option<Claim> {
        if let Some(state) = self.events.get(&key) {
            return Some(if state.completed { Claim::Completed } else { Claim::InProgress });
        }
        if self.events.len() >= capacity {
            let (_, oldest) = self.completed.pop_first()?;
            self.events.remove(&oldest);
        }
        self.events.insert(key, State { claimed_at: now, completed: false });
        Some(Claim::New)
    }

    fn complete(&mut self, key: Key) {
        if let Some(state) = self.events.get_mut(&key) {
            state.completed = true;
            self.completed.insert((state.claimed_at, key));
        }
    }

    fn release(&mut self, key: Key) {
        if let Entry::Occupied(entry) = self.events.entry(key)
            && !entry.get().completed
        {
            entry.remove();
        }
    }

    /// Forgets what was claimed at this time or before, and completed.
    fn forget_until(&mut self, time: i64) {
        while let Some(&(claimed_at, key)) = self.completed.first()
            && claimed_at <= time
        {
            self.completed.pop_first();
            self.events.remove(&key);
        }
    }
}

#[derive(Debug)]
struct AllInProgress;

impl fmt::Display for AllInProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as many events are being handled as the deduplicator has room for")
    }
}

impl Error for AllInProgress {}
