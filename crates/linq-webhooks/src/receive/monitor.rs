use std::{
    fmt,
    future::poll_fn,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

/// A shared value whose changes can be awaited on any executor.
pub(super) struct Monitor<T> {
    watched: Mutex<Watched<T>>,
}

struct Watched<T> {
    value: T,
    wakers: Vec<Waker>,
}

impl<T> Monitor<T> {
    pub(super) fn new(value: T) -> Self {
        Self { watched: Mutex::new(Watched { value, wakers: Vec::new() }) }
    }

    /// Changes the value and wakes all waiters.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut watched = self.lock();
        let result = change(&mut watched.value);
        let wakers = mem::take(&mut watched.wakers);
        drop(watched);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    /// Waits until `ready` returns a result. It is called after each change. Its own changes wake no waiter.
    pub(super) async fn wait<R>(&self, mut ready: impl FnMut(&mut T) -> Option<R>) -> R {
        poll_fn(|context| {
            let mut watched = self.lock();
            if let Some(result) = ready(&mut watched.value) {
                return Poll::Ready(result);
            }
            if !watched.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                watched.wakers.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    fn lock(&self) -> MutexGuard<'_, Watched<T>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Monitor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Monitor")
    }
}
