use std::{
    collections::{BTreeSet, HashMap},
    error::Error,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use linq_types::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::{Claim, ClaimToken, Deduplicator};

const DEFAULT_CAPACITY: usize = 10_000;
const DEFAULT_MAX_IN_PROGRESS: usize = 100_000;
const DEFAULT_TTL: Duration = Duration::from_secs(60 * 60);

/// A deduplicator in the memory of this process. By default, it remembers 10,000 handled events for one hour.
///
/// A handled event is remembered until its TTL expires, counted from its delivery. If there are more than the capacity, the
/// oldest is forgotten first. Events that are being handled have a maximum of their own: they take no capacity from handled
/// events and are never forgotten. The memory of an event does not depend on the length of its ID.
///
/// It uses the times of the deliveries and reads no clock. All events are forgotten when the process ends.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use std::time::Duration;
///
/// use linq::webhooks::{EventHandler, MemoryDeduplicator, Receiver, Verifier};
///
/// fn receiver<H: EventHandler>(verifier: Verifier, handler: H) -> Receiver<H> {
///     let deduplicator = MemoryDeduplicator::new().capacity(100_000).ttl(Duration::from_secs(2 * 60 * 60));
///     Receiver::new(verifier, handler).deduplicator(deduplicator)
/// }
/// ```
#[derive(Debug)]
pub struct MemoryDeduplicator {
    capacity: usize,
    max_in_progress: usize,
    ttl: Duration,
    memory: Mutex<Memory>,
}

impl MemoryDeduplicator {
    /// Creates a deduplicator for 10,000 events with a TTL of one hour.
    #[must_use]
    pub fn new() -> Self {
        Self {
            capacity: DEFAULT_CAPACITY,
            max_in_progress: DEFAULT_MAX_IN_PROGRESS,
            ttl: DEFAULT_TTL,
            memory: Mutex::default(),
        }
    }

    /// Sets how many handled events are remembered. The default is 10,000.
    #[must_use]
    pub fn capacity(mut self, events: usize) -> Self {
        self.capacity = events;
        self
    }

    /// Sets the maximum number of events in progress. The default is 100,000. Beyond it, claiming an event is an error.
    #[must_use]
    pub fn max_in_progress(mut self, events: usize) -> Self {
        self.max_in_progress = events;
        self
    }

    /// Sets how long a handled event is remembered. The default is one hour.
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
    async fn claim(
        &self,
        event_id: &str,
        token: ClaimToken,
        now: Timestamp,
    ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        let ttl = i64::try_from(self.ttl.as_millis()).unwrap_or(i64::MAX);
        let now = milliseconds(now);
        let mut memory = self.memory();
        memory.forget_completed_until(now.saturating_sub(ttl));
        memory.end_released_until(now);
        memory.claim(key(event_id), token, now, self.max_in_progress).ok_or_else(|| TooManyInProgress.into())
    }

    async fn complete(&self, event_id: &str, token: ClaimToken) {
        self.memory().complete(key(event_id), token, self.capacity);
    }

    async fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) {
        self.memory().release(key(event_id), token, milliseconds(at));
    }
}

/// Milliseconds since 1970, rounded down.
fn milliseconds(time: Timestamp) -> i64 {
    let fraction = i64::from(time.subsec_nanoseconds() / 1_000_000);
    time.unix_seconds().saturating_mul(1000).saturating_add(fraction)
}

/// A digest, so that every ID takes the same memory.
type Key = [u8; 32];

fn key(event_id: &str) -> Key {
    Sha256::digest(event_id).into()
}

/// All times are milliseconds since 1970.
#[derive(Debug, Default)]
struct Memory {
    in_progress: HashMap<Key, Claimed>,
    /// The events in progress whose claims end, ordered by that time.
    released: BTreeSet<(i64, Key)>,
    /// The completed events and the times of their claims.
    completed: HashMap<Key, i64>,
    /// The same, ordered by time.
    oldest: BTreeSet<(i64, Key)>,
}

#[derive(Debug, Clone, Copy)]
struct Claimed {
    token: ClaimToken,
    at: i64,
    /// `None` as long as the claim is held.
    ends: Option<i64>,
}

impl Memory {
    /// Returns `None` if the maximum is in progress.
    fn claim(&mut self, key: Key, token: ClaimToken, now: i64, max_in_progress: usize) -> Option<Claim> {
        if self.completed.contains_key(&key) {
            return Some(Claim::Completed);
        }
        if self.in_progress.contains_key(&key) {
            return Some(Claim::InProgress);
        }
        if self.in_progress.len() >= max_in_progress {
            return None;
        }
        self.in_progress.insert(key, Claimed { token, at: now, ends: None });
        Some(Claim::New)
    }

    fn complete(&mut self, key: Key, token: ClaimToken, capacity: usize) {
        let Some(claimed) = self.end(key, token) else { return };
        self.completed.insert(key, claimed.at);
        self.oldest.insert((claimed.at, key));
        while self.completed.len() > capacity
            && let Some((_, oldest)) = self.oldest.pop_first()
        {
            self.completed.remove(&oldest);
        }
    }

    fn release(&mut self, key: Key, token: ClaimToken, at: i64) {
        let Some(claimed) = self.end(key, token) else { return };
        if at > claimed.at {
            self.in_progress.insert(key, Claimed { ends: Some(at), ..claimed });
            self.released.insert((at, key));
        }
    }

    /// Removes the claim if it has this token.
    fn end(&mut self, key: Key, token: ClaimToken) -> Option<Claimed> {
        let claimed = *self.in_progress.get(&key).filter(|claimed| claimed.token == token)?;
        self.in_progress.remove(&key);
        if let Some(ends) = claimed.ends {
            self.released.remove(&(ends, key));
        }
        Some(claimed)
    }

    /// Removes the claims that ended at this time or before.
    fn end_released_until(&mut self, time: i64) {
        while let Some(&(ends, key)) = self.released.first()
            && ends <= time
        {
            self.released.pop_first();
            self.in_progress.remove(&key);
        }
    }

    /// Forgets the completed events that were claimed at this time or before.
    fn forget_completed_until(&mut self, time: i64) {
        while let Some(&(claimed_at, key)) = self.oldest.first()
            && claimed_at <= time
        {
            self.oldest.pop_first();
            self.completed.remove(&key);
        }
    }
}

#[derive(Debug)]
struct TooManyInProgress;

impl fmt::Display for TooManyInProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the maximum number of events is in progress; raise `max_in_progress` of the deduplicator",
        )
    }
}

impl Error for TooManyInProgress {}
