use std::{fmt, sync::Arc, time::SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use linq_types::Timestamp;

use crate::{Deduplicator, EventHandler, Outcome, ReceiveError, Receiver, Verified, Verifier, VerifyError};

impl Verifier {
    /// Sets the clock of the methods and adapters that do not take the time, of this verifier and of everything that uses it.
    /// The default is the system's clock.
    ///
    /// A test sets the clock of what signs the deliveries, such as `linq::sandbox`. It is not available on
    /// `wasm32-unknown-unknown`.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.set_clock(Clock(Some(Arc::new(clock))));
        self
    }

    /// Verifies a delivery. `body` must be the bytes as received, before JSON parsing.
    ///
    /// `wasm32-unknown-unknown` has no clock; use [`verify_at`](Self::verify_at) there.
    ///
    /// # Errors
    ///
    /// Returns an error if the signature is missing, malformed, wrong or outside the tolerance; see [`VerifyError`].
    /// Respond with 401 and do not use the body.
    pub fn verify(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Verified, VerifyError> {
        self.verify_at(headers, body, self.now())
    }

    /// Checks the signature headers of a delivery whose body has not been read yet. Otherwise like
    /// [`check_headers_at`](Self::check_headers_at).
    ///
    /// # Errors
    ///
    /// Returns the error that [`verify`](Self::verify) returns for these headers with any body.
    pub fn check_headers(&self, headers: &HeaderMap) -> Result<(), VerifyError> {
        self.check_headers_at(headers, self.now())
    }
}

impl<H: EventHandler, D> Receiver<H, D> {
    /// Sets the clock of the receiver, as [`Verifier::clock`] does.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use linq::webhooks::{EventHandler, Receiver, Timestamp, Verifier};
    ///
    /// fn receiver<H: EventHandler>(verifier: Verifier, handler: H, now: Timestamp) -> Receiver<H> {
    ///     Receiver::new(verifier, handler).clock(move || now)
    /// }
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.verifier = self.verifier.clock(clock);
        self
    }
}

impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Processes a delivery: verifies and parses its event, and handles it before returning.
    ///
    /// `body` must be the bytes as received. `wasm32-unknown-unknown` has no clock; use
    /// [`receive_at`](Self::receive_at) there.
    ///
    /// # Errors
    ///
    /// Returns an error if the event was not handled; see [`ReceiveError`]. Respond with its
    /// [`status`](ReceiveError::status).
    pub async fn receive(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        self.receive_at(headers, body, self.verifier.now()).await
    }

    /// Processes a request whose body has been read, and returns the response.
    ///
    /// The event is [received](Self::receive). The response has the status code of the [`Outcome`] or [`ReceiveError`]. The
    /// body of an error response is the reason as text, without the error of the handler or the deduplicator, which only
    /// [`on_error`](Self::on_error) receives.
    ///
    /// Call [`reject_early`](Self::reject_early) before reading the body, limit its size while reading it, and set the
    /// server's timeouts for slow clients. `wasm32-unknown-unknown` has no clock; use [`respond_at`](Self::respond_at) there.
    pub async fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.respond_at(request, self.verifier.now()).await
    }

    /// Returns the response to a request that need not be read: signature headers are missing, malformed or outside the
    /// tolerance (401), or the announced length of the body exceeds [`max_body_bytes`](Self::max_body_bytes) (413). Otherwise
    /// returns `None`: read the body and [`respond`](Self::respond).
    ///
    /// It costs little, so that requests of strangers do not hold memory, threads or connections while their bodies arrive.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use bytes::Bytes;
    /// use linq::webhooks::{EventHandler, Receiver};
    ///
    /// async fn hook<H: EventHandler, B>(
    ///     receiver: &Receiver<H>,
    ///     request: http::Request<B>,
    ///     read: impl AsyncFnOnce(B) -> Bytes,
    /// ) -> http::Response<Bytes> {
    ///     if let Some(response) = receiver.reject_early(request.headers()) {
    ///         return response;
    ///     }
    ///     let (parts, body) = request.into_parts();
    ///     receiver.respond(http::Request::from_parts(parts, read(body).await)).await
    /// }
    /// ```
    #[must_use]
    pub fn reject_early(&self, headers: &HeaderMap) -> Option<Response<Bytes>> {
        self.reject_early_at(headers, self.verifier.now())
    }
}

/// The clock of the methods that do not take the time.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>);

impl Clock {
    /// Returns the current time, or 1970 if the system's clock is outside the range of a [`Timestamp`].
    #[expect(clippy::disallowed_methods, reason = "the age of a signature is relative to the clock")]
    pub(crate) fn now(&self) -> Timestamp {
        match &self.0 {
            Some(clock) => clock(),
            None => Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Clock(set)" } else { "Clock(system)" })
    }
}
