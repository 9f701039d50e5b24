use std::{fmt, future::Future, sync::Arc};

use bytes::Bytes;
use http::HeaderMap;
use linq_types::events::Event;

use crate::{
    Deduplicator, EventHandler, MemoryDeduplicator, Outcome, ReceiveError, Verifier, Worker,
    catch_panic::catch_panic,
    claims::{Claimed, Claims, Settlement},
    workload::{Refusal, Workload},
};

pub(crate) const DEFAULT_MAX_BODY_BYTES: usize = 1024 * 1024;

/// A webhook endpoint without a server: takes the headers and the body of a delivery, and verifies, parses,
/// deduplicates and handles the event.
///
/// It works with any server that gives these two, on any executor or, through
/// [`block_on`](crate::block_on), on none. Its futures are [`Send`] if your handler and deduplicator are. Clones
/// are cheap, and share everything.
///
/// ```
/// use bytes::Bytes;
/// use linq_webhooks::{EventHandler, Receiver, Verifier};
///
/// fn receiver<H: EventHandler<Error: std::fmt::Display>>(verifier: Verifier, handler: H) -> Receiver<H> {
///     Receiver::new(verifier, handler).on_error(|error| eprintln!("{} {error}", error.status()))
/// }
///
/// async fn answer<H: EventHandler>(
///     receiver: &Receiver<H>,
///     request: http::Request<Bytes>,
/// ) -> http::Response<Bytes> {
///     receiver.respond(request).await
/// }
/// ```
///
/// # Duplicates
///
/// The service delivers at least once. An event is handled once, however often and however concurrently it is
/// delivered: a delivery of what was handled is [`Outcome::Duplicate`], and one that comes while another is still
/// being handled is [`ReceiveError::InProgress`] (503: the service comes back, and finds out how that one ended).
/// A handler that fails, panics or is dropped because its client went away gives the event free for the next
/// delivery.
///
/// The key is the `event_id` in the body, which every scheme signs, and not `webhook-id`: the service sends the
/// same value in both, but a header that is left off, so that an older signature decides, would otherwise make
/// another event of the same body.
///
/// # Work after the answer
///
/// The service waits 10 seconds for an answer. [`accept`](Self::accept) answers before the event is handled: it
/// puts the event into a bounded queue in memory, which a [`Worker`] works on. See there for what becomes of
/// failures.
///
/// # Panics
///
/// A panic in the handler is caught and becomes [`ReceiveError::Panicked`], where panics unwind.
pub struct Receiver<H: EventHandler, D = MemoryDeduplicator> {
    verifier: Verifier,
    handler: Arc<H>,
    claims: Arc<Claims<D>>,
    pub(crate) workload: Arc<Workload<Job<D>>>,
    pub(crate) max_body_bytes: usize,
    queue_capacity: usize,
    on_error: Option<Arc<OnError<H::Error>>>,
}

type OnError<E> = dyn Fn(&ReceiveError<E>) + Send + Sync;

/// An event that waits for a worker.
pub(crate) struct Job<D> {
    pub(crate) event: Event,
    pub(crate) claimed: Claimed<D>,
}

impl<H: EventHandler> Receiver<H> {
    /// Hands the events that this verifier lets through to this handler, each once.
    pub fn new(verifier: Verifier, handler: H) -> Self {
        Self {
            verifier,
            handler: Arc::new(handler),
            claims: Arc::new(Claims::new(MemoryDeduplicator::new())),
            workload: Arc::new(Workload::new()),
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
            queue_capacity: 0,
            on_error: None,
        }
    }
}

impl<H: EventHandler, D> Receiver<H, D> {
    /// What remembers the events that were handled: a [`MemoryDeduplicator`] unless set. Set it before the
    /// receiver is cloned or has workers: they stay with what was there before.
    ///
    /// An `Arc` of one serves several receivers; `()` remembers nothing.
    #[must_use]
    pub fn deduplicator<E: Deduplicator>(self, deduplicator: E) -> Receiver<H, E> {
        Receiver {
            verifier: self.verifier,
            handler: self.handler,
            claims: Arc::new(Claims::new(deduplicator)),
            workload: Arc::new(Workload::new()),
            max_body_bytes: self.max_body_bytes,
            queue_capacity: self.queue_capacity,
            on_error: self.on_error,
        }
    }

    /// The largest body that is taken: 1 MiB unless set.
    #[must_use]
    pub fn max_body_bytes(mut self, max: usize) -> Self {
        self.max_body_bytes = max;
        self
    }

    /// How many events may wait for a [`worker`](Self::worker): 0 unless set.
    ///
    /// With more than 0, [`respond`](Self::respond) and the adapters for servers [`accept`](Self::accept) events;
    /// without, they [`receive`](Self::receive) them.
    #[must_use]
    pub fn queue(mut self, capacity: usize) -> Self {
        self.queue_capacity = capacity;
        self
    }

    /// What is told of each delivery that [`respond`](Self::respond), or an adapter for a server, answers with an
    /// error: the answer itself says nothing of your handler's errors.
    #[must_use]
    pub fn on_error(mut self, told: impl Fn(&ReceiveError<H::Error>) + Send + Sync + 'static) -> Self {
        self.on_error = Some(Arc::new(told));
        self
    }

    /// The handler.
    #[must_use]
    pub fn handler(&self) -> &H {
        &self.handler
    }

    pub(crate) fn has_queue(&self) -> bool {
        self.queue_capacity > 0
    }

    pub(crate) fn tell(&self, error: &ReceiveError<H::Error>) {
        if let Some(on_error) = &self.on_error {
            on_error(error);
        }
    }

    fn read(&self, headers: &HeaderMap, body: Bytes, now: i64) -> Result<Event, ReceiveError<H::Error>> {
        if body.len() > self.max_body_bytes {
            return Err(ReceiveError::TooLarge { max: self.max_body_bytes });
        }
        let verified = self.verifier.verify_at(headers, body, now).map_err(ReceiveError::Unverified)?;
        verified.parse().map_err(ReceiveError::Unreadable)
    }

    /// Calls the handler and nothing else.
    pub(crate) async fn handle(&self, event: Event) -> Result<Outcome, ReceiveError<H::Error>> {
        match catch_panic(async { self.handler.handle(event).await }).await {
            Some(result) => result.map_err(ReceiveError::Handler),
            None => Err(ReceiveError::Panicked),
        }
    }
}

impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Reads the event of a delivery and claims it; `None` if it was handled before.
    async fn claim(
        &self,
        headers: &HeaderMap,
        body: Bytes,
        now: i64,
    ) -> Result<Option<Job<D>>, ReceiveError<H::Error>> {
        let event = self.read(headers, body, now)?;
        let claimed = self.claims.claim(&event.event_id, now).await?;
        Ok(claimed.map(|claimed| Job { event, claimed }))
    }

    /// Takes one delivery, its headers and the body as it came, and handles the event before it returns.
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

    /// Takes one delivery as of a given time, in seconds since 1970, and handles the event before it returns.
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
        let _in_progress = self.workload.begin().ok_or(ReceiveError::ShuttingDown)?;
        let Some(Job { event, claimed }) = self.claim(headers, body.into(), now).await? else {
            return Ok(Outcome::Duplicate);
        };
        let result = self.handle(event).await;
        claimed.settle(Settlement::after(&result)).await;
        result
    }

    /// Takes one delivery, and leaves its event to a [`worker`](Self::worker): [`Outcome::Accepted`].
    ///
    /// # Errors
    ///
    /// [`ReceiveError`] with the step that failed. When the [`queue`](Self::queue) is full it is
    /// [`QueueFull`](ReceiveError::QueueFull) at once, and without a worker [`NoWorker`](ReceiveError::NoWorker).
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub async fn accept(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        self.accept_at(headers, body, crate::clock::unix_now()).await
    }

    /// Takes one delivery as of a given time, in seconds since 1970, and leaves its event to a
    /// [`worker`](Self::worker).
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    pub async fn accept_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: i64,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        let _in_progress = self.workload.begin().ok_or(ReceiveError::ShuttingDown)?;
        let Some(job) = self.claim(headers, body.into(), now).await? else {
            return Ok(Outcome::Duplicate);
        };
        let Err((job, refusal)) = self.workload.push(job, self.queue_capacity) else {
            return Ok(Outcome::Accepted);
        };
        job.claimed.settle(Settlement::Release).await;
        Err(match refusal {
            Refusal::Full => ReceiveError::QueueFull,
            Refusal::NoWorker => ReceiveError::NoWorker,
        })
    }

    /// Takes on somebody who handles what was [accepted](Self::accept). Each worker handles one event at a time:
    /// several make it several.
    pub fn worker(&self) -> Worker<H, D> {
        Worker::new(self.clone())
    }

    /// Refuses all deliveries from now on, with [`ReceiveError::ShuttingDown`] (503: the service comes back to
    /// your next process). The future waits until every delivery that was begun is answered, and every
    /// [`Worker`] done and dropped, which is when the queue is empty.
    ///
    /// It gives back what was accepted but has no worker any more to handle it: nothing, unless you dropped
    /// workers before they were done. A worker that is kept but not driven is waited for in vain.
    ///
    /// Without an async runtime: [`block_on`](crate::block_on).
    pub fn shutdown(&self) -> impl Future<Output = Vec<Event>> {
        self.workload.close();
        async {
            let mut unhandled = Vec::new();
            for job in self.workload.finished().await {
                unhandled.push(job.event);
                job.claimed.settle(Settlement::Release).await;
            }
            self.claims.settle_all().await;
            unhandled
        }
    }
}

impl Settlement {
    pub(crate) fn after<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Complete } else { Self::Release }
    }
}

impl<H: EventHandler, D> Clone for Receiver<H, D> {
    fn clone(&self) -> Self {
        Self {
            verifier: self.verifier.clone(),
            handler: Arc::clone(&self.handler),
            claims: Arc::clone(&self.claims),
            workload: Arc::clone(&self.workload),
            max_body_bytes: self.max_body_bytes,
            queue_capacity: self.queue_capacity,
            on_error: self.on_error.clone(),
        }
    }
}

impl<H: EventHandler, D> fmt::Debug for Receiver<H, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("verifier", &self.verifier)
            .field("max_body_bytes", &self.max_body_bytes)
            .field("queue", &self.queue_capacity)
            .finish_non_exhaustive()
    }
}
