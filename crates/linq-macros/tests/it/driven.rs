use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

pub(super) const READ: &str = r#"{"api_version":"v3","data":{"chat":{"id":"c1"},"direction":"outbound","id":"m0","parts":[]},"event_id":"e2","event_type":"message.read","webhook_version":"2026-02-03"}"#;

/// What a future that waits for nothing comes to.
pub(super) fn driven<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something"),
    }
}
