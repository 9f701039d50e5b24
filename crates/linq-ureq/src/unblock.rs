use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_io::Timer;
use bytes::Bytes;
use linq_core::{AttemptTimeout, BackendFuture, BlockingHttpBackend, Body, HttpBackend, TransportError};

/// An async backend on a blocking one: it sends on the thread pool of the crate `blocking`, which smol uses too, and sleeps
/// with the timer of `async-io`. Neither needs a runtime to be started.
///
/// A blocking call cannot be cancelled. If `send` is dropped, as the client does when an attempt times out, the thread
/// continues with the request until its [`AttemptTimeout`].
///
/// ```
/// # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_ureq::*; }
/// use linq::{Client, Unblock, UreqBackend};
///
/// # fn doc() -> Result<(), linq_core::Error> {
/// let client = Client::from_env(Unblock::new(UreqBackend::new()))?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[cfg(feature = "smol")]
pub struct Unblock<B> {
    backend: Arc<B>,
    timeout: Duration,
}

impl<B: BlockingHttpBackend> Unblock<B> {
    /// Wraps a blocking backend.
    pub fn new(backend: B) -> Self {
        Self { backend: Arc::new(backend), timeout: Duration::MAX }
    }

    /// Limits how long a thread works on a request, in addition to its [`AttemptTimeout`]. Requests of the client always have
    /// one; there is no other timeout by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<B: BlockingHttpBackend> HttpBackend for Unblock<B> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let attempt = request.extensions().get().map_or(Duration::MAX, |AttemptTimeout(timeout)| *timeout);
        let (backend, timeout) = (Arc::clone(&self.backend), attempt.min(self.timeout));
        Box::pin(blocking::unblock(move || backend.send(request, timeout)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(async move {
            Timer::after(duration).await;
        })
    }

    fn now(&self) -> Option<SystemTime> {
        self.backend.now()
    }

    fn supports_https(&self) -> bool {
        self.backend.supports_https()
    }
}

impl<B> Clone for Unblock<B> {
    fn clone(&self) -> Self {
        Self { backend: Arc::clone(&self.backend), timeout: self.timeout }
    }
}
