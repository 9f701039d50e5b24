use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use linq_core::{AttemptTimeout, BlockingHttpBackend, Body, HttpBackend, TransportError};
use linq_ureq::Unblock;

/// Remembers the time limits that it was given.
#[derive(Debug, Clone, Default)]
struct Limits(Arc<Mutex<Vec<Duration>>>);

impl BlockingHttpBackend for Limits {
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
fn an_attempt_has_its_own_limit_or_else_that_of_the_backend() {
    let limits = Limits::default();
    let usual = Unblock::new(limits.clone());
    let brief = usual.clone().limit(Duration::from_secs(5));
    let upload = Duration::from_secs(15 * 60);
    for backend in [usual, brief] {
        for timeout in [None, Some(AttemptTimeout(upload))] {
            let mut request = http::Request::new(Body::empty());
            timeout.map(|timeout| request.extensions_mut().insert(timeout));
            async_io::block_on(backend.send(request)).unwrap();
        }
    }
    let seconds: Vec<u64> = limits.0.lock().unwrap().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [60, 900, 5, 900]);
}
