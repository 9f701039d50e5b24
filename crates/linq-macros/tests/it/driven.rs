use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

pub(super) const READ: &str = r#"{"api_version":"v3","data":{"chat":{"id":"c1"},"direction":"outbound","id":"m0","parts":[]},"event_id":"e2","event_type":"message.read","webhook_version":"2026-02-03"}"#;

/// Returns the output of a future that is ready at once.
pub(super) fn driven<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future is pending"),
    }
}
