//! The texts of panics.

use std::{
    fmt,
    future::{IntoFuture, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// Returns the text that a future panics with.
pub(crate) async fn panic_of<T: fmt::Debug>(future: impl IntoFuture<Output = T>) -> String {
    let mut future = pin!(future.into_future());
    let ended = poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match polled {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    });
    *ended.await.expect_err("it did not panic").downcast().unwrap()
}
