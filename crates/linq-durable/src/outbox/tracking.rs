use std::fmt;

use linq_types::events::{Event, Interest};
use linq_webhooks::{EventHandler, Outcome};

use super::{Outbox, receipt};
use crate::StoreError;

/// A handler that updates the records of an outbox, and passes events on to another handler: see [`Outbox::tracking`].
#[derive(Debug, Clone)]
#[cfg(feature = "outbox")]
pub struct Tracking<H> {
    outbox: Outbox,
    handler: H,
    /// The events of the handler, and those of the outbox that it lacks.
    events: Vec<Interest>,
    /// How many of them the handler accepts.
    accepted: usize,
}

/// The error of a [`Tracking`] handler.
#[derive(Debug)]
#[non_exhaustive]
#[cfg(feature = "outbox")]
pub enum TrackingError<E> {
    /// The store failed.
    Store(StoreError),
    /// The handler failed.
    Handler(E),
}

impl<H: EventHandler> Tracking<H> {
    pub(super) fn new(outbox: Outbox, handler: H) -> Self {
        let mut events = handler.events().to_vec();
        let accepted = events.len();
        let takes_all = events.contains(&Interest::All);
        events.extend(receipt::EVENTS.iter().filter(|event| !takes_all && !handler.events().contains(event)));
        Self { outbox, handler, events, accepted }
    }

    fn accepts(&self, event: &Event) -> bool {
        self.events[..self.accepted].iter().any(|interest| interest.includes(event))
    }
}

impl<H: EventHandler> EventHandler for Tracking<H> {
    type Error = TrackingError<H::Error>;

    async fn handle(&self, event: Event) -> Result<Outcome, Self::Error> {
        self.handle_burst(vec![event]).await
    }

    async fn handle_burst(&self, events: Vec<Event>) -> Result<Outcome, Self::Error> {
        for event in &events {
            self.outbox.track(event).await.map_err(TrackingError::Store)?;
        }
        let mut accepted: Vec<_> = events.into_iter().filter(|event| self.accepts(event)).collect();
        let handled = match (accepted.len(), accepted.pop()) {
            (_, None) => return Ok(Outcome::Handled),
            (1, Some(event)) => self.handler.handle(event).await,
            (_, last) => self.handler.handle_burst(accepted.into_iter().chain(last).collect()).await,
        };
        handled.map_err(TrackingError::Handler)
    }

    fn events(&self) -> &[Interest] {
        &self.events
    }
}

impl<E: fmt::Display> fmt::Display for TrackingError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "record of a send was not updated: {error}"),
            Self::Handler(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for TrackingError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Handler(error) => error.source(),
        }
    }
}
