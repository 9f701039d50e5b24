use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

/// Runs a future to its end on this thread: how a server without an async runtime calls a
/// [`Receiver`](crate::Receiver).
///
/// The thread sleeps while there is nothing to do. A handler that needs a runtime of its own, such as one that
/// does I/O with tokio, still needs that runtime around it.
///
/// ```
/// use bytes::Bytes;
/// use linq_webhooks::{EventHandler, Receiver, block_on};
///
/// fn answer<H: EventHandler>(
///     receiver: &Receiver<H>,
///     request: http::Request<Bytes>,
/// ) -> http::Response<Bytes> {
///     block_on(receiver.respond(request))
/// }
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
