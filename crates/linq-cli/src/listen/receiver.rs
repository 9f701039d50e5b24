//! What becomes of a delivery, apart from any connection.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use linq::webhooks::Verifier;

use super::forward::Forward;
use crate::webhook::{Delivery, Refusal, now};

/// Something that was received.
#[derive(Debug)]
pub(super) enum Entry<'e> {
    /// An event, and the status that was answered, with the reason if that is an error of ours.
    Event { delivery: &'e Delivery, status: StatusCode, error: Option<String> },
    /// Something that is no delivery of an event.
    Refused(&'e Refusal),
}

type Log = Box<dyn Fn(&Entry<'_>) + Send + Sync>;

/// Verifies deliveries, forwards them and logs what became of them.
pub(super) struct Receiver {
    verifier: Verifier,
    forward: Option<Forward>,
    log: Log,
}

impl Receiver {
    pub(super) fn new(
        verifier: Verifier,
        forward: Option<Forward>,
        log: impl Fn(&Entry<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self { verifier, forward, log: Box::new(log) }
    }

    /// Takes a delivery and gives the status to answer.
    pub(super) async fn receive(&self, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let delivery = match Delivery::read(&self.verifier, headers, body, now()) {
            Ok(delivery) => delivery,
            Err(refusal) => return self.refuse(refusal),
        };
        let answered = match &self.forward {
            Some(forward) => forward.send(headers, &delivery).await,
            None => Ok(StatusCode::NO_CONTENT),
        };
        let (status, error) = match answered {
            Ok(status) => (status, None),
            Err(reason) => (StatusCode::BAD_GATEWAY, Some(reason)),
        };
        (self.log)(&Entry::Event { delivery: &delivery, status, error });
        status
    }

    #[expect(clippy::needless_pass_by_value, reason = "it ends here")]
    pub(super) fn refuse(&self, refusal: Refusal) -> StatusCode {
        (self.log)(&Entry::Refused(&refusal));
        refusal.status
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("forward", &self.forward).finish_non_exhaustive()
    }
}
