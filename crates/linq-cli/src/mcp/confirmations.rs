use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use linq::types::Operation;
use serde_json::Value;
use tokio::time::Instant;

use crate::failure::Failure;

/// How long a send can be confirmed.
pub(super) const TTL: Duration = Duration::from_secs(5 * 60);
/// How many sends can wait. The oldest is dropped for another.
const MAX_WAITING: usize = 100;

/// The sends that wait for their confirmation.
#[derive(Debug, Default)]
pub(super) struct Confirmations(Mutex<VecDeque<Waiting>>);

/// A send that waits for its confirmation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Waiting {
    /// The id of the confirmation, which is the idempotency key of the send.
    pub(super) id: String,
    pub(super) operation: Operation,
    pub(super) parameters: Value,
    until: Instant,
}

impl Confirmations {
    /// Adds a send with an id of its own.
    pub(super) fn add(
        &self,
        operation: Operation,
        parameters: Value,
        now: Instant,
    ) -> Result<Waiting, Failure> {
        let waiting = Waiting { id: random_id()?, operation, parameters, until: now + TTL };
        self.put_back(waiting.clone());
        Ok(waiting)
    }

    /// Removes the send with this id, if it can still be confirmed.
    pub(super) fn take(&self, id: &str, now: Instant) -> Option<Waiting> {
        let mut all = self.lock();
        all.retain(|waiting| now < waiting.until);
        let index = all.iter().position(|waiting| waiting.id == id)?;
        all.remove(index)
    }

    /// Adds a send again, whose request failed and can be repeated with the same idempotency key.
    pub(super) fn put_back(&self, waiting: Waiting) {
        let mut all = self.lock();
        if all.len() == MAX_WAITING {
            all.pop_front();
        }
        all.push_back(waiting);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns 128 random bits as text.
pub(super) fn random_id() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system provides no randomness: {error}"))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        Instant::now()
    }

    fn add(confirmations: &Confirmations, now: Instant) -> String {
        confirmations.add(Operation::ChatsCreate, Value::Null, now).unwrap().id
    }

    #[test]
    fn a_confirmation_can_be_taken_once_until_it_expires() {
        let (confirmations, start) = (Confirmations::default(), start());
        let [first, second] = [(); 2].map(|()| add(&confirmations, start));
        assert_ne!(first, second);
        assert_eq!(confirmations.take("invented", start), None);
        let last = start + TTL - Duration::from_secs(1);
        assert_eq!(confirmations.take(&first, last).unwrap().id, first);
        assert_eq!(confirmations.take(&first, last), None);
        assert_eq!(confirmations.take(&second, start + TTL), None);
    }

    #[test]
    fn what_was_put_back_expires_at_the_same_time() {
        let (confirmations, start) = (Confirmations::default(), start());
        let id = add(&confirmations, start);
        let taken = confirmations.take(&id, start).unwrap();
        confirmations.put_back(taken);
        assert_eq!(confirmations.take(&id, start + TTL), None);
    }

    #[test]
    fn the_oldest_is_dropped_if_there_are_too_many() {
        let (confirmations, start) = (Confirmations::default(), start());
        let ids: Vec<_> = (0..=MAX_WAITING).map(|_| add(&confirmations, start)).collect();
        assert_eq!(confirmations.take(&ids[0], start), None);
        assert!(confirmations.take(&ids[1], start).is_some());
    }
}
