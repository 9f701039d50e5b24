use std::{
    error::Error as StdError,
    fmt,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;

use super::{
    rules::{self, Rule},
    server::Server,
};
use crate::{BlockingHttpBackend, Body, HttpBackend, TransportError, TransportErrorKind, client::race};

/// In the address of every request, and in no error.
const SIGNATURE: &str = "do-not-tell";

/// The check that every backend can be held against.
///
/// The rules:
///
/// * Every status is a response: 2xx with and without a body, every 4xx and 5xx, 429 with each hint when to try again.
///   Redirects are not followed.
/// * Requests arrive as they were made: method, address, headers, body, `content-length`. A POST, PUT or PATCH without
///   a body says `content-length: 0`. No request is chunked. Headers are added only as HTTP needs them: `host`,
///   `content-length` and `connection`, and an `accept` of `*/*` at most.
/// * Responses come back as they were sent: status, headers, body, whether its length is announced, chunked, or ended by
///   the end of the connection.
/// * A backend that asks for compressed responses decodes them. What came compressed without being asked for is
///   decoded, or handed through together with its `content-encoding`.
/// * Kept-alive connections are used again, over 1,000 calls, and not when the server has closed them.
/// * A refused connection is [`TransportErrorKind::Connect`]; a reset or closed one, and a truncated response, is
///   [`TransportErrorKind::Other`]. In no case is the request sent a second time.
/// * A server that hangs, or trickles its response, is left when the time is over. One that is merely slow is not. No
///   time is too long.
/// * A response over the limit is [`TransportErrorKind::TooLarge`], whether its length was announced or not; one that
///   just fits is none.
/// * Dropping `send` closes the connection. Not asked of blocking backends and those that
///   [cannot cancel](Self::cannot_cancel).
/// * Uploads arrive whole and with their length, are opened again for another attempt, and fail when their source fails.
///   They are not read much faster than they are sent. The last is not asked of backends that
///   [cannot stream](Self::cannot_stream).
/// * No error tells the address of a request: it may be signed.
///
/// The check takes a few seconds. It knows no proxies and no TLS.
#[derive(Debug, Clone)]
pub struct Conformance {
    largest_response: usize,
    cancels: bool,
    streams: bool,
}

impl Conformance {
    /// The check of a backend that keeps every rule and takes responses of up to 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self { largest_response: 64 * 1024 * 1024, cancels: true, streams: true }
    }

    /// The backend takes responses of up to this many bytes. With a backend that is set to few, the check is faster.
    #[must_use]
    pub fn largest_response(mut self, bytes: usize) -> Self {
        self.largest_response = bytes;
        self
    }

    /// The backend goes on with a request when its future is dropped, and says so in its documentation.
    #[must_use]
    pub fn cannot_cancel(mut self) -> Self {
        self.cancels = false;
        self
    }

    /// The backend collects uploads in memory, and says so in its documentation.
    #[must_use]
    pub fn cannot_stream(mut self) -> Self {
        self.streams = false;
        self
    }

    /// Checks a backend. Call it where the backend's futures can run.
    pub async fn check(&self, backend: impl HttpBackend) -> Report {
        self.run(Subject::Async(Arc::new(backend))).await
    }

    /// Checks a blocking backend. Nobody can cancel it, so that is not asked.
    pub fn check_blocking(&self, backend: impl BlockingHttpBackend) -> Report {
        let check = Self { cancels: false, ..self.clone() };
        ready(check.run(Subject::Blocking(Arc::new(backend))))
    }

    async fn run(&self, subject: Subject) -> Report {
        let mut report = Report::default();
        for rule in rules::RULES {
            if rule.needs_cancelling && !self.cancels || rule.needs_streaming && !self.streams {
                report.skipped.push(rule.name);
                continue;
            }
            match self.hold(subject.clone(), rule).await {
                Ok(()) => report.kept.push(rule.name),
                Err(problem) => report.broken.push((rule.name, problem)),
            }
        }
        report
    }

    /// Each rule has a server of its own, and the address is looked for in each error that it meets.
    async fn hold(&self, subject: Subject, rule: &Rule) -> Result<(), String> {
        let server = Server::start().map_err(|error| format!("the check's server cannot start: {error}"))?;
        let bench =
            Bench { subject, server, largest_response: self.largest_response, told: Mutex::default() };
        (rule.check)(&bench).await?;
        match bench.told.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(format!("an error tells the address of the request: {error}")),
            None => Ok(()),
        }
    }
}

impl Default for Conformance {
    fn default() -> Self {
        Self::new()
    }
}

/// What a [`Conformance`] check found. Shows itself as a list of the rules.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Report {
    kept: Vec<&'static str>,
    skipped: Vec<&'static str>,
    broken: Vec<(&'static str, String)>,
}

impl Report {
    /// The rules that the backend breaks, each with what happened.
    pub fn broken(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.broken.iter().map(|(rule, problem)| (*rule, problem.as_str()))
    }

    /// The rules that were not asked of this backend.
    pub fn skipped(&self) -> impl Iterator<Item = &'static str> {
        self.skipped.iter().copied()
    }

    /// Fails the test when the backend breaks a rule.
    ///
    /// # Panics
    ///
    /// With the list of all rules when one is broken.
    pub fn assert(&self) {
        assert!(self.broken.is_empty(), "the backend breaks {} rules\n{self}", self.broken.len());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.broken.iter().try_for_each(|(rule, problem)| writeln!(f, "broken:  {rule}: {problem}"))?;
        self.skipped.iter().try_for_each(|rule| writeln!(f, "skipped: {rule}"))?;
        self.kept.iter().try_for_each(|rule| writeln!(f, "kept:    {rule}"))
    }
}

#[derive(Debug, Clone)]
enum Subject {
    Async(Arc<dyn HttpBackend>),
    Blocking(Arc<dyn BlockingHttpBackend>),
}

/// One rule's place of work.
#[derive(Debug)]
pub(super) struct Bench {
    subject: Subject,
    pub(super) server: Server,
    pub(super) largest_response: usize,
    /// An error that told an address.
    told: Mutex<Option<String>>,
}

impl Bench {
    /// A request to this path of the server.
    pub(super) fn request(
        &self,
        method: http::Method,
        path: &str,
        body: impl Into<Body>,
    ) -> http::Request<Body> {
        let uri = format!("http://{}{path}?signature={SIGNATURE}", self.server.address());
        let mut request = http::Request::new(body.into());
        *request.method_mut() = method;
        *request.uri_mut() = uri.parse().unwrap_or_default();
        request
    }

    /// Sends as the client does: within a time limit.
    pub(super) async fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let outcome = match &self.subject {
            Subject::Async(backend) => race(backend.send(request), backend.sleep(timeout))
                .await
                .unwrap_or_else(|| Err(TransportError::new(TransportErrorKind::Timeout))),
            Subject::Blocking(backend) => backend.send(request, timeout),
        };
        outcome.inspect_err(|error| {
            let text = text_of(error);
            if text.contains(SIGNATURE) {
                self.told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
            }
        })
    }

    pub(super) async fn sleep(&self, duration: Duration) {
        match &self.subject {
            Subject::Async(backend) => backend.sleep(duration).await,
            Subject::Blocking(backend) => backend.sleep(duration),
        }
    }
}

/// All that an error can show.
fn text_of(error: &TransportError) -> String {
    let mut text = format!("{error:?}");
    let mut next: Option<&dyn StdError> = Some(error);
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}

/// What a future gives that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a blocking backend blocks"),
    }
}
