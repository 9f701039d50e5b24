#[cfg(feature = "blocking")]
use std::sync::Condvar;
use std::{
    collections::BTreeMap,
    future::poll_fn,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

#[cfg(feature = "blocking")]
use crate::blocking::Deadline;

/// A value whose changes futures and threads can wait for.
#[derive(Debug, Default)]
pub(crate) struct Watched<T> {
    state: Mutex<State<T>>,
    #[cfg(feature = "blocking")]
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State<T> {
    value: T,
    /// The wakers of the waits that are in progress, by their numbers.
    wakers: BTreeMap<u64, Waker>,
    waits: u64,
}

impl<T> Watched<T> {
    pub(crate) fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.lock().value)
    }

    /// Changes the value and wakes all who wait.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.lock();
        let result = change(&mut state.value);
        let wakers = mem::take(&mut state.wakers);
        drop(state);
        #[cfg(feature = "blocking")]
        self.changed.notify_all();
        wakers.into_values().for_each(Waker::wake);
        result
    }

    /// Returns what `find` finds in the value, now or after a change.
    pub(crate) async fn until<R>(&self, mut find: impl FnMut(&T) -> Option<R>) -> R {
        let wait = Wait::new(self);
        poll_fn(|context| {
            let mut state = self.lock();
            if let Some(found) = find(&state.value) {
                return Poll::Ready(found);
            }
            state.wakers.insert(wait.number, context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Does what [`until`](Self::until) does on this thread, or returns `None` if the deadline passes first.
    #[cfg(feature = "blocking")]
    pub(crate) fn wait_until<R>(
        &self,
        deadline: Deadline,
        mut find: impl FnMut(&T) -> Option<R>,
    ) -> Option<R> {
        let mut state = self.lock();
        loop {
            if let Some(found) = find(&state.value) {
                return Some(found);
            }
            state = match deadline.left() {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => return None,
                Some(left) => {
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait, which removes its waker when it ends or is dropped: a value that never changes keeps none.
struct Wait<'w, T> {
    watched: &'w Watched<T>,
    number: u64,
}

impl<'w, T> Wait<'w, T> {
    fn new(watched: &'w Watched<T>) -> Self {
        let mut state = watched.lock();
        state.waits += 1;
        Self { watched, number: state.waits }
    }
}

impl<T> Drop for Wait<'_, T> {
    fn drop(&mut self) {
        self.watched.lock().wakers.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::Arc,
        sync::atomic::{AtomicUsize, Ordering},
        task::{Context, Wake},
    };

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_change_wakes_each_wait_and_an_ended_wait_leaves_no_waker() {
        let watched = Watched::<u32>::default();
        let counts = [(); 3].map(|()| Arc::new(Count::default()));
        {
            let mut waits =
                counts.each_ref().map(|_| Box::pin(watched.until(|value| (*value > 1).then_some(*value))));
            for (wait, count) in waits.iter_mut().zip(&counts) {
                let waker = Waker::from(Arc::clone(count));
                for _ in 0..2 {
                    assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                }
            }
            assert_eq!(watched.lock().wakers.len(), 3);
            watched.change(|value| *value = 1);
            assert_eq!(counts.each_ref().map(|count| count.0.load(Ordering::Relaxed)), [1, 1, 1]);
            let waker = Waker::from(Arc::clone(&counts[0]));
            assert!(waits[0].as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            assert_eq!(watched.lock().wakers.len(), 1);
        }
        assert_eq!(watched.lock().wakers.len(), 0);
        watched.change(|value| *value = 2);
        let found = pin!(watched.until(|value| Some(*value))).poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(found, Poll::Ready(2));
        assert_eq!(watched.lock().wakers.len(), 0);
    }
}
