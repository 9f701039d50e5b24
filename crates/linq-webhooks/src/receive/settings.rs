use std::{sync::Arc, time::Duration};

use linq_types::events::Envelope;

use crate::{BodyTimeout, Outcome, ReceiveError};

pub(crate) const DEFAULT_MAX_BODY_BYTES: usize = 1024 * 1024;

/// As long as a client waits for one attempt by default.
const DEFAULT_RELEASE_DROPPED_AFTER: Duration = Duration::from_secs(60);

/// The settings of a receiver whose handler has errors of type `E`.
pub(crate) struct Settings<E> {
    pub(crate) max_body_bytes: usize,
    pub(crate) body_timeout: Option<BodyTimeout>,
    pub(super) release_dropped_after: Duration,
    pub(super) keep_unreadable: bool,
    pub(super) on_error: Option<Arc<OnError<E>>>,
    pub(super) on_outcome: Option<Arc<OnOutcome<E>>>,
}

type OnError<E> = dyn Fn(&ReceiveError<E>) + Send + Sync;

type OnOutcome<E> = dyn Fn(&Envelope<'_>, Result<Outcome, &ReceiveError<E>>) + Send + Sync;

impl<E> Default for Settings<E> {
    fn default() -> Self {
        Self {
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
            body_timeout: None,
            release_dropped_after: DEFAULT_RELEASE_DROPPED_AFTER,
            keep_unreadable: false,
            on_error: None,
            on_outcome: None,
        }
    }
}

impl<E> Clone for Settings<E> {
    fn clone(&self) -> Self {
        Self {
            body_timeout: self.body_timeout.clone(),
            on_error: self.on_error.clone(),
            on_outcome: self.on_outcome.clone(),
            ..*self
        }
    }
}
