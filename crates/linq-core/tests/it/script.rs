use std::{
    collections::VecDeque,
    pin::pin,
    sync::Mutex,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use linq_core::{BackendFuture, Body, Client, HttpBackend, TransportError, TransportErrorKind};

/// Answers with what it was given, one after another; `None` is a connection that failed.
#[derive(Debug)]
struct Script(Mutex<VecDeque<Option<(u16, String)>>>);

impl HttpBackend for Script {
    fn send(&self, _: http::Request<Body>) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let next = self.0.lock().unwrap().pop_front().unwrap();
        Box::pin(async move {
            let (status, body) = next.ok_or_else(|| TransportError::new(TransportErrorKind::Other))?;
            let response = http::Response::builder().status(status).header("x-trace-id", "trace-1");
            Ok(response.body(body.into()).unwrap())
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        sleep(duration)
    }
}

#[cfg(feature = "blocking")]
impl linq_core::BlockingHttpBackend for Script {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        run(HttpBackend::send(self, request))
    }
}

/// Delays take no time; the timeouts of attempts, which are longer, never end.
pub(super) fn sleep(duration: Duration) -> BackendFuture<()> {
    if duration > Duration::from_secs(10) { Box::pin(std::future::pending()) } else { Box::pin(async {}) }
}

pub(super) fn client(script: impl IntoIterator<Item = Option<(u16, String)>>) -> Client {
    Client::new("test-key", Script(Mutex::new(script.into_iter().collect()))).unwrap()
}

#[cfg(feature = "blocking")]
pub(super) fn blocking_client(
    script: impl IntoIterator<Item = Option<(u16, String)>>,
) -> linq_core::blocking::Client {
    let script = Script(Mutex::new(script.into_iter().collect()));
    linq_core::blocking::Client::new("test-key", script).unwrap()
}

/// Runs a future that never has to wait.
pub(super) fn run<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the script made the call wait"),
    }
}
