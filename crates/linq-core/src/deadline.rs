//! The deadline of one or several calls on the asynchronous client.

use std::time::{Duration, SystemTime};

use crate::{BackendFuture, HttpBackend, client::race, exchange::Moment};

/// A deadline, if there is one, kept by the timer of the backend.
pub(crate) struct Deadline {
    limit: Limit,
    timer: Option<BackendFuture<()>>,
}

/// The time until a deadline, and when it began by the clock of the backend, if it has one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    duration: Option<Duration>,
    began: Option<SystemTime>,
}

impl Deadline {
    /// Starts a deadline that passes after `duration`, if ever.
    pub(crate) fn after(duration: Option<Duration>, backend: &dyn HttpBackend) -> Self {
        Self {
            limit: Limit { duration, began: duration.and_then(|_| backend.now()) },
            timer: duration.map(|duration| backend.sleep(duration)),
        }
    }

    pub(crate) fn limit(&self) -> Limit {
        self.limit
    }

    /// Returns what `work` gives, or `None` if the deadline passes first. It can pass only once.
    pub(crate) async fn race<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        match &mut self.timer {
            Some(timer) => race(work, timer).await,
            None => Some(work.await),
        }
    }
}

impl Limit {
    /// What is left at most: without a clock, or with one that was set back, all of it.
    pub(crate) fn left(self, backend: &dyn HttpBackend) -> Option<Duration> {
        let elapsed = || backend.now()?.duration_since(self.began?).ok();
        self.duration.map(|duration| duration.saturating_sub(elapsed().unwrap_or_default()))
    }

    pub(crate) fn moment(self, backend: &dyn HttpBackend) -> Moment {
        Moment { now: backend.now(), left: self.left(backend) }
    }
}
