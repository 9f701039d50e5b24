use std::{sync::Arc, time::Duration};

use async_io::Timer;
use bytes::Bytes;
use linq_core::{AttemptTimeout, BackendFuture, BlockingHttpBackend, Body, HttpBackend, TransportError};

/// The client's own limit, unless it says another.
const LIMIT: Duration = Duration::from_secs(60);

/// A blocking backend as an async one: it sends on the thread pool of the crate `blocking`, which smol uses too, and
/// waits with the timer of `async-io`. Neither needs a runtime to be started.
///
/// Nobody can cancel a blocking call. Dropping `send`, as the client does when the time of an attempt is over, gives up
/// waiting for the response; the thread goes on with the request until the [`AttemptTimeout`] that the client put into
/// it, or else until its [limit](Self::limit).
///
/// ```
/// use linq_core::Client;
/// use linq_ureq::{Unblock, UreqBackend};
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
    limit: Duration,
}

impl<B: BlockingHttpBackend> Unblock<B> {
    /// Has this backend do the sending.
    pub fn new(backend: B) -> Self {
        Self { backend: Arc::new(backend), limit: LIMIT }
    }

    /// How long a thread works on an attempt whose request has no [`AttemptTimeout`], 60 seconds unless set.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }
}

impl<B: BlockingHttpBackend> HttpBackend for Unblock<B> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let limit = request.extensions().get().map_or(self.limit, |AttemptTimeout(limit)| *limit);
        let backend = Arc::clone(&self.backend);
        Box::pin(blocking::unblock(move || backend.send(request, limit)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(async move {
            Timer::after(duration).await;
        })
    }
}

impl<B> Clone for Unblock<B> {
    fn clone(&self) -> Self {
        Self { backend: Arc::clone(&self.backend), limit: self.limit }
    }
}
