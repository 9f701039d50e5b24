use std::time::Duration;

use linq_webhooks::Outcome;

use crate::{Item, Settlement};

pub(crate) type Observe = dyn Fn(&Attempt<'_>) + Send + Sync;

/// An attempt to process an item that ended, as [`Worker::observe`](crate::Worker::observe) gets it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The item, of a burst the first one. Its [`attempts`](Item::attempts) include this one.
    pub item: &'a Item,
    /// What became of it.
    pub end: AttemptEnd<'a>,
    /// What the handler of an inbox returned, with the reason if it ignored the event; `None` if the attempt failed, and for
    /// an outbox.
    pub outcome: Option<Outcome>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptEnd<'a> {
    /// The item is done.
    Completed,
    /// The attempt failed, and there is another one after the delay.
    #[non_exhaustive]
    Retried {
        /// Why it failed.
        error: &'a str,
        /// How long the item waits.
        delay: Duration,
    },
    /// The attempt failed, and the item became a dead letter.
    #[non_exhaustive]
    DeadLettered {
        /// Why it failed.
        error: &'a str,
    },
    /// Nothing was done yet: the item waits, for example for its pace.
    #[non_exhaustive]
    Postponed {
        /// How long it waits.
        delay: Duration,
    },
    /// The lease was lost, for example because the store could not be reached: another worker processes the item.
    LeaseLost,
}

impl<'a> AttemptEnd<'a> {
    pub(crate) fn of(settlement: Option<&'a Settlement>) -> Self {
        match settlement {
            None => Self::LeaseLost,
            Some(Settlement::Complete) => Self::Completed,
            Some(Settlement::Retry { delay, error }) => Self::Retried { error, delay: *delay },
            Some(Settlement::DeadLetter { error }) => Self::DeadLettered { error },
            Some(Settlement::Postpone { delay }) => Self::Postponed { delay: *delay },
            Some(Settlement::Release) => Self::Postponed { delay: Duration::ZERO },
        }
    }
}
