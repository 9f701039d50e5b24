use std::{
    fmt::{self, Display},
    future::{Future, pending, poll_fn},
    pin::pin,
    sync::Arc,
    task::{Poll, ready},
    time::Duration,
};

use linq_types::events::{Event, Interest, ParseEventError, RawBody};
use linq_webhooks::{EventHandler, catch_panic};

use crate::{
    Claim, Inbox, Item, Lease, Retention, RetryPolicy, Settled, Settlement, Sleep, StoreFuture,
    retry::shorten,
    tasks::{Tasks, race},
};

/// The longest wait for items that another process enqueued.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// How long an event waits that may have killed its process, while another such event is handled.
const POSTPONEMENT: Duration = Duration::from_millis(200);
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);
const SWEEP_LIMIT: usize = 500;
/// The waits after errors of the store, up to the last one.
const STORE_BACKOFF: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
];

/// A worker that handles the events of an [`Inbox`].
///
/// It does not need a runtime: spawn [`run`](Self::run) as a task, or give it a thread with
/// [`block_on`](linq_webhooks::block_on). Several workers, also in several processes, share the work. If the store cannot be
/// reached, the worker tries again, and never ends on its own.
///
/// ```
/// use linq_durable::{Attempt, Inbox, MemoryStore};
/// use linq_webhooks::EventHandler;
///
/// async fn work<H: EventHandler<Error: std::fmt::Display>>(inbox: &Inbox, bot: H) {
///     let worker = inbox.worker(bot).concurrency(16);
///     worker.observe(|attempt: &Attempt<'_>| println!("{attempt:?}")).run().await
/// }
/// ```
#[must_use = "a worker does nothing unless it is run"]
pub struct Worker<H> {
    inbox: Inbox,
    handler: H,
    concurrency: usize,
    retry: RetryPolicy,
    lease: Duration,
    timeout: Duration,
    retention: Retention,
    observe: Option<Arc<Observe>>,
}

type Observe = dyn Fn(&Attempt<'_>) + Send + Sync;

/// An attempt to handle an event that ended, as [`Worker::observe`] gets it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The item of the event. Its [`attempts`](Item::attempts) include this one.
    pub item: &'a Item,
    /// What became of it.
    pub end: AttemptEnd<'a>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptEnd<'a> {
    /// The event was handled.
    Completed,
    /// The attempt failed, and there is another one after the delay.
    #[non_exhaustive]
    Retried {
        /// The error of the handler.
        error: &'a str,
        /// How long the event waits.
        delay: Duration,
    },
    /// The attempt failed, and the event became a dead letter.
    #[non_exhaustive]
    DeadLettered {
        /// The error of the handler.
        error: &'a str,
    },
    /// The lease was lost, for example because the store could not be reached: another worker handles the event.
    LeaseLost,
}

impl<H: EventHandler> Worker<H> {
    pub(crate) fn new(inbox: Inbox, handler: H) -> Self {
        Self {
            inbox,
            handler,
            concurrency: 1,
            retry: RetryPolicy::default(),
            lease: Duration::from_secs(60),
            timeout: Duration::from_secs(600),
            retention: Retention::default(),
            observe: None,
        }
    }

    /// Sets how many events are handled at the same time, of as many chats. The default is 1; 0 counts as 1.
    pub fn concurrency(mut self, events: usize) -> Self {
        self.concurrency = events.max(1);
        self
    }

    /// Sets how often an event is attempted, and how long it waits in between.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how long an event is leased. The default is 60 seconds; at least one second.
    ///
    /// The worker extends the lease while the handler runs. If the worker dies, the event is handled again after this
    /// duration.
    pub fn lease(mut self, duration: Duration) -> Self {
        self.lease = duration.max(Duration::from_secs(1));
        self
    }

    /// Sets how long the handler may take for one event. The default is 10 minutes.
    ///
    /// After that, its future is dropped and the attempt failed.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long finished events are remembered. The worker sweeps the store once a minute.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Sets a callback for each attempt that ended, for logs and metrics.
    pub fn observe(mut self, callback: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.observe = Some(Arc::new(callback));
        self
    }
}

impl<H: EventHandler<Error: Display>> Worker<H> {
    /// Handles events for ever.
    pub async fn run(self) {
        self.run_until(pending()).await;
    }

    /// Handles events until `shutdown` completes, and then finishes those that it has claimed.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        let stopped = race(self.handle_until(shutdown), self.sweep()).await;
        stopped.unwrap_or_default();
    }

    async fn handle_until(&self, shutdown: impl Future<Output = ()>) {
        let (store, queue) = (&self.inbox.store, &self.inbox.queue);
        let mut shutdown = pin!(shutdown);
        let mut tasks = Tasks::new();
        let mut step = Step::Idle;
        let mut failures = 0;
        let mut suspects = 0;
        poll_fn(|context| {
            loop {
                if shutdown.as_mut().poll(context).is_ready() {
                    return Poll::Ready(());
                }
                while let Poll::Ready(Some(was_suspect)) = tasks.poll_next(context) {
                    suspects -= usize::from(was_suspect);
                }
                step = match &mut step {
                    Step::Idle => match self.concurrency - tasks.len() {
                        0 => return Poll::Pending,
                        free => Step::Claiming(store.claim(queue, free, self.lease)),
                    },
                    Step::Waiting(wait) => {
                        ready!(wait.as_mut().poll(context));
                        Step::Idle
                    }
                    Step::Claiming(claims) => match ready!(claims.as_mut().poll(context)) {
                        Ok(claims) if claims.is_empty() => Step::Waiting(store.wait(queue, POLL_INTERVAL)),
                        Ok(claims) => {
                            failures = 0;
                            let (mut suspicious, others): (Vec<_>, Vec<_>) =
                                claims.into_iter().partition(|claim| is_suspect(&claim.item));
                            for claim in others {
                                tasks.push(self.process_after(Vec::new(), Some(claim)));
                            }
                            let next = if suspects == 0 { suspicious.pop() } else { None };
                            suspects += usize::from(next.is_some());
                            tasks.push(self.process_after(suspicious, next));
                            Step::Idle
                        }
                        Err(_) => {
                            failures += 1;
                            Step::Waiting(store.sleep(backoff(failures)))
                        }
                    },
                }
            }
        })
        .await;
        // The leases of a claim that is dropped would be held by nobody until they end.
        if let Step::Claiming(claims) = step {
            for claim in claims.await.unwrap_or_default() {
                let _lost_or_released = self.settle(&claim.lease, Settlement::Release).await;
            }
        }
        while tasks.next().await.is_some() {}
    }

    /// Puts suspects back, and then handles a claimed event. Returns `true` if that is a suspect.
    async fn process_after(&self, suspects: Vec<Claim>, next: Option<Claim>) -> bool {
        for suspect in suspects {
            let _lost_or_released = self.settle(&suspect.lease, Settlement::postpone(POSTPONEMENT)).await;
        }
        let Some(next) = next else { return false };
        let is_suspect = is_suspect(&next.item);
        self.process(next).await;
        is_suspect
    }

    /// Handles a claimed event and settles it.
    async fn process(&self, Claim { item, lease, .. }: Claim) {
        let settlement = match self.read(&item) {
            // Every attempt was counted and none ended: the event may kill its process.
            _ if self.retry.is_used_up(item.attempts) => {
                Settlement::dead_letter("the last attempt did not end: its process died or lost the lease")
            }
            Err(error) => Settlement::dead_letter(error.to_string()),
            Ok(event) => match race(self.handle(event), self.hold(&lease)).await {
                Ok(Ok(())) => Settlement::Complete,
                Ok(Err(error)) | Err(Interruption::TimedOut(error)) => {
                    match self.retry.delay(item.attempts) {
                        Some(delay) => Settlement::retry(delay, error),
                        None => Settlement::dead_letter(error),
                    }
                }
                Err(Interruption::LeaseLost) => return self.report(&item, None),
            },
        };
        let settled = self.settle(&lease, settlement.clone()).await;
        self.report(&item, (settled == Settled::Held).then_some(&settlement));
    }

    /// Reads the event. What this version cannot read is for handlers of every event only.
    fn read(&self, item: &Item) -> Result<Event, ParseEventError> {
        Event::parse_unverified(RawBody::new(item.body.clone())).or_else(|error| {
            let takes_all = self.handler.events().contains(&Interest::All);
            error.event().filter(|_| takes_all).cloned().ok_or(error)
        })
    }

    async fn handle(&self, event: Event) -> Result<(), String> {
        match catch_panic(async { self.handler.handle(event).await }).await {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("handler panicked; see the log of the process".to_owned()),
        }
    }

    /// Extends the lease until the attempt has to end.
    async fn hold(&self, lease: &Lease) -> Interruption {
        let store = &self.inbox.store;
        let interval = self.lease / 3;
        let (mut elapsed, mut since_extended) = (Duration::ZERO, Duration::ZERO);
        loop {
            let wait = interval.min(self.timeout.saturating_sub(elapsed));
            store.sleep(wait).await;
            elapsed += wait;
            since_extended += wait;
            if elapsed >= self.timeout {
                return Interruption::TimedOut(format!("handler timed out after {:?}", self.timeout));
            }
            match store.extend(&self.inbox.queue, lease, self.lease).await {
                Ok(Settled::Held) => since_extended = Duration::ZERO,
                Ok(Settled::Lost) => return Interruption::LeaseLost,
                Err(_) if since_extended >= self.lease => return Interruption::LeaseLost,
                Err(_) => {}
            }
        }
    }

    /// Settles a lease, and tries again after errors of the store until the lease has ended.
    async fn settle(&self, lease: &Lease, settlement: Settlement) -> Settled {
        let store = &self.inbox.store;
        let mut elapsed = Duration::ZERO;
        for failures in 1.. {
            match store.settle(&self.inbox.queue, lease, settlement.clone()).await {
                Ok(settled) => return settled,
                Err(_) if elapsed >= self.lease => break,
                Err(_) => {
                    let wait = backoff(failures);
                    store.sleep(wait).await;
                    elapsed += wait;
                }
            }
        }
        Settled::Lost
    }

    fn report(&self, item: &Item, settlement: Option<&Settlement>) {
        let Some(observe) = &self.observe else { return };
        let end = match settlement {
            None | Some(Settlement::Release | Settlement::Postpone { .. }) => AttemptEnd::LeaseLost,
            Some(Settlement::Complete) => AttemptEnd::Completed,
            Some(Settlement::Retry { delay, error }) => AttemptEnd::Retried { error, delay: *delay },
            Some(Settlement::DeadLetter { error }) => AttemptEnd::DeadLettered { error },
        };
        observe(&Attempt { item, end });
    }

    /// Sweeps the store for ever.
    async fn sweep(&self) {
        let store = &self.inbox.store;
        loop {
            store.sleep(SWEEP_INTERVAL).await;
            while let Ok(1..) = store.sweep(&self.inbox.queue, &self.retention, SWEEP_LIMIT).await {}
        }
    }
}

/// What a worker does beside handling events.
enum Step {
    Idle,
    Claiming(StoreFuture<Vec<Claim>>),
    Waiting(Sleep),
}

/// Why a handler is stopped.
enum Interruption {
    LeaseLost,
    TimedOut(String),
}

/// Returns `true` if the last attempt of an event did not end: the event may have killed its process. A process handles one
/// such event at a time, so that those that were only beside it when it died do not die with it again.
fn is_suspect(item: &Item) -> bool {
    item.attempts > 1 && item.last_error.is_none()
}

/// Returns the delay after this number of consecutive errors of the store.
fn backoff(failures: usize) -> Duration {
    shorten(STORE_BACKOFF[failures.clamp(1, STORE_BACKOFF.len()) - 1])
}

impl<H> fmt::Debug for Worker<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("inbox", &self.inbox)
            .field("concurrency", &self.concurrency)
            .field("retry", &self.retry)
            .field("lease", &self.lease)
            .field("timeout", &self.timeout)
            .field("retention", &self.retention)
            .finish_non_exhaustive()
    }
}
