use std::{
    fmt,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

/// The maximum duration of reading a body, with the timer of your runtime.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use std::time::Duration;
///
/// use linq::webhooks::BodyTimeout;
///
/// let timeout = BodyTimeout::new(Duration::from_secs(10), tokio::time::sleep);
/// # drop(timeout);
/// ```
#[derive(Clone)]
pub struct BodyTimeout {
    duration: Duration,
    sleep: Arc<dyn Fn(Duration) -> Timer + Send + Sync>,
}

/// Completes when the time is over.
pub(crate) type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;

impl BodyTimeout {
    /// Creates a timeout of this duration. `sleep` returns a future that completes after a duration.
    pub fn new<F>(duration: Duration, sleep: impl Fn(Duration) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { duration, sleep: Arc::new(move |duration| Box::pin(sleep(duration))) }
    }

    /// Returns the maximum duration.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Waits for a body that is being read, for adapters of your own. Returns `None` when the time is over.
    pub async fn limit<T>(&self, reading: impl Future<Output = T>) -> Option<T> {
        let (mut reading, mut timer) = (pin!(reading), self.start());
        poll_fn(|context| match reading.as_mut().poll(context) {
            Poll::Ready(body) => Poll::Ready(Some(body)),
            Poll::Pending => timer.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    pub(crate) fn start(&self) -> Timer {
        (self.sleep)(self.duration)
    }
}

impl fmt::Debug for BodyTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BodyTimeout").field(&self.duration).finish()
    }
}
