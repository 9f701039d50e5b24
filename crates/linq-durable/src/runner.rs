//! The loop of every worker: it claims items, holds their leases while they are processed, and settles them.

use std::{
    fmt,
    future::{Future, pending, poll_fn},
    pin::pin,
    sync::Arc,
    task::{Poll, ready},
    time::{Duration, Instant},
};

use linq_webhooks::Outcome;

use crate::{
    Attempt, Claim, Item, Lease, QueueName, Retention, Settled, Settlement, Sleep, Store, StoreFuture,
    attempt::{AttemptEnd, Observe},
    retry::shorten,
    tasks::{Tasks, race},
    timer,
    trace::Trace,
};

/// The longest wait for items that another process enqueued.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// How long an item waits that may have killed its process, while another such item is processed.
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

pub(crate) struct Runner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) queue: QueueName,
    pub(crate) concurrency: usize,
    pub(crate) lease: Duration,
    pub(crate) timeout: Duration,
    pub(crate) retention: Retention,
    pub(crate) observe: Option<Arc<Observe>>,
}

/// What a worker does with the items of its queue.
pub(crate) trait Process {
    /// Processes an item, and says what becomes of it. If the lease is lost, the future is dropped.
    fn process(&self, work: &mut Work) -> impl Future<Output = Settlement>;

    /// Says what becomes of an item whose processing was dropped after this timeout.
    fn timed_out(&self, item: &Item, timeout: Duration) -> Settlement;

    /// The span of an attempt.
    fn trace(claim: &Claim) -> Trace;

    /// The queues beside the runner's own that are to be swept.
    fn other_queues(&self) -> &[QueueName] {
        &[]
    }
}

/// An item that is being processed, or a burst.
pub(crate) struct Work {
    pub(crate) claim: Claim,
    /// The lease with which the work is settled.
    pub(crate) lease: Lease,
    pub(crate) trace: Trace,
    /// What a handler returned.
    pub(crate) outcome: Option<Outcome>,
}

impl Runner {
    pub(crate) fn new(store: Arc<dyn Store>, queue: QueueName) -> Self {
        Self {
            store,
            queue,
            concurrency: 1,
            lease: Duration::from_secs(60),
            timeout: Duration::from_secs(600),
            retention: Retention::default(),
            observe: None,
        }
    }

    /// Processes items until `shutdown` completes, and then finishes those that were claimed.
    pub(crate) async fn run_until(&self, process: &impl Process, shutdown: impl Future<Output = ()>) {
        let stopped = race(self.process_until(process, shutdown), self.sweep(process)).await;
        stopped.unwrap_or_default();
    }

    pub(crate) async fn run(&self, process: &impl Process) {
        self.run_until(process, pending()).await;
    }

    async fn process_until(&self, process: &impl Process, shutdown: impl Future<Output = ()>) {
        let (store, queue) = (&self.store, &self.queue);
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
                        free => Step::Claiming(store.claim(queue, free, self.lease), timer::now()),
                    },
                    Step::Waiting(wait) => {
                        ready!(wait.as_mut().poll(context));
                        Step::Idle
                    }
                    Step::Claiming(claims, asked_at) => match ready!(claims.as_mut().poll(context)) {
                        Ok(claims) if claims.is_empty() => Step::Waiting(store.wait(queue, POLL_INTERVAL)),
                        Ok(claims) => {
                            failures = 0;
                            let (mut suspicious, others): (Vec<_>, Vec<_>) =
                                claims.into_iter().partition(|claim| is_suspect(&claim.item));
                            for claim in others {
                                tasks.push(self.attempt_after(Vec::new(), Some(claim), *asked_at, process));
                            }
                            let next = if suspects == 0 { suspicious.pop() } else { None };
                            suspects += usize::from(next.is_some());
                            if next.is_some() || !suspicious.is_empty() {
                                tasks.push(self.attempt_after(suspicious, next, *asked_at, process));
                            }
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
        if let Step::Claiming(claims, _) = step {
            for claim in claims.await.unwrap_or_default() {
                let _lost_or_released = self.settle(&claim.lease, Settlement::Release).await;
            }
        }
        while tasks.next().await.is_some() {}
    }

    /// Puts suspects back, and then processes a claimed item. Returns `true` if that is a suspect.
    async fn attempt_after(
        &self,
        suspects: Vec<Claim>,
        next: Option<Claim>,
        asked_at: Instant,
        process: &impl Process,
    ) -> bool {
        for suspect in suspects {
            let _lost_or_released = self.settle(&suspect.lease, Settlement::postpone(POSTPONEMENT)).await;
        }
        let Some(next) = next else { return false };
        let is_suspect = is_suspect(&next.item);
        self.attempt(next, asked_at, process).await;
        is_suspect
    }

    /// Processes an item and settles it. The store was asked for the claim at this time.
    async fn attempt<P: Process>(&self, claim: Claim, asked_at: Instant, process: &P) {
        let trace = P::trace(&claim);
        let around = trace.clone();
        around
            .around(async move {
                let lease = claim.lease.clone();
                let mut work = Work { lease: lease.clone(), claim, trace, outcome: None };
                let left = self.trusted().saturating_sub(timer::now() - asked_at);
                let ended = match left.is_zero() {
                    // The claim took so long that another process may have the item.
                    true => Ok(Settlement::Release),
                    false => race(process.process(&mut work), self.hold(&lease, left)).await,
                };
                let settlement = match ended {
                    Ok(settlement) => Some(settlement),
                    Err(Interruption::TimedOut) => Some(process.timed_out(&work.claim.item, self.timeout)),
                    Err(Interruption::LeaseLost) => None,
                };
                let settlement = match settlement {
                    Some(settlement) => {
                        let settled = self.settle(&work.lease, settlement.clone()).await;
                        (settled == Settled::Held).then_some(settlement)
                    }
                    None => None,
                };
                let end = AttemptEnd::of(settlement.as_ref());
                work.trace.end(&end);
                if let Some(observe) = &self.observe {
                    observe(&Attempt { item: &work.claim.item, end, outcome: work.outcome });
                }
            })
            .await;
    }

    /// How long a lease is trusted from the moment when the store is asked for it. In the store it begins later, and ends later:
    /// an attempt ends before another process can begin one.
    fn trusted(&self) -> Duration {
        self.lease - self.lease / 6
    }

    /// Extends a lease, which is trusted for this long, until the attempt has to end. It ends also if the store does not
    /// respond.
    async fn hold(&self, lease: &Lease, trusted: Duration) -> Interruption {
        let interval = self.lease / 3;
        let mut elapsed = Duration::ZERO;
        let mut expiry = self.store.sleep(trusted);
        loop {
            let wait = interval.min(self.timeout.saturating_sub(elapsed));
            if race(self.store.sleep(wait), &mut expiry).await.is_err() {
                return Interruption::LeaseLost;
            }
            elapsed += wait;
            if elapsed >= self.timeout {
                return Interruption::TimedOut;
            }
            let next_expiry = self.store.sleep(self.trusted());
            match race(self.store.extend(&self.queue, lease, self.lease), &mut expiry).await {
                Ok(Ok(Settled::Held)) => expiry = next_expiry,
                Ok(Ok(Settled::Lost)) | Err(()) => return Interruption::LeaseLost,
                Ok(Err(_)) => {}
            }
        }
    }

    /// Settles a lease, and tries again after errors of the store until the lease has ended.
    async fn settle(&self, lease: &Lease, settlement: Settlement) -> Settled {
        let mut elapsed = Duration::ZERO;
        for failures in 1.. {
            match self.store.settle(&self.queue, lease, settlement.clone()).await {
                Ok(settled) => return settled,
                Err(_) if elapsed >= self.lease => break,
                Err(_) => {
                    let wait = backoff(failures);
                    self.store.sleep(wait).await;
                    elapsed += wait;
                }
            }
        }
        Settled::Lost
    }

    /// Sweeps the store for ever.
    async fn sweep(&self, process: &impl Process) {
        loop {
            self.store.sleep(SWEEP_INTERVAL).await;
            for queue in process.other_queues().iter().chain([&self.queue]) {
                while let Ok(1..) = self.store.sweep(queue, &self.retention, SWEEP_LIMIT).await {}
            }
        }
    }
}

/// What a runner does beside processing items.
enum Step {
    Idle,
    Claiming(StoreFuture<Vec<Claim>>, Instant),
    Waiting(Sleep),
}

/// Why an attempt is stopped.
enum Interruption {
    LeaseLost,
    TimedOut,
}

/// Returns `true` if the last attempt of an item did not end: the item may have killed its process. A process handles one
/// such item at a time, so that those that were only beside it when it died do not die with it again.
fn is_suspect(item: &Item) -> bool {
    item.attempts > 1 && item.last_error.is_none()
}

/// Returns the delay after this number of consecutive errors of the store.
pub(crate) fn backoff(failures: usize) -> Duration {
    shorten(STORE_BACKOFF[failures.clamp(1, STORE_BACKOFF.len()) - 1])
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("store", &self.store)
            .field("queue", &self.queue)
            .field("concurrency", &self.concurrency)
            .field("lease", &self.lease)
            .field("timeout", &self.timeout)
            .field("retention", &self.retention)
            .finish_non_exhaustive()
    }
}

/// Defines the settings of a runner as methods of a type that has one in its field `runner`.
macro_rules! runner_settings {
    ($what:literal, $timeout:literal) => {
        #[doc = concat!("Sets how many ", $what, " are processed at the same time, of as many chats. The default is 1; 0 counts as 1.")]
        pub fn concurrency(mut self, concurrency: usize) -> Self {
            self.runner.concurrency = concurrency.max(1);
            self
        }

        #[doc = concat!("Sets how long ", $what, " are leased. The default is 60 seconds; at least one second.")]
        ///
        /// The lease is extended meanwhile. If the process dies, another one takes over after this duration.
        pub fn lease(mut self, duration: std::time::Duration) -> Self {
            self.runner.lease = duration.max(std::time::Duration::from_secs(1));
            self
        }

        #[doc = $timeout]
        ///
        /// After that, its future is dropped and the attempt failed.
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.runner.timeout = timeout;
            self
        }

        /// Sets how long the store remembers what is finished. It is swept once a minute.
        pub fn retention(mut self, retention: crate::Retention) -> Self {
            self.runner.retention = retention;
            self
        }

        /// Sets a callback for each attempt that ended, for logs and metrics.
        pub fn observe(
            mut self,
            callback: impl Fn(&crate::Attempt<'_>) + Send + Sync + 'static,
        ) -> Self {
            self.runner.observe = Some(std::sync::Arc::new(callback));
            self
        }
    };
}
pub(crate) use runner_settings;
