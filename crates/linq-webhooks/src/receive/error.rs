use std::{error::Error, fmt, time::Duration};

use http::StatusCode;
use linq_types::events::ParseEventError;

use crate::VerifyError;

/// The error for a delivery that was not received. The variant is the step that failed.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use linq::webhooks::ReceiveError;
///
/// fn log(error: &ReceiveError<std::io::Error>) {
///     eprintln!("webhook refused with {}: {error}", error.status());
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError<E> {
    /// The body is larger than [`max_body_bytes`](crate::Receiver::max_body_bytes).
    #[non_exhaustive]
    TooLarge {
        /// The maximum size in bytes.
        max: usize,
    },
    /// Reading the body failed before its end.
    IncompleteBody(Box<dyn Error + Send + Sync>),
    /// The body did not arrive within the [timeout](crate::Receiver::body_timeout).
    #[non_exhaustive]
    BodyTimeout {
        /// The maximum duration of reading a body.
        timeout: Duration,
    },
    /// The signature is missing, malformed, wrong or outside the tolerance.
    Unverified(VerifyError),
    /// The signature is valid, but the body is not an event.
    InvalidEvent(ParseEventError),
    /// Another delivery of the event is being handled, and may still fail, or its handler was dropped
    /// [recently](crate::Receiver::release_dropped_after).
    InProgress,
    /// The handler returned an error.
    Handler(E),
    /// The handler panicked.
    Panicked,
    /// The deduplicator returned an error.
    Deduplicator(Box<dyn Error + Send + Sync>),
}

impl<E> ReceiveError<E> {
    /// Returns the status code to respond with. The API delivers the event again only after 500 and 503.
    ///
    /// | status | errors |
    /// | --- | --- |
    /// | 400 | [`InvalidEvent`](Self::InvalidEvent), [`IncompleteBody`](Self::IncompleteBody) |
    /// | 401 | [`Unverified`](Self::Unverified) |
    /// | 408 | [`BodyTimeout`](Self::BodyTimeout) |
    /// | 413 | [`TooLarge`](Self::TooLarge) |
    /// | 500 | [`Handler`](Self::Handler), [`Panicked`](Self::Panicked) |
    /// | 503 | [`InProgress`](Self::InProgress), [`Deduplicator`](Self::Deduplicator) |
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::InvalidEvent(_) | Self::IncompleteBody(_) => StatusCode::BAD_REQUEST,
            Self::BodyTimeout { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Unverified(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Handler(_) | Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            Self::InProgress | Self::Deduplicator(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns the message for the response body. It contains nothing from the handler, the deduplicator or the
    /// server.
    pub(crate) fn public_message(&self) -> String {
        let message = match self {
            Self::TooLarge { max } => {
                return format!(
                    "webhook body is larger than {max} bytes; raise `max_body_bytes` to accept it"
                );
            }
            Self::BodyTimeout { timeout } => {
                return format!("timed out reading the webhook body after {} s", timeout.as_secs_f64());
            }
            Self::Unverified(error) => return error.to_string(),
            Self::InvalidEvent(error) => return error.to_string(),
            Self::Handler(_) => "",
            Self::IncompleteBody(_) => {
                "incomplete webhook body: connection closed or timed out before its end"
            }
            Self::InProgress => "another delivery of the event is being handled; deliver it again later",
            Self::Panicked => "handler panicked; see the log of the receiving process",
            Self::Deduplicator(_) => "deduplicator failed; deliver the event again later",
        };
        message.to_owned()
    }
}

/// Prints only the reason, as the inner error prints it.
impl<E: fmt::Display> fmt::Display for ReceiveError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handler(error) => error.fmt(f),
            other => f.write_str(&other.public_message()),
        }
    }
}

/// The source of a handler's error is not exposed; match on [`ReceiveError::Handler`] to get it.
impl<E: fmt::Debug + fmt::Display> Error for ReceiveError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unverified(error) => error.source(),
            Self::InvalidEvent(error) => error.source(),
            Self::IncompleteBody(error) | Self::Deduplicator(error) => Some(&**error),
            _ => None,
        }
    }
}
