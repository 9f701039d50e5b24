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
    /// A verified delivery and its status, with the reason if forwarding failed.
    Delivery { delivery: &'e Delivery, status: StatusCode, error: Option<String> },
    /// A request that is not a verified delivery.
    Refused(&'e Rejection),
}

type Observer = Box<dyn Fn(&Entry<'_>) + Send + Sync>;

/// Verifies, forwards and logs deliveries.
pub(super) struct Receiver {
    verifier: Verifier,
    forward: Option<Forward>,
    observer: Observer,
}

impl Receiver {
    pub(super) fn new(
        verifier: Verifier,
        forward: Option<Forward>,
        observer: impl Fn(&Entry<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self { verifier, forward, observer: Box::new(observer) }
    }

    /// Handles a delivery and returns the status of the response. What is verified is forwarded, even if it cannot be
    /// parsed.
    pub(super) async fn receive(&self, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let delivery = match Delivery::verify(&self.verifier, headers, body, now()) {
            Ok(delivery) => delivery,
            Err(error) => return self.refuse(error),
        };
        let answered = match &self.forward {
            Some(forward) => forward.send(headers, &delivery).await,
            None if delivery.event.is_err() => Ok(StatusCode::BAD_REQUEST),
            None => Ok(StatusCode::NO_CONTENT),
        };
        let (status, error) = match answered {
            Ok(status) => (status, None),
            Err(reason) => (StatusCode::BAD_GATEWAY, Some(reason)),
        };
        (self.observer)(&Entry::Delivery { delivery: &delivery, status, error });
        status
    }

    pub(super) fn refuse(&self, rejection: impl Into<Rejection>) -> StatusCode {
        let rejection = rejection.into();
        (self.observer)(&Entry::Refused(&rejection));
        rejection.status
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("forward", &self.forward).finish_non_exhaustive()
    }
}
