use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::StatusCode;
use linq_types::{
    AttachmentId, IdempotencyKey, Operation, TraceId,
    check::Violation,
    error::{ErrorCode, ErrorDetail},
    json::JsonError,
};

use crate::{
    Retry, TransportError, TransportErrorKind,
    exchange::Response,
    request::Endpoint,
    retry::{self, RetryDecision},
};

mod download;
mod encoded;
mod endless_list;
mod invalid;
mod kind;
mod location;
mod past_deadline;
mod unstorable;
mod unstored_secret;

pub use download::DownloadError;
use encoded::EncodedBody;
pub(crate) use endless_list::EndlessList;
pub(crate) use invalid::{InvalidConfig, InvalidPath, InvalidRequest};
pub use kind::ErrorKind;
pub(crate) use location::{Location, is_port};
use past_deadline::{PacePastDeadline, PastDeadline};
pub(crate) use unstorable::Unstorable;
use unstored_secret::UnstoredSecret;

/// Why a call failed, and what is known about it.
///
/// [`kind`](Self::kind) tells where it failed, [`code`](Self::code) what the service refused, [`retry`](Self::retry)
/// whether repeating it helps, and [`maybe_sent`](Self::maybe_sent) whether it may have been executed all the same.
///
/// `Display` shows the operation's method and route, the status and code with their meaning, the trace id and what to
/// do. Neither it nor `Debug` shows the API key, or any text, handle or number of the request. The service's own
/// sentence can quote the request and comes only from [`message`](Self::message).
///
/// ```
/// # use linq_core as linq;
/// use linq::{Client, Error, ErrorKind, types::ChatId};
///
/// async fn send(client: &Client, chat: &ChatId) -> Result<(), Error> {
///     match client.chats().messages(chat).send("Hello!").await {
///         Err(error) if error.is_opted_out() => println!("never write to them again"),
///         Err(error) if error.kind() == ErrorKind::InvalidRequest => println!("not sent: {error}"),
///         Err(error) if error.is_transient() => println!("later: {:?}", error.retry()),
///         outcome => drop(outcome?),
///     }
///     Ok(())
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
    endpoint: Option<Endpoint>,
    status: Option<StatusCode>,
    detail: ErrorDetail,
    trace_id: Option<TraceId>,
    retry_after: Option<Duration>,
    location: Option<Location>,
    body: Option<Bytes>,
    #[cfg(feature = "v2")]
    v2: Option<linq_types::v2::ErrorResponse>,
    attachment_id: Option<AttachmentId>,
    attempts: u32,
    maybe_sent: bool,
    idempotency_key: Option<IdempotencyKey>,
    decision: RetryDecision,
    /// Whether the request can be executed twice without harm.
    is_repeatable: bool,
}

impl Error {
    fn new(kind: ErrorKind, source: Option<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Inner {
            kind,
            source,
            endpoint: None,
            status: None,
            detail: ErrorDetail::default(),
            trace_id: None,
            retry_after: None,
            location: None,
            body: None,
            #[cfg(feature = "v2")]
            v2: None,
            attachment_id: None,
            attempts: 0,
            maybe_sent: false,
            idempotency_key: None,
            decision: RetryDecision::Never,
            is_repeatable: false,
        }))
    }

    pub(crate) fn config(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::new(ErrorKind::Config, Some(Box::new(source)))
    }

    pub(crate) fn invalid(source: InvalidRequest, endpoint: &Endpoint) -> Self {
        let mut error = Self::new(ErrorKind::InvalidRequest, Some(Box::new(source)));
        error.0.endpoint = Some(endpoint.clone());
        error
    }

    /// An error status. If the body has a content encoding, nothing but the status and the headers is known.
    pub(crate) fn api(mut response: Response) -> Self {
        match response.encoding.take() {
            Some(encoding) => Self::encoded(response, encoding),
            None => Self::new(ErrorKind::Api, None).with_response(response),
        }
    }

    pub(crate) fn encoded(response: Response, encoding: String) -> Self {
        let source = EncodedBody { status: response.status, encoding };
        Self::new(ErrorKind::Decode, Some(Box::new(source))).with_response(response)
    }

    pub(crate) fn decode(response: Response, source: JsonError) -> Self {
        Self::new(ErrorKind::Decode, Some(Box::new(source))).with_response(response)
    }

    pub(crate) fn failed_message(response: Response) -> Self {
        Self::new(ErrorKind::FailedMessage, None).with_response(response)
    }

    /// A message of which it is known that it failed, and maybe why.
    pub(crate) fn failed_delivery(code: Option<ErrorCode>) -> Self {
        let mut error = Self::new(ErrorKind::FailedMessage, None);
        error.0.detail.code = code;
        error
    }

    /// Waiting longer may help.
    pub(crate) fn not_delivered() -> Self {
        Self::new(ErrorKind::NotDelivered, None).with_retry(RetryDecision::Always, true)
    }

    pub(crate) fn failed_attachment(attachment: AttachmentId) -> Self {
        let mut error = Self::new(ErrorKind::FailedAttachment, None);
        error.0.attachment_id = Some(attachment);
        error
    }

    pub(crate) fn attachment_not_ready(attachment: AttachmentId) -> Self {
        let mut error = Self::new(ErrorKind::AttachmentNotReady, None);
        error.0.attachment_id = Some(attachment);
        error
    }

    pub(crate) fn download(source: DownloadError) -> Self {
        Self::new(ErrorKind::Download, Some(Box::new(source))).with_endpoint(&Endpoint::Download)
    }

    /// `is_left` tells whether the subscription could not be deleted.
    pub(crate) fn unstored_secret(source: Box<dyn StdError + Send + Sync>, is_left: bool) -> Self {
        let mut error = Self::new(ErrorKind::UnstoredSecret, Some(Box::new(UnstoredSecret(source))));
        error.0.maybe_sent = is_left;
        error
    }

    /// The error of a call whose deadline passed, after an attempt that failed with `last`.
    pub(crate) fn past_deadline(kind: ErrorKind, last: Option<Self>) -> Self {
        let mut error = last.unwrap_or_else(|| Self::new(kind, None));
        error.0.kind = kind;
        error.0.source = Some(Box::new(PastDeadline));
        error
    }

    pub(crate) fn endless_list(reason: EndlessList) -> Self {
        Self::new(ErrorKind::Decode, Some(Box::new(reason)))
    }

    /// The error of a call that had to wait for the pace of its client, longer than its deadline.
    pub(crate) fn with_pace(mut self, wait: Duration) -> Self {
        self.0.source = Some(Box::new(PacePastDeadline));
        self.0.retry_after = Some(wait);
        self
    }

    fn with_response(mut self, response: Response) -> Self {
        let keeps_body = !response.is_documented || self.0.kind != ErrorKind::Api;
        self.0.status = Some(response.status);
        self.0.detail = response.detail;
        self.0.trace_id = response.trace_id;
        self.0.retry_after = response.retry_after;
        self.0.location = response.location;
        self.0.body = keeps_body.then_some(response.body);
        #[cfg(feature = "v2")]
        {
            self.0.v2 = response.v2;
        }
        self
    }

    pub(crate) fn with_location(mut self, location: Option<Location>) -> Self {
        self.0.location = location;
        self
    }

    pub(crate) fn with_endpoint(mut self, endpoint: &Endpoint) -> Self {
        self.0.endpoint = Some(endpoint.clone());
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

    pub(crate) fn with_retry(mut self, decision: RetryDecision, is_repeatable: bool) -> Self {
        self.0.decision = decision;
        self.0.is_repeatable = is_repeatable;
        self
    }

    pub(crate) fn decision(&self) -> RetryDecision {
        self.0.decision
    }

    /// Returns where the call failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation that failed.
    ///
    /// It is `None` for errors of the configuration, for requests made by
    /// [`Client::request`](crate::Client::request), for calls of the V2 API, and where the bytes of a file could not be stored or downloaded.
    ///
    /// ```
    /// # fn doc(error: &linq_core::Error) {
    /// let label = error.operation().map_or("other", |operation| operation.id()); // such as "chats.messages.send"
    /// # }
    /// ```
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.endpoint.as_ref()?.operation()
    }

    /// Returns the HTTP status code; `None` if there was no response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the error code of the service, which is finer than the status.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.0.detail.code
    }

    /// Returns the error response of the V2 API, in either of its two forms; `None` for other errors and calls.
    ///
    /// Its codes are not those of V3, so [`code`](Self::code) is `None` then.
    #[cfg(feature = "v2")]
    #[must_use]
    pub fn v2(&self) -> Option<&linq_types::v2::ErrorResponse> {
        self.0.v2.as_ref()
    }

    /// Returns the service's own sentence. It can quote the request, so do not log it without a look.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.detail.message.as_deref()
    }

    /// Returns the URL of the page about the error code in Linq's documentation.
    #[must_use]
    pub fn doc_url(&self) -> Option<&str> {
        self.0.detail.doc_url.as_deref()
    }

    /// Returns the trace id of the request, which Linq's support asks for.
    #[must_use]
    pub fn trace_id(&self) -> Option<&TraceId> {
        self.0.trace_id.as_ref()
    }

    /// Returns whether repeating the call can help, and when.
    ///
    /// The answer comes from the same table as the client's own retries. It is about a new call, after the attempts of
    /// this one are used up: [`Retry::After`] has the delay that the service asked for, or else a backoff. An
    /// [`Upload`](crate::resources::attachments::Upload) that failed after its bytes were stored is never to be repeated.
    #[must_use]
    pub fn retry(&self) -> Retry {
        let inner = &*self.0;
        let after = || inner.retry_after.unwrap_or_else(|| retry::backoff(inner.attempts, 0.0));
        match inner.decision {
            RetryDecision::Never => Retry::Never,
            _ if inner.is_repeatable => Retry::After(after()),
            RetryDecision::Always if !inner.maybe_sent => Retry::After(after()),
            _ => Retry::CheckFirst,
        }
    }

    /// Returns `true` if the cause is temporary, so that the same request may succeed later.
    ///
    /// [`retry`](Self::retry) tells when, and whether the request must be checked first.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.retry() != Retry::Never
    }

    /// Returns how long the service asked to wait before the next request: the longest of the waits in the headers
    /// `retry-after-ms` and `Retry-After` and in the `error.retry_after` of the body. If the
    /// [pace](crate::ClientBuilder::pace) of the client leaves no time for the call, it is how long that asks to wait.
    ///
    /// It is `None` if the service asked for no wait, or for one of zero or less, and [`Duration::MAX`] if the number is too
    /// large, so add it to a time with `checked_add`. A `Retry-After` with a date counts from the response's `Date`, or else
    /// from the clock of the backend; if there is neither, it is the
    /// [`max_retry_after`](crate::ClientBuilder::max_retry_after) of the call.
    ///
    /// The client waits that long between its attempts. If the wait is longer than `max_retry_after` (60 seconds by default),
    /// or than what is left of the deadline, the call returns the error at once: wait yourself, then repeat the call with its
    /// [`idempotency_key`](Self::idempotency_key).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns where a redirect (status 3xx) leads, without user name, password, query and fragment. Redirects are not
    /// followed, except by a [`Download`](crate::resources::attachments::Download) to the same scheme.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.0.location.as_ref().map(Location::as_str)
    }

    /// Returns the number of requests that were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns `true` if the service may have executed the request although the call failed, in any of the attempts.
    ///
    /// Match [`ErrorKind::FailedMessage`] first: that message was executed and failed, and its key sends nothing any more.
    /// For the others, [`retry`](Self::retry) tells whether repeating the call is safe.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        self.0.maybe_sent
    }

    /// Returns the idempotency key that the request was sent with.
    ///
    /// If [`retry`](Self::retry) is [`Retry::After`], a call with this key is executed once, however often it is repeated.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.0.idempotency_key.as_ref()
    }

    /// Returns the body of the response if it is not the documented error: a page of HTML, a response that could not be
    /// decoded, or the message that failed.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.body.as_ref()
    }

    /// Returns the id of the attachment that was uploaded, but failed or is not ready
    /// ([`ErrorKind::FailedAttachment`], [`ErrorKind::AttachmentNotReady`]).
    #[must_use]
    pub fn attachment_id(&self) -> Option<&AttachmentId> {
        self.0.attachment_id.as_ref()
    }

    /// Returns why a file could not be downloaded ([`ErrorKind::Download`]).
    #[must_use]
    pub fn download_error(&self) -> Option<&DownloadError> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// Returns why a profile could not be read ([`ErrorKind::Config`]).
    #[cfg(feature = "profile")]
    #[must_use]
    pub fn profile_error(&self) -> Option<&crate::profile::ProfileError> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// Returns the rule that the request breaks, found before anything was sent.
    ///
    /// [`Call::skip_validation`](crate::Call::skip_validation) leaves the rules to the service.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        match self.0.source.as_deref()?.downcast_ref()? {
            InvalidRequest::Rule(violation) => Some(violation),
            _ => None,
        }
    }

    /// Returns `true` if the recipient asked for no more messages ([`ErrorCode::RECIPIENT_OPTED_OUT`], 2024).
    #[must_use]
    pub fn is_opted_out(&self) -> bool {
        self.code() == Some(ErrorCode::RECIPIENT_OPTED_OUT)
    }

    /// Returns `true` if the recipient is on your block list ([`ErrorCode::HANDLE_BLOCKED`], 2026).
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.code() == Some(ErrorCode::HANDLE_BLOCKED)
    }

    /// Returns `true` if the line may not send: it is suspended because of its reputation
    /// ([`ErrorCode::LINE_SUSPENDED`], 2027), not available ([`ErrorCode::LINE_UNAVAILABLE`], 4002), or not yours
    /// ([`ErrorCode::FOREIGN_PHONE_NUMBER`], 2006).
    #[must_use]
    pub fn is_line_unavailable(&self) -> bool {
        matches!(
            self.code(),
            Some(ErrorCode::LINE_SUSPENDED | ErrorCode::LINE_UNAVAILABLE | ErrorCode::FOREIGN_PHONE_NUMBER)
        )
    }

    /// Returns `true` if there were too many requests: status 429, or [`ErrorCode::RATE_LIMITED`] (1007).
    /// [`retry_after`](Self::retry_after) tells how long to wait.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.status == Some(StatusCode::TOO_MANY_REQUESTS) || self.code() == Some(ErrorCode::RATE_LIMITED)
    }

    /// Returns `true` if the API responded with 404 Not Found.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(StatusCode::NOT_FOUND)
    }

    /// Returns `true` if the API responded with 409 Conflict: the request conflicts with the present state.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.status == Some(StatusCode::CONFLICT)
    }

    /// Returns `true` if the API responded with 403 Forbidden.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.status == Some(StatusCode::FORBIDDEN)
    }

    /// Returns `true` if the API responded with 401 Unauthorized: the API key is missing or wrong.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.0.status == Some(StatusCode::UNAUTHORIZED)
    }

    /// Returns `true` if an attempt or the whole call timed out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// What to do, as far as `Display` has not said it.
    fn remedy(&self) -> &'static str {
        let inner = &*self.0;
        match (inner.kind, inner.status.map(|status| status.as_u16())) {
            (ErrorKind::Config | ErrorKind::Download, _) => "",
            (ErrorKind::InvalidRequest, _) => "nothing was sent",
            (ErrorKind::FailedMessage, None) => "to send it again, use a new idempotency key",
            (ErrorKind::NotDelivered, _) => "it may be delivered later: do not send it again",
            (ErrorKind::FailedMessage, _) => {
                "nothing was sent now; to send it again, use a new idempotency key"
            }
            (ErrorKind::FailedAttachment, _) => "upload another file",
            (ErrorKind::AttachmentNotReady, _) => {
                "it is uploaded: send it later by `attachment_id()`, or allow a longer timeout"
            }
            (ErrorKind::UnstoredSecret, _) if inner.maybe_sent => "delete the subscription",
            (ErrorKind::UnstoredSecret, _) => "the subscription was deleted",
            _ if inner.maybe_sent && inner.is_repeatable && inner.idempotency_key.is_some() => {
                "it may have been executed: repeat it only with the same idempotency key"
            }
            _ if inner.maybe_sent => "it may have been executed: check before repeating it",
            (ErrorKind::Connect, _) => "nothing was sent: check the base URL and the network, then try again",
            (ErrorKind::Timeout, _) if inner.retry_after.is_some() => {
                "wait for `retry_after()`, then try again"
            }
            (ErrorKind::Timeout | ErrorKind::Transport, _) => "try again",
            (ErrorKind::Decode, _) if inner.body.is_some() => "the response is in `body()`",
            (ErrorKind::Decode, _) => "",
            (ErrorKind::Api, Some(401)) => "check the API key",
            (ErrorKind::Api, Some(300..=399)) => "redirects are not followed: check the base URL",
            (ErrorKind::Api, Some(429)) => "wait for `retry_after()`, then try again",
            (ErrorKind::Api, _) if inner.retry_after.is_some() && inner.decision != RetryDecision::Never => {
                "wait for `retry_after()`, then try again"
            }
            (ErrorKind::Api, _) if inner.body.as_ref().is_some_and(Bytes::is_empty) => {
                "not the documented error response: it has no body"
            }
            (ErrorKind::Api, _) if inner.body.is_some() => "not the documented error response: see `body()`",
            (ErrorKind::Api, Some(500..)) => "try again later",
            (ErrorKind::Api, _) => "see `message()` for the reason",
        }
    }

    fn fmt_status(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.0.status {
            write!(f, "the API responded with {status}")?;
        }
        if let Some(location) = &self.0.location {
            write!(f, " and the location {location}")?;
        }
        self.fmt_code(f)
    }

    fn fmt_code(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.code() {
            write!(f, ", code {code}")?;
            if let Some(meaning) = code.meaning() {
                write!(f, " ({meaning})")?;
            }
        }
        Ok(())
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
        if let Some(endpoint) = &inner.endpoint {
            write!(f, "{} {}: ", endpoint.method(), endpoint.route())?;
        }
        match &inner.source {
            None if inner.kind == ErrorKind::FailedMessage => {
                f.write_str("the message failed")?;
                self.fmt_code(f)?;
            }
            None if inner.kind == ErrorKind::NotDelivered => {
                f.write_str("timed out waiting for the message to be delivered")?;
            }
            None if inner.kind == ErrorKind::FailedAttachment => {
                f.write_str("the service could not process the uploaded file")?;
            }
            None if inner.kind == ErrorKind::AttachmentNotReady => {
                f.write_str("timed out waiting for the attachment to be ready")?;
            }
            None => self.fmt_status(f)?,
            Some(source) if inner.kind == ErrorKind::Decode => write!(f, "invalid response: {source}")?,
            Some(source) => source.fmt(f)?,
        }
        if let Some(trace_id) = &inner.trace_id {
            write!(f, " (trace id {trace_id})")?;
        }
        match self.remedy() {
            "" => Ok(()),
            remedy => write!(f, "; {remedy}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Code(ErrorCode);
        impl fmt::Debug for Code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} ({})", self.0, self.0.meaning().unwrap_or("undocumented"))
            }
        }
        let inner = &*self.0;
        let route =
            inner.endpoint.as_ref().map(|endpoint| format!("{} {}", endpoint.method(), endpoint.route()));
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("route", &route)
            .field("status", &inner.status)
            .field("code", &inner.detail.code.map(Code))
            .field("trace_id", &inner.trace_id)
            .field("retry_after", &inner.retry_after)
            .field("location", &inner.location)
            .field("attempts", &inner.attempts)
            .field("maybe_sent", &inner.maybe_sent)
            .field("source", &inner.source.as_ref().map(ToString::to_string))
            .field("remedy", &self.remedy())
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    /// The cause of what `Display` shows: for transport errors the error of the HTTP library.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref()?.source()
    }
}
