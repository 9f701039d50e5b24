//! Handles deliveries, independent of how they come.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use linq::webhooks::Verifier;

use super::{forward::Forward, printer::Printer, record::Record};
use crate::webhook::{Delivery, Rejection, now};

/// What happened to a delivery.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The status of the response: that of the target if it is forwarded; `None` if nobody responds.
    pub(super) status: Option<StatusCode>,
    /// The reason why it could not be forwarded.
    pub(super) error: Option<String>,
    /// Whether the same event was delivered before.
    pub(super) is_duplicate: bool,
}

/// Records, forwards and prints deliveries.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) forward: Option<Forward>,
    pub(super) record: Option<Record>,
    pub(super) printer: Printer,
}

impl Receiver {
    /// Handles a request and returns the status of the response. What is verified is forwarded, even if it cannot be parsed.
    pub(super) async fn receive(&self, verifier: &Verifier, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let delivery = match Delivery::verify(verifier, headers, body, now()) {
            Ok(delivery) => delivery,
            Err(error) => return self.refuse(error),
        };
        self.accept(headers, &delivery);
        let mut outcome = self.forward(headers, &delivery).await;
        let status = *outcome.status.get_or_insert(match delivery.event {
            Ok(_) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::BAD_REQUEST,
        });
        self.printer.delivery(&delivery, &outcome);
        status
    }

    /// Records a delivery, and prints it for programs.
    pub(super) fn accept(&self, headers: &HeaderMap, delivery: &Delivery) {
        if let Some(record) = &self.record
            && let Err(failure) = record.append(headers, delivery.body())
        {
            self.printer.failed(failure);
        }
        self.printer.event(delivery);
    }

    /// Forwards a delivery, if there is a target.
    pub(super) async fn forward(&self, headers: &HeaderMap, delivery: &Delivery) -> Outcome {
        let Some(forward) = &self.forward else { return Outcome::default() };
        match forward.send(headers, delivery).await {
            Ok(status) => Outcome { status: Some(status), ..Outcome::default() },
            Err(reason) => {
                Outcome { status: Some(StatusCode::BAD_GATEWAY), error: Some(reason), ..Outcome::default() }
            }
        }
    }

    pub(super) fn refuse(&self, rejection: impl Into<Rejection>) -> StatusCode {
        let rejection = rejection.into();
        self.printer.rejected(&rejection);
        rejection.status
    }
}
