//! A custom backend: ureq sends on the thread pool of the crate `blocking`, and `async-io` has the timer.

use std::{io, time::Duration};

use async_io::Timer;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::CONTENT_LENGTH};
use linq::{
    AttemptTimeout, BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind,
    backend::{BoundedBody, DEFAULT_MAX_RESPONSE_BYTES},
};
use ureq::{Agent, Error, SendBody};

/// Sends with a ureq agent. A request that is dropped continues until its timeout, and uploads are read into memory.
#[derive(Debug, Clone)]
pub struct AgentBackend(Agent);

impl AgentBackend {
    /// Creates a backend with a connection pool of its own.
    #[must_use]
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("")
            .accept("")
            .accept_encoding("");
        Self(Agent::new_with_config(config.build()))
    }
}

impl Default for AgentBackend {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpBackend for AgentBackend {
    fn send(&self, request: Request<Body>) -> BackendFuture<Result<Response<Bytes>, TransportError>> {
        let agent = self.0.clone();
        Box::pin(blocking::unblock(move || exchange(&agent, request).map_err(transport_error)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(async move {
            Timer::after(duration).await;
        })
    }
}

fn exchange(agent: &Agent, request: Request<Body>) -> Result<Response<Bytes>, Error> {
    let (mut head, body) = request.into_parts();
    // A thread cannot be cancelled, so it stops when the client does. ureq cannot add every timeout to the present time.
    let timeout =
        head.extensions.get().map(|AttemptTimeout(timeout)| (*timeout).min(Duration::from_secs(86_400)));
    // The client sets the length of an empty body where one is expected; ureq needs that of others.
    let body = if head.headers.contains_key(CONTENT_LENGTH) || !body.is_empty() {
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.content_length()));
        SendBody::from_owned_reader(io::Cursor::new(body.collect().map_err(io::Error::other)?))
    } else {
        SendBody::none()
    };
    let request = agent.configure_request(Request::from_parts(head, body)).timeout_global(timeout).build();
    let (head, body) = agent.run(request)?.into_parts();
    let body = BoundedBody::read(body.into_reader(), DEFAULT_MAX_RESPONSE_BYTES)?;
    let body = body.ok_or(Error::BodyExceedsLimit(DEFAULT_MAX_RESPONSE_BYTES as u64))?;
    Ok(Response::from_parts(head, body))
}

/// The client retries every call whose request was not sent (`Connect`).
fn transport_error(error: Error) -> TransportError {
    let kind = match &error {
        Error::HostNotFound | Error::ConnectionFailed => TransportErrorKind::Connect,
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => TransportErrorKind::Connect,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::BodyExceedsLimit(_) => TransportErrorKind::TooLarge,
        _ => TransportErrorKind::Other,
    };
    TransportError::with_source(kind, error)
}
