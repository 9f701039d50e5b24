use std::{
    fmt::{self, Display},
    future::Future,
    time::Duration,
};

use linq_types::events::{Event, Interest, ParseEventError, RawBody};
use linq_webhooks::{EventHandler, Outcome, catch_panic};

use crate::{
    Claim, Inbox, Item, RetryPolicy, Settlement,
    runner::{Process, Runner, Work, runner_settings},
    trace::Trace,
};

/// The most events in a burst.
const MAX_BURST: usize = 100;
/// How long a burst waits if the store cannot tell what is in it.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// A worker that handles the events of an [`Inbox`].
///
/// It does not need a runtime: spawn [`run`](Self::run) as a task, or give it a thread with
/// [`block_on`](linq_webhooks::block_on). Several workers, also in several processes, share the work. If the store cannot be
/// reached, the worker tries again, and never ends on its own.
///
/// ```
/// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_webhooks as webhooks; }
/// use linq::{durable::{Attempt, Inbox, MemoryStore}, webhooks::EventHandler};
///
/// async fn work<H: EventHandler<Error: std::fmt::Display>>(inbox: &Inbox, bot: H) {
///     let worker = inbox.worker(bot).concurrency(16);
///     worker.observe(|attempt: &Attempt<'_>| println!("{attempt:?}")).run().await
/// }
/// ```
#[must_use = "a worker does nothing unless it is run"]
pub struct Worker<H> {
    runner: Runner,
    handling: Handling<H>,
}

/// How a worker handles events.
struct Handling<H> {
    inbox: Inbox,
    handler: H,
    retry: RetryPolicy,
    debounce: Option<Debounce>,
}

#[derive(Debug, Clone, Copy)]
struct Debounce {
    quiet: Duration,
    at_most: Duration,
}

impl<H> Worker<H> {
    pub(crate) fn new(inbox: Inbox, handler: H) -> Self {
        let runner = Runner::new(inbox.store.clone(), inbox.queue.clone());
        Self { runner, handling: Handling { inbox, handler, retry: RetryPolicy::default(), debounce: None } }
    }

    /// Sets how often an event is attempted, and how long it waits in between.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.handling.retry = policy;
        self
    }

    /// Hands all events of a chat that wait to one call of [`EventHandler::handle_burst`]: a person who sends four texts in a
    /// row gets one answer.
    ///
    /// The events wait until none has arrived in the chat for the duration `quiet`, and at most for `at_most` since the first.
    /// An attempt that failed is repeated with the same events, so that the [keys](linq_types::events::EventKeys) of the first
    /// one are those of the burst. The events of a burst are completed, retried and given up together.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_webhooks as webhooks; }
    /// use std::time::Duration;
    ///
    /// use linq::{durable::Inbox, webhooks::EventHandler};
    ///
    /// async fn work<H: EventHandler<Error: std::fmt::Display>>(inbox: &Inbox, bot: H) {
    ///     inbox.worker(bot).debounce(Duration::from_secs(2), Duration::from_secs(15)).run().await
    /// }
    /// ```
    pub fn debounce(mut self, quiet: Duration, at_most: Duration) -> Self {
        self.handling.debounce = Some(Debounce { quiet, at_most });
        self
    }

    runner_settings!(
        "events",
        "Sets how long the handler may take for one event or burst. The default is 10 minutes."
    );
}

impl<H: EventHandler<Error: Display>> Worker<H> {
    /// Handles events for ever.
    pub async fn run(self) {
        self.runner.run(&self.handling).await;
    }

    /// Handles events until `shutdown` completes, and then finishes those that it has claimed.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        self.runner.run_until(&self.handling, shutdown).await;
    }
}

impl<H: EventHandler<Error: Display>> Process for Handling<H> {
    async fn process(&self, work: &mut Work) -> Settlement {
        let item = &work.claim.item;
        if self.retry.is_used_up(item.attempts) {
            return Settlement::dead_letter(
                "the last attempt did not end: its process died or lost the lease",
            );
        }
        let first = match self.read(item) {
            Ok(event) => event,
            Err(error) => return Settlement::dead_letter(error.to_string()),
        };
        let mut events = vec![first];
        if let Some(debounce) = self.debounce {
            let gathered = self.inbox.store.gather(&self.inbox.queue, &work.lease, MAX_BURST - 1).await;
            let Ok(behind) = gathered else { return Settlement::postpone(STORE_PAUSE) };
            let last = behind.last().unwrap_or(item);
            if let Some(wait) = debounce.wait(&work.claim, last) {
                work.lease = work.lease.up_to(last);
                return Settlement::postpone(wait);
            }
            // An event that cannot be read ends the burst, and becomes a dead letter of its own.
            for item in &behind {
                let Ok(event) = self.read(item) else { break };
                events.push(event);
                work.lease = work.lease.up_to(item);
            }
        }
        work.trace.trace_id(events.first().and_then(|event| event.trace_id.as_ref()).map(|id| id.as_str()));
        match self.handle(events).await {
            Ok(outcome) => {
                work.trace.ignored(outcome);
                work.outcome = Some(outcome);
                Settlement::Complete
            }
            Err(error) => self.failed(&work.claim.item, error),
        }
    }

    fn timed_out(&self, item: &Item, timeout: Duration) -> Settlement {
        self.failed(item, format!("handler timed out after {timeout:?}"))
    }

    fn trace(claim: &Claim) -> Trace {
        Trace::handle(claim)
    }
}

impl<H: EventHandler<Error: Display>> Handling<H> {
    /// Reads the event. What this version cannot read is for handlers of every event only.
    fn read(&self, item: &Item) -> Result<Event, ParseEventError> {
        Event::parse_unverified(RawBody::new(item.body.clone())).or_else(|error| {
            let takes_all = self.handler.events().contains(&Interest::All);
            error.event().filter(|_| takes_all).cloned().ok_or(error)
        })
    }

    async fn handle(&self, mut events: Vec<Event>) -> Result<Outcome, String> {
        let handled = catch_panic(async {
            match (events.len(), events.pop()) {
                (1, Some(event)) => self.handler.handle(event).await,
                (_, last) => self.handler.handle_burst(events.into_iter().chain(last).collect()).await,
            }
        });
        match handled.await {
            Some(handled) => handled.map_err(|error| error.to_string()),
            None => Err("handler panicked; see the log of the process".to_owned()),
        }
    }

    fn failed(&self, item: &Item, error: String) -> Settlement {
        match self.retry.delay(item.attempts) {
            Some(delay) => Settlement::retry(delay, error),
            None => Settlement::dead_letter(error),
        }
    }
}

impl Debounce {
    /// How long a burst still has to wait; `None` if it is to be handled now. One that was attempted before does not grow, and
    /// so waits for nothing.
    fn wait(self, first: &Claim, last: &Item) -> Option<Duration> {
        if first.item.attempts > 1 {
            return None;
        }
        let added = |item: &Item| {
            let at = item.received_at;
            Duration::new(u64::try_from(at.unix_seconds()).unwrap_or_default(), at.subsec_nanoseconds())
        };
        let since_last = first.age.saturating_sub(added(last).saturating_sub(added(&first.item)));
        let wait = self.quiet.saturating_sub(since_last).min(self.at_most.saturating_sub(first.age));
        (!wait.is_zero()).then_some(wait)
    }
}

impl<H> fmt::Debug for Worker<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("runner", &self.runner)
            .field("retry", &self.handling.retry)
            .field("debounce", &self.handling.debounce)
            .finish_non_exhaustive()
    }
}
