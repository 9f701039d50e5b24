use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

/// Runs a future to completion on the current thread, for servers without an async runtime.
///
/// The thread is parked while the future is pending. A handler that needs a runtime, for example for I/O with tokio,
/// must be called within that runtime.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use bytes::Bytes;
/// use linq::webhooks::{EventHandler, Receiver, block_on};
///
/// fn hook<H: EventHandler>(
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
