use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use crate::{Sleep, StoreFuture, Timer};

/// Wakes everybody who waits for a change, within the process.
///
/// For implementations of [`Store::wait`](crate::Store::wait).
#[derive(Debug, Clone, Default)]
pub struct Signal(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    changes: u64,
    wakers: Vec<Waker>,
}

impl Signal {
    /// Announces a change.
    pub fn notify(&self) {
        let mut state = self.lock();
        state.changes += 1;
        let wakers = mem::take(&mut state.wakers);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits for the next change after this call, whenever the future is polled first.
    pub fn next(&self) -> Changed {
        Changed { seen: self.lock().changes, signal: self.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The future of [`Signal::next`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Changed {
    signal: Signal,
    seen: u64,
}

impl Changed {
    /// Completes at the change or with the timer, whichever comes first.
    pub async fn or(mut self, mut timer: Sleep) {
        std::future::poll_fn(|context| match Pin::new(&mut self).poll(context) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => timer.as_mut().poll(context),
        })
        .await;
    }

    /// Completes at the change, when an item is due, or after `at_most`. `until_due` returns how long it takes until an item is
    /// due, if there is one.
    pub async fn or_due(self, until_due: StoreFuture<Option<Duration>>, timer: Timer, at_most: Duration) {
        let until_due = until_due.await.ok().flatten().unwrap_or(at_most);
        if !until_due.is_zero() {
            self.or(timer.sleep(at_most.min(until_due))).await;
        }
    }
}

impl Future for Changed {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.signal.lock();
        if state.changes != self.seen {
            return Poll::Ready(());
        }
        if !state.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            state.wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}
