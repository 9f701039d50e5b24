use std::{error::Error, future::Future, sync::Arc};

/// What remembers which events were handled, so that each is handled once however often it is delivered.
///
/// A [`Receiver`](crate::Receiver) claims an event before it calls the handler. When the handler is done it
/// completes the claim; when the handler fails, panics or is dropped it releases it, so that the next delivery is
/// handled. [`MemoryDeduplicator`](crate::MemoryDeduplicator) serves one process. Several processes share a
/// store: implement this for it.
///
/// * `claim` must be one atomic step of the store (`SET NX`, `INSERT .. ON CONFLICT DO NOTHING`), for two
///   deliveries of one event can come at the same time, to two processes.
/// * A process can die with a claim. Let a claim that is not completed run out by itself, after longer than your
///   handler ever takes: a process that comes back later completes or releases whatever claim is there by then.
/// * Remember what was completed for at least an hour: the service delivers again for up to 30 minutes.
/// * `event_id` comes from the signed body, and has no known length or form.
///
/// No method has to await anything, and the futures need not be `Send`. Without an async runtime:
///
/// ```
/// use std::{collections::HashMap, error::Error, sync::Mutex};
///
/// use linq_webhooks::{Claim, Deduplicator};
///
/// /// Remembers for ever.
/// #[derive(Default)]
/// struct Ledger(Mutex<HashMap<String, Claim>>);
///
/// impl Deduplicator for Ledger {
///     async fn claim(&self, event_id: &str, _: i64) -> Result<Claim, Box<dyn Error + Send + Sync>> {
///         let mut ledger = self.0.lock().map_err(|_| "the ledger is torn")?;
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
pub trait Deduplicator {
    /// Takes hold of an event, unless somebody has. `now` is the time of the delivery in seconds since 1970.
    ///
    /// # Errors
    ///
    /// The store cannot tell. The receiver then answers 503, and the service delivers again.
    fn claim(
        &self,
        event_id: &str,
        now: i64,
    ) -> impl Future<Output = Result<Claim, Box<dyn Error + Send + Sync>>>;

    /// The event was handled: no delivery of it is to be handled again.
    ///
    /// The answer does not depend on whether this works, for the event *was* handled. Log what goes wrong here.
    fn complete(&self, event_id: &str) -> impl Future<Output = ()>;

    /// The event was not handled: the next delivery of it may be. It can be called twice for one claim.
    ///
    /// Log what goes wrong here; such a claim has to run out by itself.
    fn release(&self, event_id: &str) -> impl Future<Output = ()>;
}

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth answer")]
pub enum Claim {
    /// Nobody had claimed the event: it is yours to handle.
    New,
    /// Another delivery of the event is being handled, and may still fail.
    InProgress,
    /// The event was handled before.
    Completed,
}

/// A shared deduplicator, for several receivers.
impl<D: Deduplicator> Deduplicator for Arc<D> {
    fn claim(
        &self,
        event_id: &str,
        now: i64,
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

/// Remembers nothing: every delivery is handled. For handlers that may run twice for one event.
impl Deduplicator for () {
    async fn claim(&self, _: &str, _: i64) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        Ok(Claim::New)
    }

    async fn complete(&self, _: &str) {}

    async fn release(&self, _: &str) {}
}
