use std::{error::Error, fmt};

use http::StatusCode;
use linq_types::events::ParseEventError;

use crate::VerifyError;

/// The step at which receiving a delivery failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError<E> {
    /// The body is larger than what is taken.
    #[non_exhaustive]
    TooLarge {
        /// The size that is taken, in bytes.
        max: usize,
    },
    /// The body broke off while it was read.
    BrokenOff(Box<dyn Error + Send + Sync>),
    /// The signature is missing, wrong or too old.
    Unverified(VerifyError),
    /// The signature is right, but the body cannot be read as an event.
    Unreadable(ParseEventError),
    /// Another delivery of the event is being handled. That may still fail, so this one is not done either.
    InProgress,
    /// The handler failed.
    Handler(E),
    /// The handler panicked.
    Panicked,
    /// The deduplicator could not tell whether the event was handled.
    Deduplicator(Box<dyn Error + Send + Sync>),
    /// As many events wait in the queue as it has room for.
    QueueFull,
    /// Nobody works on the queue: there is no [`Worker`](crate::Worker), or the last one is gone.
    NoWorker,
    /// The receiver is being shut down.
    ShuttingDown,
}

impl<E> ReceiveError<E> {
    /// The status to answer. The service delivers the event again after 500 and 503, and after no other.
    ///
    /// | status | errors |
    /// | --- | --- |
    /// | 400 | [`Unreadable`](Self::Unreadable), [`BrokenOff`](Self::BrokenOff) |
    /// | 401 | [`Unverified`](Self::Unverified) |
    /// | 413 | [`TooLarge`](Self::TooLarge) |
    /// | 500 | [`Handler`](Self::Handler), [`Panicked`](Self::Panicked) |
    /// | 503 | [`InProgress`](Self::InProgress), [`Deduplicator`](Self::Deduplicator), [`QueueFull`](Self::QueueFull), [`NoWorker`](Self::NoWorker), [`ShuttingDown`](Self::ShuttingDown) |
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable(_) | Self::BrokenOff(_) => StatusCode::BAD_REQUEST,
            Self::Unverified(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Handler(_) | Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            Self::InProgress
            | Self::Deduplicator(_)
            | Self::QueueFull
            | Self::NoWorker
            | Self::ShuttingDown => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What may be said to whoever sent the request: nothing of what your own code has to say.
    pub(crate) fn public_reason(&self) -> String {
        match self {
            Self::Handler(_) => String::new(),
            Self::Deduplicator(_) => UNDECIDED.to_owned(),
            Self::BrokenOff(_) => BROKEN_OFF.to_owned(),
            Self::TooLarge { max } => {
                format!("the webhook body has more than the {max} bytes that are taken")
            }
            Self::Unverified(error) => error.to_string(),
            Self::Unreadable(error) => error.to_string(),
            Self::InProgress => "another delivery of the event is being handled".to_owned(),
            Self::Panicked => "the handler panicked".to_owned(),
            Self::QueueFull => "the queue of events is full".to_owned(),
            Self::NoWorker => "nobody works on the queue of events".to_owned(),
            Self::ShuttingDown => "the receiver is shutting down".to_owned(),
        }
    }
}

const BROKEN_OFF: &str = "the webhook body broke off";
const UNDECIDED: &str = "the deduplicator could not tell whether the event was handled";

/// Prints the reason alone, as the error inside prints it.
impl<E: fmt::Display> fmt::Display for ReceiveError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handler(error) => error.fmt(f),
            other => f.write_str(&other.public_reason()),
        }
    }
}

/// The sources of a handler's error are its own: match on [`ReceiveError::Handler`] to get at them.
impl<E: fmt::Debug + fmt::Display> Error for ReceiveError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unverified(error) => error.source(),
            Self::Unreadable(error) => error.source(),
            Self::BrokenOff(error) | Self::Deduplicator(error) => Some(&**error),
            _ => None,
        }
    }
}
