use std::{collections::VecDeque, mem};

use crate::monitor::Monitor;

/// What a receiver has taken on and not finished: deliveries that are in progress, and jobs for later.
pub(crate) struct Workload<J> {
    state: Monitor<State<J>>,
}

struct State<J> {
    closed: bool,
    in_progress: usize,
    workers: usize,
    queue: VecDeque<J>,
}

/// Why a job was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Full,
    NoWorker,
}

impl<J> Workload<J> {
    pub(crate) fn new() -> Self {
        let state = State { closed: false, in_progress: 0, workers: 0, queue: VecDeque::new() };
        Self { state: Monitor::new(state) }
    }

    /// Nothing new is begun from now on.
    pub(crate) fn close(&self) {
        self.state.change(|state| state.closed = true);
    }

    /// Begins something that has to be finished before all is; `None` when closed.
    pub(crate) fn begin(&self) -> Option<InProgress<'_, J>> {
        self.state
            .change(|state| {
                state.in_progress += usize::from(!state.closed);
                !state.closed
            })
            .then(|| InProgress { workload: self, job: None })
    }

    /// Puts a job at the end of the queue, unless that many wait or nobody would ever take it.
    pub(crate) fn push(&self, job: J, capacity: usize) -> Result<(), (J, Refusal)> {
        self.state.change(|state| {
            if state.workers == 0 {
                return Err((job, Refusal::NoWorker));
            }
            if state.queue.len() >= capacity {
                return Err((job, Refusal::Full));
            }
            state.queue.push_back(job);
            Ok(())
        })
    }

    /// Waits for the next job. `None` when closed and no job can come any more.
    pub(crate) async fn next_job(&self) -> Option<InProgress<'_, J>> {
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
        Some(InProgress { workload: self, job: Some(job) })
    }

    /// Waits until nothing is in progress and no worker is left. Gives the jobs that were left to nobody.
    pub(crate) async fn finished(&self) -> VecDeque<J> {
        self.state
            .wait(|state| (state.in_progress == 0 && state.workers == 0).then(|| mem::take(&mut state.queue)))
            .await
    }

    pub(crate) fn add_worker(&self) {
        self.state.change(|state| state.workers += 1);
    }

    pub(crate) fn remove_worker(&self) {
        self.state.change(|state| state.workers -= 1);
    }
}

/// Something that was begun. A job that is still in it when it is dropped goes back to the head of the queue.
pub(crate) struct InProgress<'w, J> {
    workload: &'w Workload<J>,
    pub(crate) job: Option<J>,
}

impl<J> Drop for InProgress<'_, J> {
    fn drop(&mut self) {
        let unfinished = self.job.take();
        self.workload.state.change(|state| {
            state.in_progress -= 1;
            if let Some(job) = unfinished {
                state.queue.push_front(job);
            }
        });
    }
}
