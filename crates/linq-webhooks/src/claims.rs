use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use linq_types::EventId;

use crate::{Claim, Deduplicator, ReceiveError};

/// The claims of a receiver. What a dropped future could not settle, for that takes awaiting, is settled with the
/// next claim.
pub(crate) struct Claims<D> {
    deduplicator: D,
    unsettled: Mutex<Vec<(EventId, Settlement)>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Settlement {
    Complete,
    Release,
}

impl<D> Claims<D> {
    pub(crate) fn new(deduplicator: D) -> Self {
        Self { deduplicator, unsettled: Mutex::default() }
    }

    fn unsettled(&self) -> MutexGuard<'_, Vec<(EventId, Settlement)>> {
        self.unsettled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Deduplicator> Claims<D> {
    /// `None` if the event was handled before.
    pub(crate) async fn claim<E>(
        self: &Arc<Self>,
        event_id: &EventId,
        now: i64,
    ) -> Result<Option<Claimed<D>>, ReceiveError<E>> {
        self.settle_all().await;
        match self.deduplicator.claim(event_id.as_str(), now).await {
            Ok(Claim::New) => Ok(Some(Claimed::new(self, event_id.clone(), Settlement::Release))),
            Ok(Claim::InProgress) => Err(ReceiveError::InProgress),
            Ok(Claim::Completed) => Ok(None),
            Err(error) => Err(ReceiveError::Deduplicator(error)),
        }
    }

    /// Settles what dropped futures have left.
    pub(crate) async fn settle_all(self: &Arc<Self>) {
        let left = mem::take(&mut *self.unsettled());
        let left: Vec<_> = left.into_iter().map(|(id, how)| Claimed::new(self, id, how)).collect();
        for claimed in left {
            let how = claimed.settlement;
            claimed.settle(how).await;
        }
    }
}

/// An event that is this receiver's to handle, until it is settled.
pub(crate) struct Claimed<D> {
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
    pub(crate) async fn settle(mut self, settlement: Settlement) {
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
