//! A backend of one's own in forty lines: ureq sends on the threads of the crate `blocking`, and `async-io` has the timer.

use std::{io::Read, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use linq::{BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind};
use ureq::{Agent, Error};

const LARGEST_RESPONSE: u64 = 64 * 1024 * 1024;

/// Sends with a ureq agent.
#[derive(Debug, Clone)]
pub struct AgentBackend(Agent);

impl AgentBackend {
    /// A backend with connections of its own.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it opens connections")]
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .accept("")
            .accept_encoding("");
        Self(Agent::new_with_config(config.max_redirects_will_error(false).user_agent("").build()))
    }
}

impl HttpBackend for AgentBackend {
    fn send(&self, request: Request<Body>) -> BackendFuture<Result<Response<Bytes>, TransportError>> {
        let agent = self.0.clone();
        Box::pin(blocking::unblock(move || exchange(&agent, request).map_err(failed)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(async move {
            async_io::Timer::after(duration).await;
        })
    }
}

fn exchange(agent: &Agent, request: Request<Body>) -> Result<Response<Bytes>, Error> {
    let (head, body) = request.into_parts();
    let sends_body = matches!(head.method.as_str(), "POST" | "PUT" | "PATCH") || !body.is_empty();
    let body = body.collect().map_err(|error| Error::Other(error.into()))?;
    let response = match sends_body {
        true => agent.run(Request::from_parts(head, &body[..]))?,
        false => agent.run(Request::from_parts(head, ()))?,
    };
    let (head, body) = response.into_parts();
    let mut whole = Vec::new();
    body.into_with_config().limit(LARGEST_RESPONSE + 1).reader().read_to_end(&mut whole)?;
    match whole.len() as u64 > LARGEST_RESPONSE {
        true => Err(Error::BodyExceedsLimit(LARGEST_RESPONSE)),
        false => Ok(Response::from_parts(head, whole.into())),
    }
}

/// What says that nothing was sent is worth another attempt, whatever the call.
fn failed(error: Error) -> TransportError {
    let kind = match &error {
        Error::HostNotFound | Error::ConnectionFailed => TransportErrorKind::Connect,
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            TransportErrorKind::Connect
        }
        Error::BodyExceedsLimit(_) => TransportErrorKind::TooLarge,
        _ => TransportErrorKind::Other,
    };
    TransportError::with_source(kind, error)
}
