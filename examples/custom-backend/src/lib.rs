//! A backend of one's own in forty lines: ureq sends on the threads of the crate `blocking`, and `async-io` has the timer.

use std::{io, time::Duration};

use async_io::Timer;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::CONTENT_LENGTH};
use linq::{AttemptTimeout, BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind};
use ureq::{Agent, Error, SendBody};

/// How long an attempt takes at most whose request does not say it.
const USUAL_TIMEOUT: Duration = Duration::from_secs(60);
/// ureq adds a timeout to the present time, and not every sum is a time.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);
const LARGEST_RESPONSE: u64 = 64 * 1024 * 1024;

/// Sends with a ureq agent. A request that nobody waits for any more goes on until its time is over, and uploads are
/// read into memory.
#[derive(Debug, Clone)]
pub struct AgentBackend(Agent);

impl AgentBackend {
    /// A backend with connections of its own.
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
        Box::pin(blocking::unblock(move || exchange(&agent, request).map_err(failed)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(async move {
            Timer::after(duration).await;
        })
    }
}

fn exchange(agent: &Agent, request: Request<Body>) -> Result<Response<Bytes>, Error> {
    let (mut head, body) = request.into_parts();
    // Nobody can call a thread back: it gives up by itself when the client does.
    let timeout = head.extensions.get().map_or(USUAL_TIMEOUT, |AttemptTimeout(timeout)| *timeout);
    // These methods have a body even if it is empty, and then say so by its length; a GET must not have one.
    let sends_body = matches!(head.method.as_str(), "POST" | "PUT" | "PATCH") || !body.is_empty();
    let body = if sends_body {
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.content_length()));
        SendBody::from_owned_reader(io::Cursor::new(body.collect().map_err(io::Error::other)?))
    } else {
        SendBody::none()
    };
    let request = agent.configure_request(Request::from_parts(head, body));
    let request = request.timeout_global(Some(timeout.min(LONGEST_TIMEOUT))).build();
    let (head, body) = agent.run(request)?.into_parts();
    // ureq takes a body that just fits for one that is too large.
    let whole = body.into_with_config().limit(LARGEST_RESPONSE + 1).read_to_vec()?;
    Ok(Response::from_parts(head, whole.into()))
}

/// What says that nothing was sent is worth another attempt, whatever the call.
fn failed(error: Error) -> TransportError {
    let kind = match &error {
        Error::HostNotFound | Error::ConnectionFailed => TransportErrorKind::Connect,
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => TransportErrorKind::Connect,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::BodyExceedsLimit(_) => TransportErrorKind::TooLarge,
        _ => TransportErrorKind::Other,
    };
    TransportError::with_source(kind, error)
}
