use std::fmt;

use linq_types::events::Event;

use crate::{Deduplicator, EventHandler, Outcome, ReceiveError, Receiver};

/// A worker that handles the events [accepted](Receiver::accept) by a [`Receiver`], one at a time.
///
/// Create the workers before the server accepts its first request, and run each in a task, or in a thread with
/// [`block_on`](crate::block_on). Together they handle every accepted event once. If a worker is dropped while it
/// handles an event, another worker handles that event.
///
/// The API does not deliver an accepted event again, so **failures must be dealt with here**. Each [`Failure`] contains
/// its event. The claim is released, so the event is handled if it is received again, for example from a table of
/// failed events. The queue is lost when the process ends. To avoid that, [receive](Receiver::receive) events with a
/// handler that stores them.
///
/// ```
/// use std::fmt::Display;
///
/// use linq_webhooks::{EventHandler, Receiver};
///
/// fn start<H>(receiver: &Receiver<H>)
/// where
///     H: EventHandler<Error: Display> + Send + Sync + 'static,
/// {
///     for _ in 0..4 {
///         let worker = receiver.worker();
///         std::thread::spawn(|| {
///             linq_webhooks::block_on(worker.run(|failure| {
///                 eprintln!("{:?}: {}", failure.event.event_id, failure.error);
///             }));
///         });
///     }
/// }
/// ```
#[must_use = "a worker does nothing unless it is run"]
pub struct Worker<H: EventHandler, D: Deduplicator> {
    receiver: Receiver<H, D>,
}

impl<H: EventHandler, D: Deduplicator> Worker<H, D> {
    pub(super) fn new(receiver: Receiver<H, D>) -> Self {
        receiver.jobs.add_worker();
        Self { receiver }
    }

    /// Handles events until the receiver is [shut down](Receiver::shutdown) and the queue is empty. Calls `on_failure`
    /// for each event that could not be handled.
    pub async fn run(mut self, mut on_failure: impl FnMut(Failure<H::Error>)) {
        while let Some(result) = self.next().await {
            if let Err(failure) = result {
                on_failure(failure);
            }
        }
    }

    /// Waits for the next event and handles it. Returns `None` when the receiver is [shut down](Receiver::shutdown) and
    /// the queue is empty.
    ///
    /// Unlike [`run`](Self::run), it allows awaiting something between two events.
    ///
    /// # Errors
    ///
    /// Returns an error if the handler returned an error or panicked. The [`Failure`] contains the event.
    pub async fn next(&mut self) -> Option<Result<Outcome, Failure<H::Error>>> {
        let mut in_progress = self.receiver.jobs.next_job().await?;
        let job = in_progress.job.as_mut()?;
        let result = self.receiver.handle(job.event.clone(), job.claimed.as_mut()).await;
        let event = in_progress.job.take()?.settle(result.is_ok()).await;
        Some(result.map_err(|error| Failure { event, error }))
    }
}

impl<H: EventHandler, D: Deduplicator> Drop for Worker<H, D> {
    fn drop(&mut self) {
        self.receiver.jobs.remove_worker();
    }
}

impl<H: EventHandler, D: Deduplicator> fmt::Debug for Worker<H, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("receiver", &self.receiver).finish()
    }
}

/// An accepted event that could not be handled.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<E> {
    /// The event, including its raw body.
    pub event: Box<Event>,
    /// The error: [`ReceiveError::Handler`] or [`ReceiveError::Panicked`].
    pub error: ReceiveError<E>,
}
