use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    future::Future,
    pin::Pin,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use crate::Sleep;

/// A timer on a thread of its own, for stores without an async runtime.
///
/// The thread starts with the first [`sleep`](Self::sleep) and ends when the timer is dropped.
#[derive(Debug, Clone, Default)]
pub struct Timer(Arc<Owner>);

#[derive(Debug, Default)]
struct Owner(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    alarms: BinaryHeap<Reverse<Alarm>>,
    next_id: u64,
    running: bool,
    stopped: bool,
}

#[derive(Debug)]
struct Alarm {
    at: Instant,
    id: u64,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Debug)]
enum Slot {
    Waiting(Option<Waker>),
    Fired,
}

impl Timer {
    /// Creates a timer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Completes after this duration.
    #[must_use]
    pub fn sleep(&self, duration: Duration) -> Sleep {
        let slot = Arc::new(Mutex::new(Slot::Waiting(None)));
        match now().checked_add(duration) {
            Some(at) if self.0.0.add(at, &slot) => {}
            // No thread can be started: better early than never.
            Some(_) => *lock(&slot) = Slot::Fired,
            None => {}
        }
        Box::pin(Sleeping { slot, _timer: self.clone() })
    }
}

impl Shared {
    /// Returns `false` if the thread cannot be started.
    fn add(self: &Arc<Self>, at: Instant, slot: &Arc<Mutex<Slot>>) -> bool {
        let mut state = lock(&self.state);
        if !state.running {
            let shared = Arc::clone(self);
            let thread = thread::Builder::new().name("linq-timer".into());
            state.running = thread.spawn(move || shared.run()).is_ok();
        }
        state.next_id += 1;
        let alarm = Alarm { at, id: state.next_id, slot: Arc::clone(slot) };
        state.alarms.push(Reverse(alarm));
        self.changed.notify_one();
        state.running
    }

    fn run(&self) {
        let mut state = lock(&self.state);
        while !state.stopped {
            let now = now();
            match state.alarms.peek().map(|Reverse(alarm)| alarm.at) {
                Some(at) if at <= now => {
                    if let Some(Reverse(alarm)) = state.alarms.pop() {
                        drop(state);
                        fire(&alarm.slot);
                        state = lock(&self.state);
                    }
                }
                Some(at) => {
                    let waited = self.changed.wait_timeout(state, at - now);
                    state = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn fire(slot: &Mutex<Slot>) {
    let before = std::mem::replace(&mut *lock(slot), Slot::Fired);
    if let Slot::Waiting(Some(waker)) = before {
        waker.wake();
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        lock(&self.0.state).stopped = true;
        self.0.changed.notify_one();
    }
}

struct Sleeping {
    slot: Arc<Mutex<Slot>>,
    _timer: Timer,
}

impl Future for Sleeping {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match &mut *lock(&self.slot) {
            Slot::Fired => Poll::Ready(()),
            Slot::Waiting(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl PartialEq for Alarm {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Alarm {}

impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Alarm {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.id).cmp(&(other.at, other.id))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::disallowed_methods, reason = "a timer reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
