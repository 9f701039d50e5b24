//! A delivery to a receiver, without a server.

use std::{
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use anyhow::{Result, bail};
use linq_types::events::{Event, Interest};
use linq_webhooks::{EventHandler, Outcome, Receiver, Verifier};

use super::SECRET;

/// A handler that takes every event, or none.
pub(crate) struct Handler<const TAKES: bool>;

impl<const TAKES: bool> EventHandler for Handler<TAKES> {
    type Error = Infallible;
    const EVENTS: &'static [Interest] = if TAKES { &[Interest::All] } else { &[] };

    async fn handle(&self, _: Event) -> Result<Outcome, Infallible> {
        Ok(Outcome::Handled)
    }
}

/// A receiver that remembers no event.
pub(super) fn receiver<const TAKES: bool>() -> Result<Receiver<Handler<TAKES>, ()>> {
    Ok(Receiver::new(Verifier::new(SECRET)?, Handler).deduplicator(()))
}

/// The output of a future that waits for nothing.
pub(super) fn output<F: Future>(future: F) -> Result<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => bail!("the future is pending"),
    }
}
