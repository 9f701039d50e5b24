//! Waiting for a condition on the sandbox.

use std::{
    fmt,
    future::{Future, IntoFuture},
    panic::Location,
    pin::Pin,
    time::Duration,
};

use crate::{sandbox::Sandbox, summary::summary, wait::DEFAULT_TIMEOUT};

impl Sandbox {
    /// Waits until a condition is true. It is checked at once, whenever something changed in the sandbox, and every 50 ms, because
    /// it may depend on the time.
    ///
    /// The timeout is 5 seconds of real time unless [`within`](Until::within) sets another one.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.subscribe("http://127.0.0.1:1/")?;
    /// sandbox.person("+12025550199").says("Hello?")?;
    /// // Nobody listens there.
    /// sandbox.until(|sandbox| !sandbox.deliveries().is_empty()).await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// The future panics if the condition is not true in time. The text has the caller, the transcripts of the newest chats
    /// with the codes of failed messages, the newest requests that failed, and the newest webhooks that were given up.
    #[track_caller]
    pub fn until<F: FnMut(&Self) -> bool>(&self, condition: F) -> Until<'_, F> {
        Until { sandbox: self, condition, timeout: DEFAULT_TIMEOUT, caller: Location::caller() }
    }
}

/// A wait for a condition, to be awaited. Created by [`Sandbox::until`].
#[must_use = "nothing is waited for unless it is awaited"]
pub struct Until<'a, F> {
    sandbox: &'a Sandbox,
    condition: F,
    timeout: Duration,
    caller: &'static Location<'static>,
}

impl<F> Until<'_, F> {
    /// Sets the timeout, instead of 5 seconds of real time.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<'a, F: FnMut(&Sandbox) -> bool + Send + 'a> IntoFuture for Until<'a, F> {
    type Output = ();
    type IntoFuture = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { sandbox, mut condition, timeout, caller } = self;
        Box::pin(async move {
            let shared = &sandbox.shared;
            if shared.wait_for(timeout, || condition(sandbox).then_some(())).await.is_none() {
                panic!("{caller}: the condition was not true within {timeout:?}\n{}", summary(shared, None));
            }
        })
    }
}

impl<F> fmt::Debug for Until<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Until").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
