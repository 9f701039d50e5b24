//! The open connections. When there are too many, those that have waited longest for a request are closed.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::AcqRel, Ordering::Acquire, Ordering::Release},
    },
    time::Duration,
};

use tokio::{
    task::{self, AbortHandle, JoinSet},
    time::timeout,
};

/// How long to wait for a connection to end before looking again for idle ones.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

#[derive(Default)]
pub(crate) struct Connections {
    tasks: JoinSet<()>,
    open: HashMap<task::Id, (AbortHandle, Arc<Activity>)>,
    /// Counts the moments at which connections became idle.
    ticks: Arc<AtomicU64>,
}

impl Connections {
    /// Serves a connection on a task of its own.
    pub(crate) fn spawn<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        serve: impl FnOnce(Arc<Activity>) -> F,
    ) {
        let activity = Arc::new(Activity { state: AtomicU64::new(0), ticks: self.ticks.clone() });
        activity.end();
        let handle = self.tasks.spawn(serve(activity.clone()));
        self.open.insert(handle.id(), (handle, activity));
    }

    /// Returns once there are less than `most` connections, for which idle ones are closed.
    pub(crate) async fn make_room(&mut self, most: usize) {
        self.forget_ended();
        while self.open.len() >= most {
            self.close_idle(self.open.len() + 1 - most);
            if let Ok(Some(ended)) = timeout(LOOK_AGAIN, self.tasks.join_next_with_id()).await {
                self.forget(ended);
            }
            self.forget_ended();
        }
    }

    /// Closes idle connections: a quarter of all, if there are so many, and at least one.
    pub(crate) fn close_quarter_of_idle(&mut self) {
        self.forget_ended();
        self.close_idle(self.open.len().div_ceil(4));
    }

    pub(crate) fn close_all_idle(&self) {
        self.close_idle(self.open.len());
    }

    /// Waits until all connections have ended.
    pub(crate) async fn ended(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// Closes up to `count` connections, those first that have been idle for longest.
    fn close_idle(&self, count: usize) {
        let mut idle: Vec<_> = self
            .open
            .values()
            .filter_map(|(handle, activity)| Some((activity.idle_since()?, handle, activity)))
            .collect();
        idle.sort_unstable_by_key(|(since, ..)| *since);
        for (since, handle, activity) in idle.into_iter().take(count) {
            if activity.close(since) {
                handle.abort();
            }
        }
    }

    fn forget_ended(&mut self) {
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.forget(ended);
        }
    }

    fn forget(&mut self, ended: Result<(task::Id, ()), task::JoinError>) {
        self.open.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
    }
}

/// What a connection is doing: it waits for a request since some tick, is busy with one, or is closed.
pub(crate) struct Activity {
    state: AtomicU64,
    ticks: Arc<AtomicU64>,
}

const BUSY: u64 = u64::MAX;
const CLOSED: u64 = u64::MAX - 1;

impl Activity {
    /// Marks the connection as busy until the value is dropped. Returns `None` if the connection is closed, whose
    /// requests are not executed any more.
    pub(crate) fn begin(self: &Arc<Self>) -> Option<Busy> {
        let begin = |state| (state != CLOSED).then_some(BUSY);
        self.state.fetch_update(AcqRel, Acquire, begin).is_ok().then(|| Busy(self.clone()))
    }

    fn end(&self) {
        self.state.store(self.ticks.fetch_add(1, AcqRel), Release);
    }

    fn idle_since(&self) -> Option<u64> {
        Some(self.state.load(Acquire)).filter(|state| *state < CLOSED)
    }

    /// Returns `false` if the connection has become busy.
    fn close(&self, idle_since: u64) -> bool {
        self.state.compare_exchange(idle_since, CLOSED, AcqRel, Acquire).is_ok()
    }
}

/// A request in progress.
pub(crate) struct Busy(Arc<Activity>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    fn open(connections: &mut Connections) -> Arc<Activity> {
        let mut opened = None;
        connections.spawn(|activity| {
            opened = Some(activity);
            pending()
        });
        opened.unwrap()
    }

    #[tokio::test]
    async fn those_idle_for_longest_are_closed_and_busy_ones_are_not() {
        let mut connections = Connections::default();
        let [first, second, third, fourth] = [(); 4].map(|()| open(&mut connections));
        let busy = second.begin().unwrap();
        drop(first.begin().unwrap());
        connections.make_room(3).await;
        let are_open = |of: [&Arc<Activity>; 4]| of.map(|one| one.state.load(Acquire) != CLOSED);
        assert_eq!(are_open([&first, &second, &third, &fourth]), [true, true, false, false]);
        assert!(third.begin().is_none());
        assert_eq!(connections.open.len(), 2);
        drop(busy);
        connections.make_room(1).await;
        assert!(connections.open.is_empty() && first.begin().is_none() && second.begin().is_none());
    }

    #[tokio::test]
    async fn when_all_are_busy_the_first_that_is_idle_again_gives_way() {
        let mut connections = Connections::default();
        let busy = [(); 2].map(|()| open(&mut connections).begin().unwrap());
        let [first, _second] = busy;
        let waiting = timeout(Duration::from_millis(50), connections.make_room(2)).await;
        assert!(waiting.is_err());
        drop(first);
        timeout(Duration::from_secs(5), connections.make_room(2)).await.unwrap();
        assert_eq!(connections.open.len(), 1);
    }
}
