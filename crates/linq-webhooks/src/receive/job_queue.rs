use std::{collections::VecDeque, mem};

use super::monitor::Monitor;

/// The unfinished work of a receiver: a count of deliveries and jobs in progress, and the jobs that wait.
pub(super) struct JobQueue<J> {
    state: Monitor<State<J>>,
}

struct State<J> {
    closed: bool,
    in_progress: usize,
    workers: usize,
    queue: VecDeque<J>,
}

/// The reason why a job was not enqueued.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    Full,
    NoWorker,
}

impl<J> JobQueue<J> {
    pub(super) fn new() -> Self {
        let state = State { closed: false, in_progress: 0, workers: 0, queue: VecDeque::new() };
        Self { state: Monitor::new(state) }
    }

    /// Rejects new work from now on.
    pub(super) fn close(&self) {
        self.state.change(|state| state.closed = true);
    }

    /// Begins work that [`finished`](Self::finished) waits for. Returns `None` when closed.
    pub(super) fn begin(&self) -> Option<InProgress<'_, J>> {
        self.state
            .change(|state| {
                state.in_progress += usize::from(!state.closed);
                !state.closed
            })
            .then(|| InProgress { jobs: self, job: None })
    }

    /// Enqueues a job, unless the queue has no worker or already contains `capacity` jobs.
    pub(super) fn push(&self, job: J, capacity: usize) -> Result<(), (J, Rejection)> {
        self.state.change(|state| {
            if state.workers == 0 {
                return Err((job, Rejection::NoWorker));
            }
            if state.queue.len() >= capacity {
                return Err((job, Rejection::Full));
            }
            state.queue.push_back(job);
            Ok(())
        })
    }

    /// Waits for the next job. Returns `None` when closed and no job can be enqueued or returned any more.
    pub(super) async fn next_job(&self) -> Option<InProgress<'_, J>> {
        let job = self
            .state
            .wait(|state| match state.queue.pop_front() {
                Some(job) => {
                    state.in_progress += 1;
                    Some(Some(job))
                }
                None => (state.closed && state.in_progress == 0).then_some(None),
            })
            .await?;
        Some(InProgress { jobs: self, job: Some(job) })
    }

    /// Waits until nothing is in progress and no worker is left, and returns the remaining jobs.
    pub(super) async fn finished(&self) -> VecDeque<J> {
        self.state
            .wait(|state| (state.in_progress == 0 && state.workers == 0).then(|| mem::take(&mut state.queue)))
            .await
    }

    pub(super) fn add_worker(&self) {
        self.state.change(|state| state.workers += 1);
    }

    pub(super) fn remove_worker(&self) {
        self.state.change(|state| state.workers -= 1);
    }
}

/// Work in progress. A job that is still in it when it is dropped returns to the front of the queue.
pub(super) struct InProgress<'w, J> {
    jobs: &'w JobQueue<J>,
    pub(super) job: Option<J>,
}

impl<J> Drop for InProgress<'_, J> {
    fn drop(&mut self) {
        let unfinished = self.job.take();
        self.jobs.state.change(|state| {
            state.in_progress -= 1;
            if let Some(job) = unfinished {
                state.queue.push_front(job);
            }
        });
    }
}
