use std::{
    error::Error as StdError,
    fmt,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_LENGTH};

use super::{
    rules::{self, Rule},
    server::Server,
};
use crate::{
    BlockingHttpBackend, Body, HttpBackend, TransportError,
    backend::{AttemptProgress, DEFAULT_MAX_RESPONSE_BYTES},
    client::race,
    config::MethodKind,
};

/// A part of the URL of every request, which no error may show.
const SIGNATURE: &str = "do-not-tell";

/// The conformance check for backends: it reports which of the rules a backend breaks.
///
/// The rules:
///
/// * Every status is a response: 2xx with and without a body, every 4xx and 5xx, 429 with each header that delays a retry.
///   Redirects are not followed.
/// * Requests arrive as they were made: method, URL, headers, body, `content-length`. The `content-length: 0` of a POST, PUT
///   or PATCH without a body arrives once. No request is chunked. The only headers added are `host`, `content-length`,
///   `connection`, and an `accept` of `*/*`.
/// * Responses are returned as they were sent: status, headers and body, whether its length is announced, chunked, or
///   ended by the end of the connection.
/// * Requests for a range of bytes arrive with their `range` and condition. The responses to them, 206, 412 and 416, are
///   returned with their headers.
/// * A backend that requests compressed responses decodes them. A response that is compressed without being requested so is
///   decoded, or returned together with its `content-encoding`.
/// * Kept-alive connections are reused, over 1,000 calls, and not if the server has closed them.
/// * A refused connection, a host that does not resolve, and a failed TLS handshake are [`TransportErrorKind::Connect`]; a
///   reset or closed connection, and a truncated response, are [`TransportErrorKind::Other`]. The request is never sent a
///   second time.
/// * A timeout while connecting is [`TransportErrorKind::Connect`] too, as a blocking backend returns it and others report it by
///   the [`AttemptProgress`]. Backends that [cannot report it](Self::cannot_report_progress) skip this rule.
/// * A server that hangs, or trickles its response, causes a timeout. One that is merely slow does not. No timeout is too
///   long.
/// * A response over the limit is [`TransportErrorKind::TooLarge`], whether its length was announced or not. One of exactly
///   the limit is not.
/// * Dropping `send` closes the connection. Blocking backends and those that [cannot cancel](Self::cannot_cancel) skip this
///   rule.
/// * Uploads arrive complete and with their length, are opened again for another attempt, and fail if their source fails.
///   They are not read much faster than they are sent; backends that [cannot stream](Self::cannot_stream) skip this rule.
/// * A response that comes before the end of an upload is the response, whatever becomes of the connection. Backends that
///   cannot stream pass if they get it by `expect: 100-continue`.
/// * No error shows the URL of a request, which can be signed.
///
/// The check takes a few seconds. It does not cover proxies and certificates.
///
/// [`TransportErrorKind::Connect`]: crate::TransportErrorKind::Connect
/// [`TransportErrorKind::Other`]: crate::TransportErrorKind::Other
/// [`TransportErrorKind::TooLarge`]: crate::TransportErrorKind::TooLarge
#[derive(Debug, Clone)]
pub struct Conformance {
    max_response_bytes: usize,
    cancels: bool,
    streams: bool,
    reports: bool,
}

impl Conformance {
    /// Creates the check of a backend that follows every rule and accepts responses of up to 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self { max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES, cancels: true, streams: true, reports: true }
    }

    /// Sets the largest response that the backend accepts. A small limit makes the check faster.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Skips the rule about cancelling: the backend continues a request when its future is dropped, and documents it.
    #[must_use]
    pub fn cannot_cancel(mut self) -> Self {
        self.cancels = false;
        self
    }

    /// Skips the rule about streaming: the backend collects uploads in memory, and documents it.
    #[must_use]
    pub fn cannot_stream(mut self) -> Self {
        self.streams = false;
        self
    }

    /// Skips the rule about timeouts while connecting: the backend does not know when it has connected.
    #[must_use]
    pub fn cannot_report_progress(mut self) -> Self {
        self.reports = false;
        self
    }

    /// Checks a backend. Call it on the runtime of the backend.
    pub async fn check(&self, backend: impl HttpBackend) -> Report {
        self.run(Subject::Async(Arc::new(backend))).await
    }

    /// Checks a blocking backend. The rule about cancelling is skipped.
    pub fn check_blocking(&self, backend: impl BlockingHttpBackend) -> Report {
        let check = Self { cancels: false, ..self.clone() };
        ready(check.run(Subject::Blocking(Arc::new(backend))))
    }

    async fn run(&self, subject: Subject) -> Report {
        let mut report = Report::default();
        for rule in rules::RULES {
            let is_skipped = rule.needs_cancelling && !self.cancels
                || rule.needs_streaming && !self.streams
                || rule.needs_progress && !self.reports;
            if is_skipped {
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

    /// Each rule has a server of its own. The URL is searched for in each error.
    async fn hold(&self, subject: Subject, rule: &Rule) -> Result<(), String> {
        let server = Server::start().map_err(|error| format!("the check's server cannot start: {error}"))?;
        let max_response_bytes = self.max_response_bytes;
        let bench = Bench { subject, server, max_response_bytes, leak: Mutex::default() };
        (rule.check)(&bench).await?;
        match bench.leak.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(format!("an error shows the URL of the request: {error}")),
            None => Ok(()),
        }
    }
}

impl Default for Conformance {
    fn default() -> Self {
        Self::new()
    }
}

/// The result of a [`Conformance`] check. `Display` lists the rules.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Report {
    kept: Vec<&'static str>,
    skipped: Vec<&'static str>,
    broken: Vec<(&'static str, String)>,
}

impl Report {
    /// Returns the rules that the backend breaks, each with what happened.
    pub fn broken(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.broken.iter().map(|(rule, problem)| (*rule, problem.as_str()))
    }

    /// Returns the rules that were skipped.
    pub fn skipped(&self) -> impl Iterator<Item = &'static str> {
        self.skipped.iter().copied()
    }

    /// Fails the test if the backend breaks a rule.
    ///
    /// # Panics
    ///
    /// Panics with the list of all rules if one is broken.
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

/// What one rule works with.
#[derive(Debug)]
pub(super) struct Bench {
    subject: Subject,
    pub(super) server: Server,
    pub(super) max_response_bytes: usize,
    /// The text of an error that shows the URL of a request.
    leak: Mutex<Option<String>>,
}

impl Bench {
    /// A request to this path of the server, as the client makes it.
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
        if MethodKind::of(request.method(), request.body()) == MethodKind::EmptyBody {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        request
    }

    /// Sends as the client does, within a timeout.
    pub(super) async fn send(
        &self,
        mut request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let progress = AttemptProgress::default();
        request.extensions_mut().insert(progress.clone());
        let outcome = match &self.subject {
            Subject::Async(backend) => race(backend.send(request), backend.sleep(timeout))
                .await
                .unwrap_or_else(|| Err(progress.timeout())),
            Subject::Blocking(backend) => backend.send(request, timeout),
        };
        outcome.inspect_err(|error| {
            let text = text_of(error);
            if text.contains(SIGNATURE) {
                self.leak.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
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

/// The output of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a blocking backend blocks"),
    }
}
