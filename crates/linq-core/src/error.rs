use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::{Method, StatusCode};
use linq_types::{
    IdempotencyKey, TraceId,
    check::Violation,
    error::{ErrorCode, ErrorDetail},
    json::JsonError,
};

use crate::{TransportError, TransportErrorKind};

/// Why a call failed, and what is known about it.
///
/// `Display` and `Debug` show the status, the code with our meaning of it, the route with names in place of
/// values, the trace id and what to do. Neither shows the API key, nor any text, handle or number of the request;
/// the service's own sentence, which can quote the request, comes only from [`message`](Self::message).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
    route: Option<(Method, &'static str)>,
    status: Option<StatusCode>,
    detail: ErrorDetail,
    trace_id: Option<TraceId>,
    retry_after: Option<Duration>,
    body: Option<Bytes>,
    attempts: u32,
    maybe_sent: bool,
    idempotency_key: Option<IdempotencyKey>,
}

/// The kinds of errors, told apart by where the fault lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was not set up rightly: a missing key, an unusable base URL.
    Config,
    /// The request cannot be sent as it is, or breaks a rule ([`Error::violation`]); nothing was sent.
    InvalidRequest,
    /// No connection came about; nothing was sent.
    Connect,
    /// No answer in time.
    Timeout,
    /// The connection failed on the way.
    Transport,
    /// The service answered with an error status.
    Api,
    /// The service accepted the request, but its answer is not what it should be.
    Unreadable,
    /// The service answered with a message that failed, as it does for the key of an earlier send that failed.
    ///
    /// Nothing is sent for this key any more. Only the `message.failed` webhook says why; to send again, take a new key.
    FailedMessage,
    /// A file was uploaded, but the service could not process it.
    FailedAttachment,
}

impl Error {
    fn new(kind: ErrorKind, source: Option<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Inner {
            kind,
            source,
            route: None,
            status: None,
            detail: ErrorDetail::default(),
            trace_id: None,
            retry_after: None,
            body: None,
            attempts: 0,
            maybe_sent: false,
            idempotency_key: None,
        }))
    }

    pub(crate) fn config(source: InvalidConfig) -> Self {
        Self::new(ErrorKind::Config, Some(Box::new(source)))
    }

    pub(crate) fn invalid(source: InvalidRequest) -> Self {
        Self::new(ErrorKind::InvalidRequest, Some(Box::new(source)))
    }

    pub(crate) fn api(answer: &Answer) -> Self {
        Self::new(ErrorKind::Api, None).with_answer(answer)
    }

    pub(crate) fn unreadable(answer: &Answer, source: JsonError) -> Self {
        Self::new(ErrorKind::Unreadable, Some(Box::new(source))).with_answer(answer)
    }

    pub(crate) fn failed_message(answer: &Answer) -> Self {
        Self::new(ErrorKind::FailedMessage, None).with_answer(answer)
    }

    pub(crate) fn failed_attachment() -> Self {
        Self::new(ErrorKind::FailedAttachment, None)
    }

    /// The end of a call in whose last attempt `last` happened.
    pub(crate) fn past_deadline(last: Option<Self>) -> Self {
        let mut error = last.unwrap_or_else(|| Self::new(ErrorKind::Timeout, None));
        error.0.kind = ErrorKind::Timeout;
        error.0.source = Some(Box::new(PastDeadline));
        error
    }

    pub(crate) fn endless_list() -> Self {
        Self::new(ErrorKind::Unreadable, Some(Box::new(EndlessList)))
    }

    fn with_answer(mut self, answer: &Answer) -> Self {
        self.0.status = Some(answer.status);
        self.0.detail = answer.detail.clone();
        self.0.trace_id.clone_from(&answer.trace_id);
        self.0.retry_after = answer.retry_after;
        self.0.body = (answer.kept || self.0.kind != ErrorKind::Api).then(|| answer.body.clone());
        self
    }

    pub(crate) fn with_route(mut self, method: &Method, route: &'static str) -> Self {
        self.0.route = Some((method.clone(), route));
        self
    }

    pub(crate) fn with_attempts(
        mut self,
        attempts: u32,
        maybe_sent: bool,
        key: Option<&IdempotencyKey>,
    ) -> Self {
        self.0.attempts = attempts;
        self.0.maybe_sent = maybe_sent;
        self.0.idempotency_key = key.cloned();
        self
    }

    /// Where the fault lies.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's own code, finer than the status.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.0.detail.code
    }

    /// The service's own sentence. It can quote the request: do not log it unseen.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.detail.message.as_deref()
    }

    /// A page of Linq's documentation about the code.
    #[must_use]
    pub fn doc_url(&self) -> Option<&str> {
        self.0.detail.doc_url.as_deref()
    }

    /// The request's trace id: give it to Linq's support.
    #[must_use]
    pub fn trace_id(&self) -> Option<&TraceId> {
        self.0.trace_id.as_ref()
    }

    /// How long the service asked to wait before trying again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many requests were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the service may have carried the request out although the call failed, in any of the attempts.
    ///
    /// If so, repeat it only with the same [`idempotency_key`](Self::idempotency_key), or find out first. Look for
    /// [`ErrorKind::FailedMessage`] before: that message was carried out and failed, and its key sends nothing any more.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        self.0.maybe_sent
    }

    /// The key the request was sent with: repeat the call with it and the service executes it once.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.0.idempotency_key.as_ref()
    }

    /// The answer's body where it is not the documented error: a page of HTML, an answer that cannot be read, the
    /// message that failed.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.body.as_ref()
    }

    /// The rule that the request breaks, found before anything was sent.
    ///
    /// [`Call::unchecked`](crate::Call::unchecked) leaves it to the service.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        match self.0.source.as_deref()?.downcast_ref()? {
            InvalidRequest::Rule(violation) => Some(violation),
            _ => None,
        }
    }

    /// Whether the service knows no such thing: status 404.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the request conflicts with the present state: status 409.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.status == Some(StatusCode::CONFLICT)
    }

    /// Whether the service does not allow it: status 403.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.status == Some(StatusCode::FORBIDDEN)
    }

    /// Whether the API key is missing or wrong: status 401.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.0.status == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether there were too many requests: status 429.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the time was over.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    fn advice(&self) -> &'static str {
        match (self.0.kind, self.0.status.map(|status| status.as_u16())) {
            (ErrorKind::Config | ErrorKind::InvalidRequest | ErrorKind::FailedAttachment, _) => "",
            (ErrorKind::FailedMessage, _) => {
                "nothing was sent now: to send it again, take a new idempotency key"
            }
            _ if self.0.maybe_sent && self.0.idempotency_key.is_some() => {
                "it may have been executed: repeat it only with the same idempotency key"
            }
            _ if self.0.maybe_sent => "it may have been executed: check before repeating it",
            (ErrorKind::Connect, _) => "nothing was sent: check the base URL and the network, then try again",
            (ErrorKind::Timeout | ErrorKind::Transport, _) => "try again",
            (ErrorKind::Unreadable, _) if self.0.body.is_some() => "the answer is in `body()`",
            (ErrorKind::Unreadable, _) => "",
            (ErrorKind::Api, Some(401)) => "check the API key",
            (ErrorKind::Api, Some(429)) => "wait for `retry_after()`, then try again",
            (ErrorKind::Api, _) if self.0.body.is_some() => {
                "the answer is not the documented error: it is in `body()`"
            }
            (ErrorKind::Api, Some(500..)) => "try again later",
            (ErrorKind::Api, _) => "the service's reason is in `message()`",
        }
    }
}

impl From<TransportError> for Error {
    fn from(source: TransportError) -> Self {
        let kind = match source.kind() {
            TransportErrorKind::Connect => ErrorKind::Connect,
            TransportErrorKind::Timeout => ErrorKind::Timeout,
            TransportErrorKind::TooLarge | TransportErrorKind::Other => ErrorKind::Transport,
        };
        Self::new(kind, Some(Box::new(source)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some((method, route)) = &inner.route {
            write!(f, "{method} {route}: ")?;
        }
        match &inner.source {
            None if inner.kind == ErrorKind::FailedMessage => f.write_str("the message failed")?,
            None if inner.kind == ErrorKind::FailedAttachment => {
                f.write_str("the service could not process the file")?;
            }
            None => self.fmt_status(f)?,
            Some(source) if inner.kind == ErrorKind::Unreadable => {
                write!(f, "the answer cannot be read: {source}")?;
            }
            Some(source) => source.fmt(f)?,
        }
        if let Some(trace_id) = &inner.trace_id {
            write!(f, " (trace id {trace_id})")?;
        }
        match self.advice() {
            "" => Ok(()),
            advice => write!(f, "; {advice}"),
        }
    }
}

impl Error {
    fn fmt_status(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.0.status {
            write!(f, "the service answered {status}")?;
        }
        if let Some(code) = self.code() {
            write!(f, ", code {code}")?;
            if let Some(meaning) = code.meaning() {
                write!(f, " ({meaning})")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("route", &inner.route.as_ref().map(|(method, route)| format!("{method} {route}")))
            .field("status", &inner.status)
            .field("code", &inner.detail.code)
            .field("trace_id", &inner.trace_id)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &inner.attempts)
            .field("maybe_sent", &inner.maybe_sent)
            .field("source", &inner.source.as_ref().map(ToString::to_string))
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    /// What lies below what `Display` shows: for transport errors what the HTTP library said.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref()?.source()
    }
}

/// An answer of the service, taken apart as far as errors and retries need it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) detail: ErrorDetail,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
    /// Whether the body is something else than the documented error and must be kept.
    pub(crate) kept: bool,
}

/// What is wrong with the setup of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvalidConfig {
    MissingKey,
    Header,
    UnusableKey,
    BaseUrl(&'static str),
}

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingKey => f.write_str(
                "no API key: set the environment variable LINQ_API_V3_API_KEY or give one to the builder",
            ),
            Self::Header => f.write_str("a default header has characters that no header may have"),
            Self::UnusableKey => {
                f.write_str("the API key cannot be sent: it has characters that no header may have")
            }
            Self::BaseUrl(reason) => write!(
                f,
                "unusable base URL: {reason}; it should look like https://api.linqapp.com/api/partner"
            ),
        }
    }
}

impl StdError for InvalidConfig {}

/// What is wrong with a request, found before anything was sent.
#[derive(Debug)]
pub(crate) enum InvalidRequest {
    Path(InvalidPath),
    Body(serde_json::Error),
    #[cfg_attr(
        not(all(target_family = "wasm", target_os = "unknown")),
        expect(dead_code, reason = "every other target has a random generator")
    )]
    NoKeySource,
    Uri,
    Header,
    EmptyKey,
    NoObject,
    Rule(Violation),
}

/// What is wrong with a value of the path, which is named as in the route.
#[derive(Debug, Clone)]
pub(crate) enum InvalidPath {
    Empty(String),
    Dots(String),
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(InvalidPath::Empty(name)) => write!(f, "`{name}` is empty: nothing was sent"),
            Self::Path(InvalidPath::Dots(name)) => {
                write!(f, "`{name}` is `.` or `..`, which would change the path: nothing was sent")
            }
            Self::Body(_) => f.write_str("the request cannot be written as JSON: nothing was sent"),
            Self::NoKeySource => f.write_str(
                "no random idempotency key can be made here: give the client a key source, or the call a key",
            ),
            Self::Uri => f.write_str("the address is too long or no address: nothing was sent"),
            Self::EmptyKey => f.write_str("the idempotency key is empty: nothing was sent"),
            Self::NoObject => f.write_str("the body is no JSON object to set a field in: nothing was sent"),
            Self::Rule(violation) => write!(f, "{violation}: nothing was sent"),
            Self::Header => f.write_str("a header has characters that no header may have: nothing was sent"),
        }
    }
}

impl From<Violation> for InvalidRequest {
    fn from(violation: Violation) -> Self {
        Self::Rule(violation)
    }
}

impl StdError for InvalidRequest {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Body(source) => Some(source),
            _ => None,
        }
    }
}

/// A call that took longer than it may.
#[derive(Debug)]
struct PastDeadline;

impl fmt::Display for PastDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deadline of the call has passed")
    }
}

impl StdError for PastDeadline {}

/// A list whose cursors run in a circle.
#[derive(Debug)]
struct EndlessList;

impl fmt::Display for EndlessList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cursors of the list run in a circle, so it would never end")
    }
}

impl StdError for EndlessList {}
