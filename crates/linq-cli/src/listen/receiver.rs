//! Handles deliveries, independent of connections.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use linq::webhooks::Verifier;

use super::forward::Forward;
use crate::webhook::{Delivery, Rejection, now};

/// A received request.
#[derive(Debug)]
pub(super) enum Entry<'e> {
    /// An event and its status, with the reason if forwarding failed.
    Event { delivery: &'e Delivery, status: StatusCode, error: Option<String> },
    /// A request that is not a valid delivery.
    Refused(&'e Rejection),
}

type Log = Box<dyn Fn(&Entry<'_>) + Send + Sync>;

/// Verifies, forwards and logs deliveries.
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

    /// Handles a delivery and returns the status of the response.
    pub(super) async fn receive(&self, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let delivery = match Delivery::read(&self.verifier, headers, body, now()) {
            Ok(delivery) => delivery,
            Err(rejection) => return self.refuse(rejection),
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
    pub(super) fn refuse(&self, rejection: Rejection) -> StatusCode {
        (self.log)(&Entry::Refused(&rejection));
        rejection.status
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("forward", &self.forward).finish_non_exhaustive()
    }
}
