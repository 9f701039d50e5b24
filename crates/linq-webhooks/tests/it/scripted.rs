//! A handler that follows a script.

use std::{
    collections::VecDeque,
    future::pending,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use linq_webhooks::{EventHandler, Outcome, events::Event};
use tokio::sync::Notify;

pub(super) enum Step {
    Succeed,
    Fail,
    Panic,
    Hang,
    WaitFor(Arc<Notify>),
}

/// Takes one step for each event, and succeeds when no steps are left.
pub(super) struct Scripted {
    steps: Mutex<VecDeque<Step>>,
    handled: Mutex<Vec<String>>,
}

impl Scripted {
    pub(super) fn new<const N: usize>(steps: [Step; N]) -> Self {
        Self { steps: Mutex::new(steps.into()), handled: Mutex::default() }
    }

    /// Takes no more of the steps.
    pub(super) fn succeed_from_now_on(&self) {
        self.steps.lock().unwrap().clear();
    }

    /// Returns the IDs of the events that it was called with.
    pub(super) fn called_with(&self) -> Vec<String> {
        self.handled.lock().unwrap().clone()
    }
}

impl EventHandler for Scripted {
    type Error = &'static str;

    async fn handle(&self, event: Event) -> Result<Outcome, Self::Error> {
        let id = event.event_id.map_or_else(|| "(none)".to_owned(), String::from);
        self.handled.lock().unwrap().push(id);
        let step = self.steps.lock().unwrap().pop_front();
        match step.unwrap_or(Step::Succeed) {
            Step::Succeed => {}
            Step::Fail => return Err("the database is away"),
            Step::Panic => panic!("on purpose"),
            Step::Hang => pending().await,
            Step::WaitFor(signal) => signal.notified().await,
        }
        Ok(Outcome::Handled)
    }
}

pub(super) fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}
