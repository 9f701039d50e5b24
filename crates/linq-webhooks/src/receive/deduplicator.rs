use std::{error::Error, future::Future, sync::Arc};

use linq_types::Timestamp;

/// A store of handled events, so that each event is handled once however often it is delivered.
///
/// A [`Receiver`](crate::Receiver) claims an event before it calls the handler. If the handler succeeds, the receiver
/// completes the claim. If the handler fails, panics or is dropped, the receiver releases the claim, so that the next
/// delivery is handled. [`MemoryDeduplicator`](crate::MemoryDeduplicator) serves one process. To share a store
/// between processes, implement this trait for it:
///
/// * `claim` must be atomic (`SET NX`, `INSERT .. ON CONFLICT DO NOTHING`), because two processes can receive
///   deliveries of the same event at the same time.
/// * A process can die while it holds a claim. Let claims that are not completed expire, after longer than the handler
///   ever takes. A process that continues after that completes or releases whichever claim exists then.
/// * Keep completed events for at least an hour. The API delivers again for up to 30 minutes.
/// * `event_id` is from the signed body. Its length and format are not specified.
///
/// The methods need not await anything, and their futures need not be `Send`:
///
/// ```
/// use std::{collections::HashMap, error::Error, sync::Mutex};
///
/// use linq_webhooks::{Claim, Deduplicator, Timestamp};
///
/// /// Never forgets an event.
/// #[derive(Default)]
/// struct Ledger(Mutex<HashMap<String, Claim>>);
///
/// impl Deduplicator for Ledger {
///     async fn claim(&self, event_id: &str, _: Timestamp) -> Result<Claim, Box<dyn Error + Send + Sync>> {
///         let mut ledger = self.0.lock().map_err(|_| "poisoned ledger")?;
///         let before = ledger.get(event_id).copied();
///         ledger.entry(event_id.to_owned()).or_insert(Claim::InProgress);
///         Ok(before.unwrap_or(Claim::New))
///     }
///
///     async fn complete(&self, event_id: &str) {
///         if let Ok(mut ledger) = self.0.lock() {
///             ledger.insert(event_id.to_owned(), Claim::Completed);
///         }
///     }
///
///     async fn release(&self, event_id: &str) {
///         if let Ok(mut ledger) = self.0.lock() {
///             ledger.remove(event_id);
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a deduplicator",
    label = "does not implement `Deduplicator`",
    note = "use a `MemoryDeduplicator`, an `Arc` of a deduplicator, or `()` to handle every delivery",
    note = "to deduplicate in a store of your own, implement `Deduplicator` for it"
)]
pub trait Deduplicator {
    /// Claims an event, unless it is claimed or completed. `now` is the time of the delivery.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed. The receiver then responds with 503, and the API delivers the event again.
    fn claim(
        &self,
        event_id: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Claim, Box<dyn Error + Send + Sync>>>;

    /// Marks a claimed event as handled, so that no further delivery of it is handled.
    ///
    /// The event was handled, so the response does not depend on whether this succeeds. Log errors here.
    fn complete(&self, event_id: &str) -> impl Future<Output = ()>;

    /// Releases the claim of an event that was not handled, so that the next delivery of it is handled. It may be
    /// called twice for one claim.
    ///
    /// Log errors here. A claim that cannot be released must expire.
    fn release(&self, event_id: &str) -> impl Future<Output = ()>;
}

/// The result of claiming an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "an event is unclaimed, claimed or completed")]
pub enum Claim {
    /// The event was not claimed before. The caller holds the claim and handles the event.
    New,
    /// Another delivery of the event holds the claim, and may still fail.
    InProgress,
    /// The event was handled before.
    Completed,
}

/// Forwards to the shared deduplicator.
impl<D: Deduplicator> Deduplicator for Arc<D> {
    fn claim(
        &self,
        event_id: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Claim, Box<dyn Error + Send + Sync>>> {
        D::claim(self, event_id, now)
    }

    fn complete(&self, event_id: &str) -> impl Future<Output = ()> {
        D::complete(self, event_id)
    }

    fn release(&self, event_id: &str) -> impl Future<Output = ()> {
        D::release(self, event_id)
    }
}

/// Remembers nothing, so that every delivery is handled. For handlers that may run twice for one event.
impl Deduplicator for () {
    async fn claim(&self, _: &str, _: Timestamp) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        Ok(Claim::New)
    }

    async fn complete(&self, _: &str) {}

    async fn release(&self, _: &str) {}
}
