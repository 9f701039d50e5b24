//! The reply to one operation: a channel for one value.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

pub(crate) fn channel<T>() -> (Sender<T>, Reply<T>) {
    let state = Arc::new(Mutex::new(State::Empty(None)));
    (Sender(Arc::clone(&state)), Reply(state))
}

enum State<T> {
    Empty(Option<Waker>),
    Sent(T),
    Dropped,
}

pub(crate) struct Sender<T>(Arc<Mutex<State<T>>>);

impl<T> Sender<T> {
    pub(crate) fn send(self, value: T) {
        self.replace(State::Sent(value));
    }

    fn replace(&self, state: State<T>) {
        let before = std::mem::replace(&mut *lock(&self.0), state);
        if let State::Empty(Some(waker)) = before {
            waker.wake();
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let is_empty = matches!(&*lock(&self.0), State::Empty(_));
        if is_empty {
            self.replace(State::Dropped);
        }
    }
}

/// The value; `None` if the sender was dropped.
pub(crate) struct Reply<T>(Arc<Mutex<State<T>>>);

impl<T> Future for Reply<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = lock(&self.0);
        match &mut *state {
            State::Empty(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            State::Sent(_) | State::Dropped => match std::mem::replace(&mut *state, State::Dropped) {
                State::Sent(value) => Poll::Ready(Some(value)),
                State::Empty(_) | State::Dropped => Poll::Ready(None),
            },
        }
    }
}

fn lock<T>(state: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
