use std::{error::Error, future::Future, sync::Arc};

use linq_types::Timestamp;

use crate::ClaimToken;

/// A store of handled events, so that each event is handled once however often it is delivered.
///
/// A [`Receiver`](crate::Receiver) claims an event before it calls the handler. If the handler succeeds, the receiver
/// completes the claim. If the handler fails or panics, the receiver releases the claim, so that the next delivery is
/// handled. If the handler is dropped, the claim is released [later](crate::Receiver::release_dropped_after).
/// [`MemoryDeduplicator`](crate::MemoryDeduplicator) serves one process. To share a store between processes, implement this
/// trait for it:
///
/// * `claim` must be atomic (`INSERT .. ON CONFLICT DO UPDATE .. WHERE`, a Lua script), because two processes can receive
///   deliveries of the same event at the same time.
/// * `complete` and `release` must change nothing unless the event is claimed with the same [`ClaimToken`]: they may come
///   late, when the event is claimed again, or several times.
/// * A process can die while it holds a claim. Let claims that are not completed expire, after longer than the handler
///   ever takes.
/// * Keep completed events for at least an hour. The API delivers again for up to 30 minutes.
/// * `event_id` is from the signed body or a signed header, and is never empty. Its length and format are not specified.
///
/// The methods need not await anything, and their futures need not be `Send`:
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use std::{collections::HashMap, error::Error, sync::Mutex};
///
/// use linq::webhooks::{Claim, ClaimToken, Deduplicator, Timestamp};
///
/// /// Never forgets an event.
/// #[derive(Default)]
/// struct Ledger(Mutex<HashMap<String, State>>);
///
/// enum State {
///     Claimed { token: ClaimToken, until: Option<Timestamp> },
///     Completed,
/// }
///
/// impl Deduplicator for Ledger {
///     async fn claim(
///         &self,
///         event_id: &str,
///         token: ClaimToken,
///         now: Timestamp,
///     ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
///         let mut ledger = self.0.lock().map_err(|_| "poisoned ledger")?;
///         match ledger.get(event_id) {
///             Some(State::Completed) => return Ok(Claim::Completed),
///             Some(State::Claimed { until, .. }) if until.is_none_or(|until| now < until) => {
///                 return Ok(Claim::InProgress);
///             }
///             _ => {}
///         }
///         ledger.insert(event_id.to_owned(), State::Claimed { token, until: None });
///         Ok(Claim::New)
///     }
///
///     async fn complete(&self, event_id: &str, token: ClaimToken) {
///         if let Ok(mut ledger) = self.0.lock()
///             && let Some(state) = ledger.get_mut(event_id)
///             && matches!(state, State::Claimed { token: held, .. } if *held == token)
///         {
///             *state = State::Completed;
///         }
///     }
///
///     async fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) {
///         if let Ok(mut ledger) = self.0.lock()
///             && let Some(State::Claimed { token: held, until }) = ledger.get_mut(event_id)
///             && *held == token
///         {
///             *until = Some(at);
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
    /// Claims an event with this token, unless it is claimed or completed. `now` is the time of the delivery.
    ///
    /// # Errors
    ///
    /// Returns an error if the store failed. The receiver then responds with 503, and the API delivers the event again. In
    /// case the store claimed the event all the same, the receiver releases the claim.
    fn claim(
        &self,
        event_id: &str,
        token: ClaimToken,
        now: Timestamp,
    ) -> impl Future<Output = Result<Claim, Box<dyn Error + Send + Sync>>>;

    /// Marks an event that is claimed with this token as handled, so that no further delivery of it is handled.
    ///
    /// The event was handled, so the response does not depend on whether this succeeds. Log errors here.
    fn complete(&self, event_id: &str, token: ClaimToken) -> impl Future<Output = ()>;

    /// Releases the claim that has this token: deliveries from the time `at` on can claim the event. `at` can be in the past.
    ///
    /// Log errors here. A claim that cannot be released must expire.
    fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) -> impl Future<Output = ()>;
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
        token: ClaimToken,
        now: Timestamp,
    ) -> impl Future<Output = Result<Claim, Box<dyn Error + Send + Sync>>> {
        D::claim(self, event_id, token, now)
    }

    fn complete(&self, event_id: &str, token: ClaimToken) -> impl Future<Output = ()> {
        D::complete(self, event_id, token)
    }

    fn release(&self, event_id: &str, token: ClaimToken, at: Timestamp) -> impl Future<Output = ()> {
        D::release(self, event_id, token, at)
    }
}

/// Remembers nothing, so that every delivery is handled. For handlers that may run twice for one event.
impl Deduplicator for () {
    async fn claim(
        &self,
        _: &str,
        _: ClaimToken,
        _: Timestamp,
    ) -> Result<Claim, Box<dyn Error + Send + Sync>> {
        Ok(Claim::New)
    }

    async fn complete(&self, _: &str, _: ClaimToken) {}

    async fn release(&self, _: &str, _: ClaimToken, _: Timestamp) {}
}
