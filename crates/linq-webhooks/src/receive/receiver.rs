use std::{fmt, future::Future, ops::ControlFlow, sync::Arc};

use bytes::Bytes;
use http::HeaderMap;
use linq_types::{Timestamp, events::Event};

use super::{
    catch_panic::catch_panic,
    claims::{Claimed, Claims, Settlement},
    job_queue::{JobQueue, Rejection},
};
use crate::{Deduplicator, EventHandler, MemoryDeduplicator, Outcome, ReceiveError, Verifier, Worker};

pub(crate) const DEFAULT_MAX_BODY_BYTES: usize = 1024 * 1024;

/// A webhook endpoint without a server: it verifies, parses, deduplicates and handles the events of deliveries.
///
/// It works with any server that provides the headers and the body of a request, on any executor or, with
/// [`block_on`](crate::block_on), on none. Its futures are [`Send`] if the handler and the deduplicator are. Clones
/// are cheap and share all state.
///
/// ```
/// use bytes::Bytes;
/// use linq_webhooks::{EventHandler, Receiver, Verifier};
///
/// fn receiver<H: EventHandler<Error: std::fmt::Display>>(verifier: Verifier, handler: H) -> Receiver<H> {
///     Receiver::new(verifier, handler).on_error(|error| eprintln!("{} {error}", error.status()))
/// }
///
/// async fn hook<H: EventHandler>(
///     receiver: &Receiver<H>,
///     request: http::Request<Bytes>,
/// ) -> http::Response<Bytes> {
///     receiver.respond(request).await
/// }
/// ```
///
/// # Events that no method takes
///
/// An event that is not among the [`events`](EventHandler::events) of the handler returns [`Outcome::Ignored`] as soon as
/// it is verified and its envelope is read. Its payload is not parsed, so that an unexpected payload of such an event is not
/// an error. It is not claimed and not enqueued, because there is nothing to handle: every delivery of it is ignored. A
/// handler that accepts [every event](linq_types::events::Interest::All) ignores none.
///
/// # Duplicates
///
/// The API delivers each event at least once. The receiver handles each event once, even if deliveries are
/// concurrent: a delivery of an event that was handled returns [`Outcome::Duplicate`], and a delivery of an event
/// that is being handled returns [`ReceiveError::InProgress`] (503, so the API delivers it again later). If the
/// handler fails or panics, or its future is dropped because the client disconnected, the next delivery is handled.
///
/// Events are identified by the `event_id` in the body, which every scheme signs, and not by `webhook-id`. Both have
/// the same value, but only one scheme signs the header, so removing it would otherwise make one body two events.
///
/// # Handling after the response
///
/// The API waits 10 seconds for a response. [`accept`](Self::accept) returns before the event is handled: it puts the
/// event into a bounded queue in memory, which a [`Worker`] processes.
///
/// # Panics
///
/// If panics unwind, a panic in the handler is caught and becomes [`ReceiveError::Panicked`].
pub struct Receiver<H: EventHandler, D = MemoryDeduplicator> {
    verifier: Verifier,
    handler: Arc<H>,
    claims: Arc<Claims<D>>,
    pub(super) jobs: Arc<JobQueue<Job<D>>>,
    pub(crate) max_body_bytes: usize,
    pub(super) queue_capacity: usize,
    pub(super) on_error: Option<Arc<OnError<H::Error>>>,
}

type OnError<E> = dyn Fn(&ReceiveError<E>) + Send + Sync;

/// A claimed event to be handled.
pub(super) struct Job<D> {
    /// Boxed because an event is large, and jobs are moved often.
    pub(super) event: Box<Event>,
    pub(super) claimed: Claimed<D>,
}

impl<H: EventHandler> Receiver<H> {
    /// Creates a receiver that passes verified events to this handler, and remembers them in a
    /// [`MemoryDeduplicator`].
    pub fn new(verifier: Verifier, handler: H) -> Self {
        Self {
            verifier,
            handler: Arc::new(handler),
            claims: Arc::new(Claims::new(MemoryDeduplicator::new())),
            jobs: Arc::new(JobQueue::new()),
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
            queue_capacity: 0,
            on_error: None,
        }
    }
}

impl<H: EventHandler, D> Receiver<H, D> {
    /// Sets the deduplicator. The default is a [`MemoryDeduplicator`].
    ///
    /// Several receivers can share one in an `Arc`. With `()`, every delivery is handled. Existing clones and workers
    /// keep the previous deduplicator.
    #[must_use]
    pub fn deduplicator<E: Deduplicator>(self, deduplicator: E) -> Receiver<H, E> {
        Receiver {
            verifier: self.verifier,
            handler: self.handler,
            claims: Arc::new(Claims::new(deduplicator)),
            jobs: Arc::new(JobQueue::new()),
            max_body_bytes: self.max_body_bytes,
            queue_capacity: self.queue_capacity,
            on_error: self.on_error,
        }
    }

    /// Sets the maximum size of a body in bytes. The default is 1 MiB.
    #[must_use]
    pub fn max_body_bytes(mut self, max: usize) -> Self {
        self.max_body_bytes = max;
        self
    }

    /// Sets how many events may wait for a [`worker`](Self::worker). The default is 0, which disables the queue.
    ///
    /// With a queue, [`respond`](Self::respond) and the server adapters [`accept`](Self::accept) events. Without one,
    /// they [`receive`](Self::receive) them.
    #[must_use]
    pub fn queue(mut self, capacity: usize) -> Self {
        self.queue_capacity = capacity;
        self
    }

    /// Sets a callback for errors, usually to log them.
    ///
    /// It is called for each delivery that [`respond`](Self::respond) or a server adapter responds to with an error.
    /// The response itself does not contain the handler's error.
    #[must_use]
    pub fn on_error(mut self, callback: impl Fn(&ReceiveError<H::Error>) + Send + Sync + 'static) -> Self {
        self.on_error = Some(Arc::new(callback));
        self
    }

    /// Returns the handler.
    #[must_use]
    pub fn handler(&self) -> &H {
        &self.handler
    }

    /// Calls the handler, without claiming the event.
    pub(super) async fn handle(&self, event: Box<Event>) -> Result<Outcome, ReceiveError<H::Error>> {
        match catch_panic(async { self.handler.handle(*event).await }).await {
            Some(result) => result.map_err(ReceiveError::Handler),
            None => Err(ReceiveError::Panicked),
        }
    }
}

impl<H: EventHandler, D: Deduplicator> Receiver<H, D> {
    /// Processes a delivery as of the given time and handles its event. Otherwise like [`receive`](Self::receive).
    ///
    /// # Errors
    ///
    /// Returns an error if the event was not handled; see [`ReceiveError`].
    pub async fn receive_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: Timestamp,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        let _in_progress = self.jobs.begin().ok_or(ReceiveError::ShuttingDown)?;
        let Job { event, claimed } = match self.claim(headers, body.into(), now).await? {
            ControlFlow::Continue(job) => job,
            ControlFlow::Break(outcome) => return Ok(outcome),
        };
        let result = self.handle(event).await;
        claimed.settle(Settlement::after(&result)).await;
        result
    }

    /// Processes a delivery as of the given time and enqueues its event. Otherwise like [`accept`](Self::accept).
    ///
    /// # Errors
    ///
    /// Returns an error if the event was not enqueued; see [`ReceiveError`].
    pub async fn accept_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: Timestamp,
    ) -> Result<Outcome, ReceiveError<H::Error>> {
        let _in_progress = self.jobs.begin().ok_or(ReceiveError::ShuttingDown)?;
        let job = match self.claim(headers, body.into(), now).await? {
            ControlFlow::Continue(job) => job,
            ControlFlow::Break(outcome) => return Ok(outcome),
        };
        let Err((job, rejection)) = self.jobs.push(job, self.queue_capacity) else {
            return Ok(Outcome::Accepted);
        };
        job.claimed.settle(Settlement::Release).await;
        Err(match rejection {
            Rejection::Full => ReceiveError::QueueFull,
            Rejection::NoWorker => ReceiveError::NoWorker,
        })
    }

    /// Verifies and parses the event of a delivery and claims it. Returns the outcome if it need not be handled: no method
    /// takes the event, or it was handled before.
    async fn claim(
        &self,
        headers: &HeaderMap,
        body: Bytes,
        now: Timestamp,
    ) -> Result<ControlFlow<Outcome, Job<D>>, ReceiveError<H::Error>> {
        if body.len() > self.max_body_bytes {
            return Err(ReceiveError::TooLarge { max: self.max_body_bytes });
        }
        let verified = self.verifier.verify_at(headers, body, now).map_err(ReceiveError::Unverified)?;
        let event = match Event::parse_unverified_if(verified.body(), self.handler.events()) {
            Ok(Some(event)) => Box::new(event),
            Ok(None) => return Ok(ControlFlow::Break(Outcome::Ignored)),
            Err(error) => return Err(ReceiveError::InvalidEvent(error)),
        };
        Ok(match self.claims.claim(&event.event_id, now).await? {
            Some(claimed) => ControlFlow::Continue(Job { event, claimed }),
            None => ControlFlow::Break(Outcome::Duplicate),
        })
    }

    /// Creates a worker that handles [accepted](Self::accept) events, one at a time.
    ///
    /// Create several workers to handle several events concurrently.
    pub fn worker(&self) -> Worker<H, D> {
        Worker::new(self.clone())
    }

    /// Rejects all new deliveries with [`ReceiveError::ShuttingDown`] (503, so the API delivers them again to the next
    /// process), and waits for the others.
    ///
    /// New deliveries are rejected as soon as this is called. The future waits until all deliveries in progress have
    /// finished and all [workers](Worker) have drained the queue and were dropped. A worker that is kept but not
    /// polled blocks it forever. Use [`block_on`](crate::block_on) to wait without an async runtime.
    ///
    /// Returns the accepted events that no worker is left to handle. There are none unless workers were dropped early.
    pub fn shutdown(&self) -> impl Future<Output = Vec<Event>> {
        self.jobs.close();
        async {
            let mut unhandled = Vec::new();
            for job in self.jobs.finished().await {
                unhandled.push(*job.event);
                job.claimed.settle(Settlement::Release).await;
            }
            self.claims.settle_all().await;
            unhandled
        }
    }
}

impl<H: EventHandler, D> Clone for Receiver<H, D> {
    fn clone(&self) -> Self {
        Self {
            verifier: self.verifier.clone(),
            handler: Arc::clone(&self.handler),
            claims: Arc::clone(&self.claims),
            jobs: Arc::clone(&self.jobs),
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
