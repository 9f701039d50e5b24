use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    error::Error,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use linq_types::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::{Claim, Deduplicator};

const DEFAULT_CAPACITY: usize = 10_000;
const DEFAULT_TTL: Duration = Duration::from_secs(60 * 60);

/// A deduplicator in the memory of this process. By default, it remembers 10,000 events for one hour.
///
/// A handled event is remembered until its TTL expires, counted from its delivery. If the capacity is needed for a new
/// event, the oldest handled event is forgotten first. Events in progress are never forgotten: if they fill the
/// capacity, claiming another event is an error. The memory of an event does not depend on the length of its ID.
///
/// It uses the times of the deliveries and reads no clock. All events are forgotten when the process ends.
///
/// ```
/// use std::time::Duration;
///
/// use linq_webhooks::{EventHandler, MemoryDeduplicator, Receiver, Verifier};
///
/// fn receiver<H: EventHandler>(verifier: Verifier, handler: H) -> Receiver<H> {
///     let deduplicator = MemoryDeduplicator::new().capacity(100_000).ttl(Duration::from_secs(2 * 60 * 60));
///     Receiver::new(verifier, handler).deduplicator(deduplicator)
/// }
/// ```
#[derive(Debug)]
pub struct MemoryDeduplicator {
    capacity: usize,
    ttl: Duration,
    memory: Mutex<Memory>,
}

impl MemoryDeduplicator {
    /// Creates a deduplicator for 10,000 events with a TTL of one hour.
    #[must_use]
    pub fn new() -> Self {
        Self { capacity: DEFAULT_CAPACITY, ttl: DEFAULT_TTL, memory: Mutex::default() }
    }

    /// Sets the maximum number of events. The default is 10,000. With 0, no event can be claimed.
    #[must_use]
    pub fn capacity(mut self, events: usize) -> Self {
        self.capacity = events;
        self
    }

    /// Sets how long a handled event is remembered, in whole seconds. The default is one hour.
    ///
    /// The API delivers an event again for up to 30 minutes.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
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
    async fn claim(&self, event_id: &str, now: Timestamp) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        let ttl = i64::try_from(self.ttl.as_secs()).unwrap_or(i64::MAX);
        let now = now.unix_seconds();
        let mut memory = self.memory();
        memory.forget_until(now.saturating_sub(ttl));
        memory.claim(key(event_id), now, self.capacity).ok_or_else(|| CapacityInProgress.into())
    }

    async fn complete(&self, event_id: &str) {
        self.memory().complete(key(event_id));
    }

    async fn release(&self, event_id: &str) {
        self.memory().release(key(event_id));
    }
}

/// A digest, so that every ID takes the same memory.
type Key = [u8; 32];

fn key(event_id: &str) -> Key {
    Sha256::digest(event_id).into()
}

#[derive(Debug, Default)]
struct Memory {
    events: HashMap<Key, State>,
    /// The completed events, ordered by the time of their claim in seconds since 1970.
    completed: BTreeSet<(i64, Key)>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    claimed_at: i64,
    completed: bool,
}

impl Memory {
    /// Returns `None` if all of the capacity is in progress.
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

    /// Forgets the completed events that were claimed at this time or before.
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
struct CapacityInProgress;

impl fmt::Display for CapacityInProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("all of the deduplicator's capacity is in progress; raise its capacity")
    }
}

impl Error for CapacityInProgress {}
