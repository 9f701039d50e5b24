use std::{error::Error, fmt, sync::Arc, time::Duration};

use linq_types::Timestamp;
use linq_webhooks::{Claim, ClaimToken, Deduplicator};

use crate::{Ledger, NewRecord, QueueName, Record, Retention, StoreError};

/// How many claims there are between two sweeps, about.
const SWEEP_EVERY: u128 = 256;
const SWEEP_LIMIT: usize = 500;

/// A [`Deduplicator`] in a store: for receivers that handle events before they respond, in several processes or across
/// restarts.
///
/// An [`Inbox`](crate::Inbox) needs none.
///
/// ```
/// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_webhooks as webhooks; }
/// use std::time::Duration;
///
/// use linq::{durable::{MemoryStore, StoreDeduplicator}, webhooks::{EventHandler, Receiver, Verifier}};
///
/// fn receiver<H: EventHandler>(verifier: Verifier, bot: H) -> Receiver<H, StoreDeduplicator> {
///     let deduplicator = StoreDeduplicator::new(MemoryStore::new()).lease(Duration::from_secs(120));
///     Receiver::new(verifier, bot).deduplicator(deduplicator)
/// }
/// ```
#[derive(Clone)]
pub struct StoreDeduplicator {
    store: Arc<dyn Ledger>,
    queue: QueueName,
    lease: Duration,
    retention: Retention,
}

impl StoreDeduplicator {
    /// Creates a deduplicator in this store.
    pub fn new(store: impl Ledger) -> Self {
        Self::from(Arc::new(store) as Arc<dyn Ledger>)
    }

    /// Sets the name of the queue in the store whose records it keeps. The default is `handled`.
    #[must_use]
    pub fn queue(mut self, name: &str) -> Self {
        self.queue = QueueName::from(name);
        self
    }

    /// Sets for how long an event is claimed if its process dies. The default is 5 minutes. It must be longer than the handler
    /// ever takes.
    #[must_use]
    pub fn lease(mut self, duration: Duration) -> Self {
        self.lease = duration;
        self
    }

    /// Sets for how long handled events are remembered. The default is 7 days.
    #[must_use]
    pub fn retention(mut self, duration: Duration) -> Self {
        self.retention.records = duration;
        self
    }

    async fn try_claim(
        &self,
        event_id: &str,
        token: ClaimToken,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        if u128::from(token) % SWEEP_EVERY == 0 {
            self.store.sweep(&self.queue, &self.retention, SWEEP_LIMIT).await?;
        }
        loop {
            let record = self.store.record(&self.queue, event_id).await?;
            let version = match &record {
                None => 0,
                Some(record) => match State::read(record) {
                    State::Completed => return Ok(Claim::Completed),
                    State::Claimed { .. } if record.age < self.lease => return Ok(Claim::InProgress),
                    State::Released { at } if now < at => return Ok(Claim::InProgress),
                    State::Claimed { .. } | State::Released { .. } => record.version,
                },
            };
            if self.put(event_id, &State::Claimed { token }, version).await? {
                return Ok(Claim::New);
            }
        }
    }

    /// Writes the state of an event, if it is claimed with this token.
    async fn end(&self, event_id: &str, token: ClaimToken, state: &State) -> Result<(), StoreError> {
        let Some(record) = self.store.record(&self.queue, event_id).await? else { return Ok(()) };
        if matches!(State::read(&record), State::Claimed { token: held } if held == token) {
            // Another version is a claim that came after this one ended.
            self.put(event_id, state, record.version).await?;
        }
        Ok(())
    }

    async fn put(&self, event_id: &str, state: &State, version: u64) -> Result<bool, StoreError> {
        let record = NewRecord::new(event_id, state.name(), state.to_string());
        self.store.put_record(&self.queue, record, version).await
    }
}

impl Deduplicator for StoreDeduplicator {
    async fn claim(
        &self,
        event_id: &str,
        token: ClaimToken,
        now: Timestamp,
    ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        Ok(self.try_claim(event_id, token, now).await?)
    }

    async fn complete(&self, event_id: &str, token: ClaimToken) {
        // If the store fails, the claim expires, and the event is handled again.
        let _failed = self.end(event_id, token, &State::Completed).await;
    }

    async fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) {
        let _failed = self.end(event_id, token, &State::Released { at }).await;
    }
}

/// What is known of an event. The body of its record is the text of this.
#[derive(Debug, PartialEq)]
enum State {
    Claimed { token: ClaimToken },
    Released { at: Timestamp },
    Completed,
}

impl State {
    fn name(&self) -> &'static str {
        match self {
            Self::Claimed { .. } => "claimed",
            Self::Released { .. } => "released",
            Self::Completed => "completed",
        }
    }

    /// What cannot be read counts as completed: nothing is handled twice.
    fn read(record: &Record) -> Self {
        let read = || {
            let body = std::str::from_utf8(&record.body).ok()?;
            Some(match record.state.as_str() {
                "claimed" => Self::Claimed { token: u128::from_str_radix(body, 16).ok()?.into() },
                "released" => Self::Released { at: body.parse().ok()? },
                _ => Self::Completed,
            })
        };
        read().unwrap_or(Self::Completed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claimed { token } => token.fmt(f),
            Self::Released { at } => at.fmt(f),
            Self::Completed => Ok(()),
        }
    }
}

impl From<Arc<dyn Ledger>> for StoreDeduplicator {
    fn from(store: Arc<dyn Ledger>) -> Self {
        let retention = Retention { records: Duration::from_secs(7 * 24 * 60 * 60), ..Retention::default() };
        Self { store, queue: QueueName::from("handled"), lease: Duration::from_secs(300), retention }
    }
}

impl fmt::Debug for StoreDeduplicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreDeduplicator")
            .field("store", &self.store)
            .field("queue", &self.queue)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
