use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use linq_types::{EventId, Timestamp};

use crate::{Claim, Deduplicator, ReceiveError};

/// The claims of a receiver.
///
/// A dropped future cannot await the deduplicator. Its claim is settled with the next claim, or on shutdown.
pub(super) struct Claims<D> {
    deduplicator: D,
    unsettled: Mutex<Vec<(EventId, Settlement)>>,
}

/// How a claim ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Settlement {
    Complete,
    Release,
}

impl Settlement {
    pub(super) fn after<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Complete } else { Self::Release }
    }
}

impl<D> Claims<D> {
    pub(super) fn new(deduplicator: D) -> Self {
        Self { deduplicator, unsettled: Mutex::default() }
    }

    fn unsettled(&self) -> MutexGuard<'_, Vec<(EventId, Settlement)>> {
        self.unsettled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Deduplicator> Claims<D> {
    /// Returns `None` if the event was handled before.
    pub(super) async fn claim<E>(
        self: &Arc<Self>,
        event_id: &EventId,
        now: Timestamp,
    ) -> Result<Option<Claimed<D>>, ReceiveError<E>> {
        self.settle_all().await;
        match self.deduplicator.claim(event_id.as_str(), now).await {
            Ok(Claim::New) => Ok(Some(Claimed::new(self, event_id.clone(), Settlement::Release))),
            Ok(Claim::InProgress) => Err(ReceiveError::InProgress),
            Ok(Claim::Completed) => Ok(None),
            Err(error) => Err(ReceiveError::Deduplicator(error)),
        }
    }

    /// Settles the claims of dropped futures.
    pub(super) async fn settle_all(self: &Arc<Self>) {
        let unsettled = mem::take(&mut *self.unsettled());
        // All of them go back to the list if this future is dropped in the middle.
        let claims: Vec<_> = unsettled.into_iter().map(|(id, how)| Claimed::new(self, id, how)).collect();
        for claimed in claims {
            let settlement = claimed.settlement;
            claimed.settle(settlement).await;
        }
    }
}

/// A claim held by this receiver until it is settled.
pub(super) struct Claimed<D> {
    claims: Arc<Claims<D>>,
    event_id: Option<EventId>,
    settlement: Settlement,
}

impl<D> Claimed<D> {
    fn new(claims: &Arc<Claims<D>>, event_id: EventId, settlement: Settlement) -> Self {
        Self { claims: Arc::clone(claims), event_id: Some(event_id), settlement }
    }
}

impl<D: Deduplicator> Claimed<D> {
    pub(super) async fn settle(mut self, settlement: Settlement) {
        self.settlement = settlement;
        if let Some(event_id) = &self.event_id {
            match settlement {
                Settlement::Complete => self.claims.deduplicator.complete(event_id.as_str()).await,
                Settlement::Release => self.claims.deduplicator.release(event_id.as_str()).await,
            }
        }
        self.event_id = None;
    }
}

impl<D> Drop for Claimed<D> {
    fn drop(&mut self) {
        if let Some(event_id) = self.event_id.take() {
            self.claims.unsettled().push((event_id, self.settlement));
        }
    }
}
