use std::{error::Error, fmt};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use linq_types::events::{Event, ParseEventError};

use crate::{EventHandler, Outcome, Verifier, VerifyError};

const DEFAULT_MAX_BODY_BYTES: usize = 1024 * 1024;

/// A webhook endpoint without a server: takes the headers and the body of a delivery, and verifies, parses and
/// handles the event.
///
/// It works with any server that gives these two, on any executor. Let the server itself bound what it
/// reads before; what is larger than [`max_body_bytes`](Self::max_body_bytes) is refused here unread.
///
/// ```
/// use linq_webhooks::{EventHandler, Receiver};
///
/// async fn answer<H: EventHandler<Error: std::fmt::Display>>(
///     receiver: &Receiver<H>,
///     request: http::Request<bytes::Bytes>,
/// ) -> http::StatusCode {
///     let (parts, body) = request.into_parts();
///     match receiver.receive(&parts.headers, body).await {
///         Ok(outcome) => outcome.status(),
///         Err(error) => {
///             eprintln!("{error}");
///             error.status()
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Receiver<H> {
    verifier: Verifier,
    handler: H,
    max_body_bytes: usize,
}

impl<H> Receiver<H> {
    /// Hands the events that this verifier lets through to this handler.
    pub fn new(verifier: Verifier, handler: H) -> Self {
        Self { verifier, handler, max_body_bytes: DEFAULT_MAX_BODY_BYTES }
    }

    /// The largest body that is taken: 1 MiB unless set.
    #[must_use]
    pub fn max_body_bytes(mut self, max: usize) -> Self {
        self.max_body_bytes = max;
        self
    }

    /// The handler.
    pub fn handler(&self) -> &H {
        &self.handler
    }
}

impl<H: EventHandler> Receiver<H> {
    /// Takes one delivery: its headers and the body as it came.
    ///
    /// Targets without a clock (`wasm32-unknown-unknown`) have [`receive_at`](Self::receive_at) alone.
    ///
    /// # Errors
    ///
    /// [`ReceiveError`] with the step that failed; answer its [`status`](ReceiveError::status).
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub async fn receive(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        self.receive_at(headers, body, crate::clock::unix_now()).await
    }

    /// Takes one delivery as of a given time, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// [`ReceiveError`] with the step that failed.
    pub async fn receive_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: i64,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        let event = self.read(headers, body.into(), now)?;
        self.handler.handle(event).await.map_err(ReceiveError::Handler)
    }

    fn read(&self, headers: &HeaderMap, body: Bytes, now: i64) -> Result<Event, ReceiveError<H::Error>> {
        if body.len() > self.max_body_bytes {
            return Err(ReceiveError::TooLarge { bytes: body.len(), max: self.max_body_bytes });
        }
        let verified = self.verifier.verify_at(headers, body, now).map_err(ReceiveError::Unverified)?;
        verified.parse().map_err(ReceiveError::Unreadable)
    }
}

/// The step at which receiving a delivery failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError<E> {
    /// The body is larger than what is taken.
    TooLarge {
        /// The size of the body.
        bytes: usize,
        /// The size that is taken.
        max: usize,
    },
    /// The signature is missing, wrong or too old.
    Unverified(VerifyError),
    /// The signature is right, but the body cannot be read as an event.
    Unreadable(ParseEventError),
    /// The handler failed.
    Handler(E),
}

impl<E> ReceiveError<E> {
    /// The status to answer: 413, 401, 400 or 500. The service delivers the event again only after the last.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unverified(_) => StatusCode::UNAUTHORIZED,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Handler(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Prints the reason alone, as the error inside prints it.
impl<E: fmt::Display> fmt::Display for ReceiveError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes, max } => {
                write!(f, "the webhook body has {bytes} bytes, more than the {max} that are taken")
            }
            Self::Unverified(error) => error.fmt(f),
            Self::Unreadable(error) => error.fmt(f),
            Self::Handler(error) => error.fmt(f),
        }
    }
}

/// The sources of a handler's error are its own: match on [`ReceiveError::Handler`] to get at them.
impl<E: fmt::Debug + fmt::Display> Error for ReceiveError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unverified(error) => error.source(),
            Self::Unreadable(error) => error.source(),
            Self::TooLarge { .. } | Self::Handler(_) => None,
        }
    }
}
