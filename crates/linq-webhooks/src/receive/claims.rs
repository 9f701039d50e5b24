use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use linq_types::{EventId, Timestamp};

use super::started::Started;
use crate::{Claim, ClaimToken, Deduplicator, ReceiveError};

/// The claims of a receiver.
///
/// A dropped future cannot await the deduplicator. Its claim is ended with the next claim.
pub(super) struct Claims<D> {
    deduplicator: D,
    unended: Mutex<Vec<(Held, End)>>,
}

/// A claim in the deduplicator. The token makes ending it twice, or late, harmless to other claims of the event.
struct Held {
    event_id: EventId,
    token: ClaimToken,
}

/// How a claim ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// The event was handled.
    Complete,
    /// The event can be claimed again from this time on.
    Release(Timestamp),
}

impl<D> Claims<D> {
    pub(super) fn new(deduplicator: D) -> Self {
        Self { deduplicator, unended: Mutex::default() }
    }

    fn unended(&self) -> MutexGuard<'_, Vec<(Held, End)>> {
        self.unended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Deduplicator> Claims<D> {
    /// Returns `None` if the event was handled before.
    pub(super) async fn claim<E>(
        &self,
        event_id: &EventId,
        now: Timestamp,
    ) -> Result<Option<Claimed<'_, D>>, ReceiveError<E>> {
        self.end_dropped().await;
        let token = ClaimToken::next();
        // It exists before the claim does: if this future is dropped, or the store fails after it claimed the event, the
        // claim is released.
        let mut claimed = Claimed {
            claims: self,
            held: Some(Held { event_id: event_id.clone(), token }),
            claimed_at: now,
            handling: None,
        };
        let claim = self.deduplicator.claim(event_id.as_str(), token, now).await;
        match claim.map_err(ReceiveError::Deduplicator)? {
            Claim::New => Ok(Some(claimed)),
            Claim::InProgress => {
                claimed.held = None;
                Err(ReceiveError::InProgress)
            }
            Claim::Completed => {
                claimed.held = None;
                Ok(None)
            }
        }
    }

    /// Ends the claims of dropped futures.
    async fn end_dropped(&self) {
        // Those that are left go back to the list if this future is dropped in the middle.
        let unended = mem::take(&mut *self.unended());
        let ending: Vec<_> = unended.into_iter().map(|(held, end)| Ending::new(self, held, end)).collect();
        for ending in ending {
            ending.run().await;
        }
    }
}

/// A claim held by this receiver until it is ended.
pub(super) struct Claimed<'c, D> {
    claims: &'c Claims<D>,
    held: Option<Held>,
    claimed_at: Timestamp,
    handling: Option<Handling>,
}

/// A running handler.
struct Handling {
    started: Started,
    /// How long the claim lasts after the handler is dropped.
    release_after: Duration,
}

impl<D: Deduplicator> Claimed<'_, D> {
    /// Notes that the handler begins: from now on, requests of it may be executing when it is dropped.
    pub(super) fn begin_handling(mut self, release_after: Duration) -> Self {
        self.handling = Some(Handling { started: Started::now(), release_after });
        self
    }

    /// Completes the claim if the event was handled, so that no further delivery of it is. Otherwise releases the claim, so that
    /// the next delivery is handled.
    pub(super) async fn settle(mut self, is_handled: bool) {
        let end = if is_handled { End::Complete } else { End::Release(self.claimed_at) };
        if let Some(held) = self.held.take() {
            Ending::new(self.claims, held, end).run().await;
        }
    }
}

impl<D> Drop for Claimed<'_, D> {
    fn drop(&mut self) {
        let Some(held) = self.held.take() else { return };
        let end = match &self.handling {
            None => self.claimed_at,
            Some(Handling { started, release_after }) => started.time_after(self.claimed_at, *release_after),
        };
        self.claims.unended().push((held, End::Release(end)));
    }
}

/// A claim that is being ended. It returns to the list if it is dropped before that.
struct Ending<'c, D> {
    claims: &'c Claims<D>,
    left: Option<(Held, End)>,
}

impl<'c, D: Deduplicator> Ending<'c, D> {
    fn new(claims: &'c Claims<D>, held: Held, end: End) -> Self {
        Self { claims, left: Some((held, end)) }
    }

    async fn run(mut self) {
        if let Some((Held { event_id, token }, end)) = &self.left {
            let deduplicator = &self.claims.deduplicator;
            match *end {
                End::Complete => deduplicator.complete(event_id.as_str(), *token).await,
                End::Release(at) => deduplicator.release(event_id.as_str(), *token, at).await,
            }
        }
        self.left = None;
    }
}

impl<D> Drop for Ending<'_, D> {
    fn drop(&mut self) {
        if let Some(left) = self.left.take() {
            self.claims.unended().push(left);
        }
    }
}
