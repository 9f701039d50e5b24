use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// Futures that run side by side within one future. Each is polled only when it was woken.
///
/// Unlike a runtime's tasks they need not be `Send`, and dropping the set drops them.
pub(crate) struct Tasks<F> {
    tasks: Vec<(Arc<TaskWaker>, Pin<Box<F>>)>,
    parent: Arc<Mutex<Waker>>,
}

struct TaskWaker {
    is_woken: AtomicBool,
    parent: Arc<Mutex<Waker>>,
}

impl<F: Future> Tasks<F> {
    pub(crate) fn new() -> Self {
        Self { tasks: Vec::new(), parent: Arc::new(Mutex::new(Waker::noop().clone())) }
    }

    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Adds a future, which is polled with the next [`poll_next`](Self::poll_next).
    pub(crate) fn push(&mut self, future: F) {
        let waker = TaskWaker { is_woken: AtomicBool::new(true), parent: Arc::clone(&self.parent) };
        self.tasks.push((Arc::new(waker), Box::pin(future)));
    }

    /// Runs the futures until one of them completes. Returns `None` if there are none.
    pub(crate) fn poll_next(&mut self, context: &Context<'_>) -> Poll<Option<F::Output>> {
        self.parent.lock().unwrap_or_else(PoisonError::into_inner).clone_from(context.waker());
        for at in 0..self.tasks.len() {
            let (waker, future) = &mut self.tasks[at];
            if !waker.is_woken.swap(false, Ordering::AcqRel) {
                continue;
            }
            let task_waker = Waker::from(Arc::clone(waker));
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&task_waker)) {
                drop(self.tasks.swap_remove(at));
                return Poll::Ready(Some(output));
            }
        }
        if self.tasks.is_empty() { Poll::Ready(None) } else { Poll::Pending }
    }

    pub(crate) async fn next(&mut self) -> Option<F::Output> {
        poll_fn(|context| self.poll_next(context)).await
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.parent.lock().unwrap_or_else(PoisonError::into_inner).wake_by_ref();
    }
}

/// Runs both futures until one completes, and drops the other: `Ok` is the first one's output, `Err` the second one's.
pub(crate) async fn race<A: Future, B: Future>(first: A, second: B) -> Result<A::Output, B::Output> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| match first.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Ok(output)),
        Poll::Pending => second.as_mut().poll(context).map(Err),
    })
    .await
}
