use std::time::Duration;

use linq_core::{BackendFuture, Body, HttpBackend, TransportError, blocking::Client};

#[derive(Debug)]
struct AsyncBackend;

impl HttpBackend for AsyncBackend {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<bytes::Bytes>, TransportError>> {
        Box::pin(std::future::pending())
    }

    fn sleep(&self, _: Duration) -> BackendFuture<()> {
        Box::pin(std::future::pending())
    }
}

fn main() {
    let _ = Client::new("key", AsyncBackend);
}
