//! A backend in forty lines: it sends with attohttpc, an HTTP library that the SDK has never heard of, on the threads of
//! the crate `blocking`, and waits with the timer of `async-io`.

use std::{
    io::{self, Read},
    time::Duration,
};

use async_io::Timer;
use attohttpc::{ErrorKind, RequestBuilder};
use bytes::Bytes;
use http::{Request, Response};
use linq::{BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind};

const LARGEST_RESPONSE: u64 = 64 * 1024 * 1024;

/// Sends with attohttpc.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to set")]
pub struct AttohttpcBackend;

impl HttpBackend for AttohttpcBackend {
    fn send(&self, request: Request<Body>) -> BackendFuture<Result<Response<Bytes>, TransportError>> {
        Box::pin(blocking::unblock(|| exchange(request)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(async move {
            Timer::after(duration).await;
        })
    }
}

fn exchange(request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
    let (parts, body) = request.into_parts();
    let body =
        body.collect().map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))?;
    let mut prepared = RequestBuilder::try_new(parts.method, parts.uri.to_string())
        .map_err(failed)?
        .follow_redirects(false)
        .bytes(body);
    prepared.headers_mut().extend(parts.headers);
    let (status, headers, reader) = prepared.send().map_err(failed)?.split();
    let mut body = Vec::new();
    reader.take(LARGEST_RESPONSE + 1).read_to_end(&mut body).map_err(|error| failed(error.into()))?;
    if body.len() as u64 > LARGEST_RESPONSE {
        return Err(TransportError::new(TransportErrorKind::TooLarge));
    }
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

fn failed(error: attohttpc::Error) -> TransportError {
    let kind = match error.kind() {
        ErrorKind::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            TransportErrorKind::Connect
        }
        _ => TransportErrorKind::Other,
    };
    TransportError::with_source(kind, error)
}
