//! One call as a state machine: what to send, and what an outcome means. It has no clock and no I/O, so that the clients
//! are short loops around it and every rule is tested with plain values.

use std::{
    sync::{Arc, Weak},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri};
use linq_types::{IdempotencyKey, Operation};

use self::address::address;
use crate::{
    AttemptTimeout, Body, Meta, TransportError, TransportErrorKind, WithMeta,
    backend::AttemptProgress,
    config::{MethodKind, Setup},
    error::{Error, ErrorKind, InvalidRequest},
    memory::Indicator,
    pace::Paced,
    request::{Endpoint, RequestSpec, Target, chat_of},
    retry::{self, FailedAttempt, OnRetry, RetryDecision},
    trace::Trace,
};

mod address;
mod body;
mod draft;
mod key;
mod options;
mod response;
#[cfg(test)]
mod tests;

pub(crate) use draft::Draft;
pub(crate) use key::KEY_HEADER;
pub(crate) use options::{ExtraBody, Options};
pub(crate) use response::{Decode, DecodeError, Response, decode_json, reject_failed};

#[derive(Debug)]
pub(crate) struct Exchange {
    endpoint: Endpoint,
    method: Method,
    uri: Uri,
    /// Shared with the client unless this call has headers of its own.
    headers: Arc<HeaderMap>,
    body: Body,
    key: Option<IdempotencyKey>,
    /// `None` unless the call sends a message at the pace of its client.
    paced: Option<Paced>,
    /// That of the chat which the call sends into, if a client keeps it.
    indicator: Option<Weak<Indicator>>,
    on_retry: Option<OnRetry>,
    timeout: Duration,
    deadline: Option<Duration>,
    max_retry_after: Duration,
    max_attempts: u32,
    attempts: u32,
    last_error: Option<Error>,
    in_flight: bool,
    /// That of the last attempt.
    progress: AttemptProgress,
    maybe_executed: bool,
    /// Returns numbers in 0 to 1, by which the delays of different calls differ.
    jitter: fn() -> f64,
    trace: Trace,
}

/// What time it is, as far as the client knows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moment {
    pub(crate) now: Option<SystemTime>,
    /// What is left of the deadline; `None` if there is no deadline.
    pub(crate) left: Option<Duration>,
}

/// What to do next.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub(crate) enum Step {
    Send(http::Request<Body>),
    /// Wait, then ask again.
    Wait(Duration),
}

/// What to do after an attempt.
#[derive(Debug)]
pub(crate) enum Next<T> {
    /// Wait, then make another attempt.
    Retry(Duration),
    /// The call is over.
    Done(Result<WithMeta<T>, Error>),
}

impl Exchange {
    /// Validates the request and builds it.
    pub(crate) fn build(setup: &Setup, spec: RequestSpec, mut options: Options) -> Result<Self, Error> {
        let draft = Draft::new(setup, spec, &mut options)?;
        Self::from_draft(setup, draft, &options)
    }

    pub(crate) fn from_draft(setup: &Setup, draft: Draft, options: &Options) -> Result<Self, Error> {
        let Draft { endpoint, method, target, query, accept, body, key, headers: overrides } = draft;
        let settings = &setup.config.settings;
        let reject = |invalid: InvalidRequest| Error::invalid(invalid, &endpoint);
        // The client's deadline is meant for calls of the API, not for files of any size.
        let default_deadline = settings.deadline.filter(|_| matches!(target, Target::Api(_)));
        let kind = MethodKind::of(&method, &body);
        let paced = settings.pacer.as_ref().and_then(|pacer| pacer.limit(&endpoint, &target, &body));
        let send = endpoint.operation().filter(|operation| operation.sends_message());
        let chat = send.and_then(|_| chat_of(&endpoint, &target));
        let indicator = chat.and_then(|chat| setup.memory.indicators.find(&chat));
        let (uri, mut headers) =
            address(&setup.config, endpoint.credential(), kind, accept, target, query).map_err(reject)?;
        key.write_header(&mut headers).map_err(reject)?;
        address::apply_overrides(&mut headers, overrides);

        Ok(Self {
            trace: Trace::new(&endpoint, &method),
            key: key.into_sent(&headers),
            endpoint,
            method,
            uri,
            headers,
            body,
            paced,
            indicator,
            on_retry: settings.on_retry.clone(),
            timeout: options.timeout.unwrap_or(settings.timeout),
            deadline: options.deadline.or(default_deadline),
            max_retry_after: options.max_retry_after.unwrap_or(settings.max_retry_after),
            max_attempts: options.attempts.unwrap_or(settings.attempts).max(1),
            attempts: 0,
            last_error: None,
            in_flight: false,
            progress: AttemptProgress::default(),
            maybe_executed: false,
            jitter: retry::jitter,
        })
    }

    /// The next attempt, or the wait for the pace of the client, or the error of the call if there is no time for them.
    pub(crate) fn step(&mut self, moment: Moment) -> Result<Step, Error> {
        let Moment { now, left } = moment;
        if let Some(paced) = self.paced.as_ref().filter(|_| left.is_none_or(|left| !left.is_zero())) {
            let now = now.and_then(|now| now.duration_since(SystemTime::UNIX_EPOCH).ok());
            if let Err(wait) = paced.take(now.unwrap_or_default()) {
                if left.is_some_and(|left| wait >= left) {
                    return Err(self.past_deadline().with_pace(wait));
                }
                self.trace.paced(wait);
                return Ok(Step::Wait(wait));
            }
        }
        self.attempt(left).map(Step::Send)
    }

    /// The request of the next attempt, or the error of the call if its deadline has passed.
    fn attempt(&mut self, left: Option<Duration>) -> Result<http::Request<Body>, Error> {
        if left.is_some_and(|left| left.is_zero()) {
            return Err(self.past_deadline());
        }
        self.attempts += 1;
        self.in_flight = true;
        self.trace.attempt(self.attempts);
        self.progress = AttemptProgress::default();
        let mut request = self.request();
        request.extensions_mut().insert(self.progress.clone());
        Ok(request)
    }

    /// The request, for a caller that sends it some other way.
    pub(crate) fn request(&self) -> http::Request<Body> {
        let mut request = http::Request::new(self.body.clone());
        self.method.clone_into(request.method_mut());
        self.uri.clone_into(request.uri_mut());
        self.headers.as_ref().clone_into(request.headers_mut());
        request.extensions_mut().insert(AttemptTimeout(self.timeout));
        request
    }

    /// The error of an attempt that was dropped after its timeout.
    pub(crate) fn timed_out(&self) -> TransportError {
        self.progress.timeout()
    }

    /// How long an attempt may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn trace(&self) -> Trace {
        self.trace.clone()
    }

    /// How long the whole call may take: all attempts and the delays between them.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// The error of the call when its deadline has passed, possibly during an attempt, or leaves no time for another one.
    ///
    /// What the service responded to the last attempt is kept. If no attempt got as far as a connection, it is an error of
    /// connecting.
    pub(crate) fn past_deadline(&mut self) -> Error {
        let is_unsent = self.in_flight && self.progress.give_up();
        let decision = match (self.in_flight, &self.last_error) {
            (true, _) if is_unsent => RetryDecision::Always,
            (false, Some(error)) => error.decision(),
            (false, None) => RetryDecision::Always,
            _ => RetryDecision::IfRepeatable,
        };
        self.maybe_executed |= self.in_flight && !is_unsent;
        let never_connected = match &self.last_error {
            Some(error) => error.kind() == ErrorKind::Connect && (is_unsent || !self.in_flight),
            None => is_unsent,
        };
        let kind = if never_connected { ErrorKind::Connect } else { ErrorKind::Timeout };
        let error = Error::past_deadline(kind, self.last_error.take());
        self.finish(error, decision)
    }

    /// Decides what follows from the outcome of an attempt. `moment` is called only if it matters.
    pub(crate) fn on_outcome<T>(
        &mut self,
        outcome: Result<http::Response<Bytes>, TransportError>,
        moment: &dyn Fn() -> Moment,
        decode: Decode<T>,
    ) -> Next<T> {
        self.in_flight = false;
        match outcome {
            Ok(response) => self.on_response(response, moment, decode),
            Err(error) => self.on_transport_error(error, moment()),
        }
    }

    fn on_response<T>(
        &mut self,
        response: http::Response<Bytes>,
        moment: &dyn Fn() -> Moment,
        decode: Decode<T>,
    ) -> Next<T> {
        let (head, body) = response.into_parts();
        self.trace.response(head.status, &head.headers);
        if head.status == StatusCode::NOT_FOUND
            && self.is_repeated_delete()
            && let Ok(value) = decode(&Bytes::new())
        {
            return Next::Done(Ok(self.success(value, head.status, head.headers)));
        }
        let decoded =
            self.endpoint.accepts(head.status).then(|| match response::encoding(&head.headers, &body) {
                None => decode(&body),
                Some(encoding) => Err(DecodeError::Encoded(encoding)),
            });
        if let Some(Ok(value)) = decoded {
            return Next::Done(Ok(self.success(value, head.status, head.headers)));
        }
        let moment = moment();
        let response = Response::parse(head.status, &head.headers, body, moment, self.max_retry_after);
        #[cfg(feature = "v2")]
        let response = if matches!(self.endpoint, Endpoint::V2(_)) { response.or_v2() } else { response };
        match decoded {
            Some(Err(error)) => self.on_decode_error(response, error, moment),
            _ => self.on_error_status(response, moment),
        }
    }

    fn success<T>(&self, value: T, status: StatusCode, headers: HeaderMap) -> WithMeta<T> {
        // A message removes the typing indicator of its chat.
        if let Some(indicator) = self.indicator.as_ref().and_then(Weak::upgrade) {
            indicator.set(false);
        }
        WithMeta { value, meta: Meta::new(status, headers, self.attempts, self.key.clone()) }
    }

    fn on_transport_error<T>(&mut self, error: TransportError, moment: Moment) -> Next<T> {
        let decision = match error.kind() {
            TransportErrorKind::Connect => RetryDecision::Always,
            TransportErrorKind::TooLarge => RetryDecision::Never,
            TransportErrorKind::Timeout | TransportErrorKind::Other => RetryDecision::IfRepeatable,
        };
        self.maybe_executed |= decision != RetryDecision::Always;
        self.retry_or_finish(decision, error.into(), moment)
    }

    /// The request was executed. If only its response is lost, the service repeats it for the same key.
    fn on_decode_error<T>(&mut self, response: Response, error: DecodeError, moment: Moment) -> Next<T> {
        self.maybe_executed = true;
        let (decision, error) = match error {
            DecodeError::Json(error) => (RetryDecision::IfRepeatable, Error::decode(response, error)),
            DecodeError::Encoded(encoding) => (RetryDecision::Never, Error::encoded(response, encoding)),
            DecodeError::FailedMessage => (RetryDecision::Never, Error::failed_message(response)),
        };
        self.retry_or_finish(decision, error, moment)
    }

    fn on_error_status<T>(&mut self, response: Response, moment: Moment) -> Next<T> {
        let (status, code) = (response.status, response.detail.code);
        self.maybe_executed |= retry::may_have_been_executed(status, code);
        let decision = RetryDecision::of_response(status, code, response.should_retry);
        self.retry_or_finish(decision, Error::api(response), moment)
    }

    /// A wait that the service asks for is obeyed, or else the error is returned at once; it never becomes a shorter one.
    fn retry_or_finish<T>(&mut self, decision: RetryDecision, error: Error, moment: Moment) -> Next<T> {
        let retries = match decision {
            RetryDecision::Always => true,
            RetryDecision::IfRepeatable => self.is_repeatable(),
            RetryDecision::Never => false,
        };
        let asked = error.retry_after();
        let delay = asked.unwrap_or_else(|| retry::backoff(self.attempts, (self.jitter)()));
        let is_in_time = moment.left.is_none_or(|left| delay < left);
        let is_too_long = asked.is_some_and(|wait| wait > self.max_retry_after || !is_in_time);
        if !retries || self.attempts >= self.max_attempts || is_too_long {
            return Next::Done(Err(self.finish(error, decision)));
        }
        let error = self.finish(error, decision);
        if !is_in_time {
            self.last_error = Some(error);
            return Next::Done(Err(self.past_deadline()));
        }
        self.trace.retry(delay);
        if let Some(OnRetry(on_retry)) = &self.on_retry {
            on_retry(&FailedAttempt {
                operation: self.endpoint.operation(),
                number: self.attempts,
                max_attempts: self.max_attempts,
                delay,
                error: &error,
            });
        }
        self.last_error = Some(error);
        Next::Retry(delay)
    }

    fn finish(&self, error: Error, decision: RetryDecision) -> Error {
        let maybe_sent = self.maybe_executed && !self.method.is_safe();
        error
            .with_endpoint(&self.endpoint)
            .with_attempts(self.attempts, maybe_sent, self.key.as_ref())
            .with_retry(decision, self.is_repeatable())
    }

    /// Whether the request can be executed twice without harm: by its method, or by a key that the API honors.
    fn is_repeatable(&self) -> bool {
        let honors_key = self.endpoint.operation().is_none_or(Operation::is_idempotent);
        self.method.is_idempotent() || (self.key.is_some() && honors_key)
    }

    /// Whether an earlier attempt may have deleted already.
    fn is_repeated_delete(&self) -> bool {
        self.method == Method::DELETE && self.maybe_executed
    }
}
