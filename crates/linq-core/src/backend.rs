use std::{error::Error as StdError, fmt, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::Body;

/// What a backend's methods return: a future that owns all it needs and may move between threads.
pub type BackendFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// Sends one HTTP request, and knows how to wait.
///
/// Implement it to bring an HTTP library of your own. What the client counts on:
///
/// * Every status is a response, also 4xx and 5xx; only what prevents a response is an error.
/// * Redirects are not followed and nothing is retried: the client counts the attempts.
/// * A request without a body carries `content-length: 0` if its method is POST, PUT or PATCH.
/// * Dropping the future of [`send`](Self::send) cancels the request.
///
/// There is no time limit to keep: the client races `send` against [`sleep`](Self::sleep). A transport whose
/// futures are not `Send` (browsers, one-thread runtimes) wraps them in `send_wrapper::SendWrapper`.
pub trait HttpBackend: fmt::Debug + Send + Sync + 'static {
    /// Sends the request and reads the whole response.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>>;

    /// Completes after `duration`. The client times its attempts and waits between them with it.
    fn sleep(&self, duration: Duration) -> BackendFuture<()>;
}

/// So that a backend can be chosen while the program runs.
impl<B: HttpBackend + ?Sized> HttpBackend for Arc<B> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        (**self).send(request)
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        (**self).sleep(duration)
    }
}

/// How long the attempt may take that a request is made for.
///
/// The client keeps this limit itself and most backends need not know it. It is in the extensions of the requests whose
/// limit is not the usual one of 60 seconds, for backends that cannot be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is a name for a duration")]
pub struct AttemptTimeout(pub Duration);

/// Sends one HTTP request from a thread that may block.
///
/// The rules are those of [`HttpBackend`], but for one: nobody can cancel a blocking call, so the backend itself keeps
/// the time limit.
#[cfg(feature = "blocking")]
pub trait BlockingHttpBackend: fmt::Debug + Send + Sync + 'static {
    /// Sends the request and reads the whole response, giving up after `timeout`.
    ///
    /// # Errors
    ///
    /// What prevented a response; [`TransportErrorKind::Timeout`] when the time was over.
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError>;

    /// Waits between attempts.
    fn sleep(&self, duration: Duration) {
        #[expect(clippy::disallowed_methods, reason = "this is the backend's timer")]
        std::thread::sleep(duration);
    }
}

/// So that a backend can be chosen while the program runs.
#[cfg(feature = "blocking")]
impl<B: BlockingHttpBackend + ?Sized> BlockingHttpBackend for Arc<B> {
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        (**self).send(request, timeout)
    }

    fn sleep(&self, duration: Duration) {
        (**self).sleep(duration);
    }
}

/// Why there is no response.
///
/// `Display` and `Debug` show what the HTTP library says; a backend takes addresses out of it first, for they
/// can be signed.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind.
    #[must_use]
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error of this kind with what the HTTP library said.
    pub fn with_source(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// What the client must know about it.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::Timeout => "timed out",
            TransportErrorKind::TooLarge => "the response is larger than the backend takes",
            TransportErrorKind::Other => "the connection failed",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The kinds of transport errors, told apart by what they mean for trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection came about, so the request was not sent: trying again is always safe.
    Connect,
    /// The time was over.
    Timeout,
    /// The response has more bytes than the backend takes.
    TooLarge,
    /// Anything else; the request may have been sent.
    Other,
}
