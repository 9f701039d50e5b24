use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;

use crate::{Body, TransportError};

/// The future that a backend's methods return: it owns what it needs and can move between threads.
pub type BackendFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// Sends one HTTP request, and sleeps.
///
/// Implement it to use an HTTP library of your own; [`backend`](crate::backend) has building blocks. The client relies on
/// these rules:
///
/// * Every status is a response, including 4xx and 5xx, and also if it comes before the end of the request. Only what prevents
///   a response is an error.
/// * An error has the kind [`TransportErrorKind::Connect`](crate::TransportErrorKind::Connect) if nothing was sent: the host
///   does not resolve, refuses the connection, or fails the TLS handshake.
/// * Redirects are not followed and nothing is retried: the client counts the attempts.
/// * Headers arrive as they are, including the `content-length: 0` that the client sets on POST, PUT and PATCH without a
///   body.
/// * A body that the backend has decompressed no longer has a `content-encoding` header. The client asks for
///   `accept-encoding: identity` and takes a body with another encoding for one that it cannot read.
/// * Dropping the future of [`send`](Self::send) cancels the request.
///
/// The client races `send` against [`sleep`](Self::sleep), so a backend keeps no timeout of its own. One that cannot be
/// cancelled gives up after the [`AttemptTimeout`] of the request. With [`AttemptProgress`](crate::backend::AttemptProgress) it
/// reports when it begins to send, which turns a timeout while connecting into an error of connecting. A transport whose futures are not `Send` (browsers,
/// single-threaded runtimes) wraps them in `send_wrapper::SendWrapper`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a backend of the asynchronous client",
    label = "expected an `HttpBackend`, such as `ReqwestBackend` or `HyperBackend`",
    note = "if it is a blocking backend, such as `UreqBackend`, use `blocking::Client`, or wrap it in `Unblock`"
)]
pub trait HttpBackend: fmt::Debug + Send + Sync + 'static {
    /// Sends the request and reads the whole response.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>>;

    /// Completes after `duration`. The client limits its attempts and waits between them with it.
    fn sleep(&self, duration: Duration) -> BackendFuture<()>;

    /// Returns the time of the system's clock, or `None` if there is none, as by default on `wasm32-unknown-unknown`.
    ///
    /// The client needs it to tell how long it is until a date, and what is left of a deadline, so that a wait that does
    /// not fit is an error at once.
    fn now(&self) -> Option<SystemTime> {
        system_time()
    }

    /// Returns `false` if requests to `https` URLs always fail, for example because TLS is not compiled in. A client with
    /// such a base URL is then not built.
    fn supports_https(&self) -> bool {
        true
    }
}

/// Lets a program choose its backend at run time.
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

    fn now(&self) -> Option<SystemTime> {
        (**self).now()
    }

    fn supports_https(&self) -> bool {
        (**self).supports_https()
    }
}

/// The timeout of an attempt, in the extensions of every request that the client makes.
///
/// The client enforces it, so most backends do not need it. It is for backends that cannot be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is a name for a duration")]
pub struct AttemptTimeout(pub Duration);

/// Sends one HTTP request from a thread that may block.
///
/// The rules are those of [`HttpBackend`], with one difference: a blocking call cannot be cancelled, so the backend itself
/// enforces the timeout.
#[cfg(feature = "blocking")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a backend of the blocking client",
    label = "expected a `BlockingHttpBackend`, such as `UreqBackend`",
    note = "if it is an asynchronous backend, such as `ReqwestBackend` or `HyperBackend`, use `Client`"
)]
pub trait BlockingHttpBackend: fmt::Debug + Send + Sync + 'static {
    /// Sends the request and reads the whole response, giving up after `timeout`.
    ///
    /// # Errors
    ///
    /// Returns an error if something prevents a response. After `timeout` its kind is
    /// [`TransportErrorKind::Timeout`](crate::TransportErrorKind::Timeout), or
    /// [`TransportErrorKind::Connect`](crate::TransportErrorKind::Connect) if nothing was sent.
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

    /// Returns the time of the system's clock, as [`HttpBackend::now`] does.
    fn now(&self) -> Option<SystemTime> {
        system_time()
    }

    /// Returns `false` if requests to `https` URLs always fail, as [`HttpBackend::supports_https`] does.
    fn supports_https(&self) -> bool {
        true
    }
}

/// Lets a program choose its backend at run time.
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

    fn now(&self) -> Option<SystemTime> {
        (**self).now()
    }

    fn supports_https(&self) -> bool {
        (**self).supports_https()
    }
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn system_time() -> Option<SystemTime> {
    #[expect(clippy::disallowed_methods, reason = "this is the backend's clock")]
    Some(SystemTime::now())
}

/// The clock of the standard library panics on this target.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn system_time() -> Option<SystemTime> {
    None
}
