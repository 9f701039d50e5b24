use std::fmt;

use linq_types::events::Event;

use crate::{Deduplicator, EventHandler, Outcome, ReceiveError, Receiver, claims::Settlement, receiver::Job};

/// Handles, one after the other, the events that a [`Receiver`] has [accepted](Receiver::accept).
///
/// Make the workers before the server takes its first request, and drive each where your program has its
/// background work: in a task, or in a thread by [`block_on`](crate::block_on). Together they handle every
/// accepted event once; a worker that is dropped in the middle of an event leaves that event to the others.
///
/// The service was told that it need not deliver again, so **a failure is yours to deal with**: it comes with its
/// event. The event's claim is released, so that handing it in again, from wherever you keep it, handles it.
/// What is in the queue is lost with the process. If that must not be, [receive](Receiver::receive) events with a
/// handler that does no more than store them.
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
///                 eprintln!("{}: {}", failure.event.event_id, failure.error);
///             }));
///         });
///     }
/// }
/// ```
#[must_use = "a worker does nothing unless it is driven"]
pub struct Worker<H: EventHandler, D: Deduplicator> {
    receiver: Receiver<H, D>,
}

impl<H: EventHandler, D: Deduplicator> Worker<H, D> {
    pub(crate) fn new(receiver: Receiver<H, D>) -> Self {
        receiver.workload.add_worker();
        Self { receiver }
    }

    /// Handles events until the receiver is [shut down](Receiver::shutdown) and the queue is empty. Failures are
    /// told to `on_failure`.
    pub async fn run(mut self, mut on_failure: impl FnMut(Failure<H::Error>)) {
        while let Some(result) = self.next().await {
            if let Err(failure) = result {
                on_failure(failure);
            }
        }
    }

    /// Waits for the next event and handles it: [`run`](Self::run), step by step, for who has to await something
    /// between two events. `None` when the receiver is [shut down](Receiver::shutdown) and the queue is empty.
    pub async fn next(&mut self) -> Option<Result<Outcome, Failure<H::Error>>> {
        let mut in_progress = self.receiver.workload.next_job().await?;
        let event = in_progress.job.as_ref()?.event.clone();
        let result = self.receiver.handle(event).await;
        let Job { event, claimed } = in_progress.job.take()?;
        claimed.settle(Settlement::after(&result)).await;
        Some(result.map_err(|error| Failure { event: Box::new(event), error }))
    }
}

impl<H: EventHandler, D: Deduplicator> Drop for Worker<H, D> {
    fn drop(&mut self) {
        self.receiver.workload.remove_worker();
    }
}

impl<H: EventHandler, D: Deduplicator> fmt::Debug for Worker<H, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("receiver", &self.receiver).finish()
    }
}

/// An event that was accepted and then not handled.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<E> {
    /// The event, with the body it came in.
    pub event: Box<Event>,
    /// What went wrong: [`ReceiveError::Handler`] or [`ReceiveError::Panicked`].
    pub error: ReceiveError<E>,
}
