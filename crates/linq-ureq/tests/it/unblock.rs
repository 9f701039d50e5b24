use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use linq_core::{AttemptTimeout, BlockingHttpBackend, Body, HttpBackend, TransportError};
use linq_ureq::Unblock;

/// Remembers the timeouts that it was given.
#[derive(Debug, Clone, Default)]
struct Timeouts(Arc<Mutex<Vec<Duration>>>);

impl BlockingHttpBackend for Timeouts {
    fn send(
        &self,
        _: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.0.lock().unwrap().push(timeout);
        Ok(http::Response::default())
    }
}

#[test]
fn a_thread_works_until_the_timeout_of_the_attempt_or_a_shorter_one_of_the_backend() {
    let timeouts = Timeouts::default();
    let unlimited = Unblock::new(timeouts.clone());
    let brief = unlimited.clone().timeout(Duration::from_secs(5));
    let upload = Duration::from_secs(15 * 60);
    for backend in [unlimited, brief] {
        for timeout in [None, Some(AttemptTimeout(upload))] {
            let mut request = http::Request::new(Body::empty());
            timeout.map(|timeout| request.extensions_mut().insert(timeout));
            async_io::block_on(backend.send(request)).unwrap();
        }
    }
    let seconds = Duration::from_secs;
    assert_eq!(*timeouts.0.lock().unwrap(), [Duration::MAX, seconds(900), seconds(5), seconds(5)]);
}
