//! One call as a state machine: what to send, and what an outcome means. No clock and no I/O, so that the clients
//! are a few lines each and every rule is tested with plain values.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri};
use linq_types::{IdempotencyKey, check::Check};

use self::{answer::answer, head::KEY_HEADER};
use crate::{
    AttemptTimeout, Body, Meta, TransportError, TransportErrorKind, WithMeta,
    config::{Config, USUAL_TIMEOUT},
    error::{Answer, Error, InvalidRequest},
    request::{KeyHeader, Payload, RequestSpec, Target},
    retry::{self, Verdict},
    trace::Trace,
};

mod answer;
mod body;
mod head;
mod options;

pub(crate) use answer::{Decode, Rejected, refuse_failed, trace_id_of};
pub(crate) use options::{Extra, ExtraBody, Options};

/// Gives numbers in 0 to 1, by which the waits of different calls differ.
pub(crate) type Jitter = fn() -> f64;

#[derive(Debug)]
pub(crate) struct Exchange {
    method: Method,
    uri: Uri,
    /// Shared with the client unless this call has headers of its own.
    headers: Arc<HeaderMap>,
    route: &'static str,
    body: Body,
    key: Option<IdempotencyKey>,
    timeout: Duration,
    deadline: Option<Duration>,
    attempts_allowed: u32,
    attempts: u32,
    last_error: Option<Error>,
    in_flight: bool,
    maybe_executed: bool,
    jitter: Jitter,
    trace: Trace,
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
    /// Checks and builds the request; nothing is sent when it fails.
    pub(crate) fn new(
        config: &Config,
        spec: RequestSpec,
        options: Options,
        jitter: Jitter,
    ) -> Result<Self, Error> {
        let (method, route) = (spec.method.clone(), spec.route);
        Self::build(config, spec, options, jitter)
            .map_err(|invalid| Error::invalid(invalid).with_route(&method, route))
    }

    fn build(
        config: &Config,
        spec: RequestSpec,
        options: Options,
        jitter: Jitter,
    ) -> Result<Self, InvalidRequest> {
        let Options { timeout, deadline, attempts, idempotency_key, unchecked, extra } = options;
        let extra = extra.map_or_else(Extra::default, |extra| *extra);
        if let Some(invalid) = extra.invalid {
            return Err(invalid);
        }
        let settings = &config.settings;
        let checked = !(unchecked || settings.unchecked);
        if let Payload::Json(body) = &spec.payload
            && checked
            && let Err(violation) = body.check()
            && !extra.body.replaces(&violation.path)
        {
            return Err(violation.into());
        }
        let key_header = spec.key_header;
        let idempotency_key = match key_header {
            KeyHeader::Never => idempotency_key,
            KeyHeader::IfGiven | KeyHeader::Always => extra.key_header().or(idempotency_key),
        };
        let is_api = matches!(spec.target, Target::Api(_));
        let (body, mut key) =
            body::write(config, &spec.method, spec.payload, key_header, idempotency_key, extra.body)?;
        let mut query = spec.query;
        query.extend(extra.query);
        let (uri, mut headers) = head::address(config, &spec.method, spec.accept, spec.target, query)?;
        if key.as_ref().is_some_and(|key| key.as_str().is_empty()) {
            return Err(InvalidRequest::EmptyKey);
        }
        if checked && let Some(key) = &key {
            key.check().map_err(|violation| violation.within("idempotency_key"))?;
        }
        if let Some(key) = key.as_ref().filter(|_| key_header != KeyHeader::Never) {
            head::insert_key(&mut headers, key)?;
        }
        head::lay_over(&mut headers, extra.headers);
        if key_header == KeyHeader::IfGiven && !headers.contains_key(KEY_HEADER) {
            key = None;
        }
        Ok(Self {
            trace: Trace::new(&spec.method, spec.route),
            method: spec.method,
            uri,
            headers,
            route: spec.route,
            body,
            key,
            timeout: timeout.unwrap_or(settings.timeout),
            // A client's deadline is meant for calls of the API, not for files of any size.
            deadline: deadline.or(settings.deadline.filter(|_| is_api)),
            attempts_allowed: attempts.unwrap_or(settings.attempts).max(1),
            attempts: 0,
            last_error: None,
            in_flight: false,
            maybe_executed: false,
            jitter,
        })
    }

    /// The request of the next attempt.
    pub(crate) fn attempt(&mut self) -> http::Request<Body> {
        self.attempts += 1;
        self.in_flight = true;
        self.trace.attempt(self.attempts);
        self.request()
    }

    /// The request alone, for a caller that sends it without us.
    pub(crate) fn request(&self) -> http::Request<Body> {
        let mut request = http::Request::new(self.body.clone());
        self.method.clone_into(request.method_mut());
        self.uri.clone_into(request.uri_mut());
        self.headers.as_ref().clone_into(request.headers_mut());
        if self.timeout != USUAL_TIMEOUT {
            request.extensions_mut().insert(AttemptTimeout(self.timeout));
        }
        request
    }

    /// How long an attempt may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn trace(&self) -> Trace {
        self.trace.clone()
    }

    /// How long the whole call may take, all attempts and the waits between them.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// The end of a call whose deadline has passed, perhaps while an attempt was under way.
    ///
    /// What the service said to the last attempt is kept.
    pub(crate) fn past_deadline(&mut self) -> Error {
        self.maybe_executed |= self.in_flight;
        let error = Error::past_deadline(self.last_error.take());
        self.finish(error)
    }

    /// Takes the outcome of the attempt.
    pub(crate) fn absorb<T>(
        &mut self,
        outcome: Result<http::Response<Bytes>, TransportError>,
        decode: Decode<T>,
    ) -> Next<T> {
        self.in_flight = false;
        let (head, body) = match outcome {
            Ok(response) => response.into_parts(),
            Err(error) => return self.absorb_transport_error(error),
        };
        self.trace.answer(head.status, &head.headers);
        if head.status.is_success() {
            return match decode(&body) {
                Ok(value) => Next::Done(Ok(self.success(value, head.status, head.headers))),
                Err(rejected) => self.absorb_rejected(&answer(head.status, &head.headers, body), rejected),
            };
        }
        let answer = answer(head.status, &head.headers, body);
        if self.is_repeated_delete()
            && answer.status == StatusCode::NOT_FOUND
            && let Ok(value) = decode(&Bytes::new())
        {
            return Next::Done(Ok(self.success(value, head.status, head.headers)));
        }
        self.absorb_error_status(&answer, retry::should_retry(&head.headers))
    }

    fn success<T>(&self, value: T, status: StatusCode, headers: HeaderMap) -> WithMeta<T> {
        WithMeta { value, meta: Meta::new(status, headers, self.attempts, self.key.clone()) }
    }

    fn absorb_transport_error<T>(&mut self, error: TransportError) -> Next<T> {
        let not_sent = error.kind() == TransportErrorKind::Connect;
        self.maybe_executed |= !not_sent;
        let useful = error.kind() != TransportErrorKind::TooLarge;
        self.retry_if(not_sent || (useful && self.is_repeatable()), None, error.into())
    }

    /// The request was executed. If only its answer is lost, the service gives it again for the same key.
    fn absorb_rejected<T>(&mut self, answer: &Answer, rejected: Rejected) -> Next<T> {
        self.maybe_executed = true;
        match rejected {
            Rejected::Unreadable(error) => {
                self.retry_if(self.is_repeatable(), None, Error::unreadable(answer, error))
            }
            Rejected::FailedMessage => Next::Done(Err(self.finish(Error::failed_message(answer)))),
        }
    }

    fn absorb_error_status<T>(&mut self, answer: &Answer, should_retry: Option<bool>) -> Next<T> {
        let verdict = retry::verdict(answer.status, answer.detail.code);
        self.maybe_executed |= retry::may_have_been_executed(answer.status, verdict);
        let retry = match (should_retry, verdict) {
            (Some(false), _) => false,
            (_, Verdict::Always) => true,
            (Some(true), _) | (None, Verdict::IfRepeatable) => self.is_repeatable(),
            (None, Verdict::Never) => false,
        };
        self.retry_if(retry, answer.retry_after, Error::api(answer))
    }

    fn retry_if<T>(&mut self, retry: bool, wish: Option<Duration>, error: Error) -> Next<T> {
        if retry && self.attempts < self.attempts_allowed {
            let wait = retry::wait(self.attempts, wish, (self.jitter)());
            self.trace.retry(wait);
            self.last_error = Some(error);
            Next::Retry(wait)
        } else {
            Next::Done(Err(self.finish(error)))
        }
    }

    fn finish(&self, error: Error) -> Error {
        error.with_route(&self.method, self.route).with_attempts(
            self.attempts,
            self.maybe_executed && self.has_effect(),
            self.key.as_ref(),
        )
    }

    /// Whether executing the request twice does no harm.
    fn is_repeatable(&self) -> bool {
        self.key.is_some() || self.method.is_idempotent()
    }

    fn has_effect(&self) -> bool {
        !self.method.is_safe()
    }

    /// Whether an earlier attempt may have deleted already.
    fn is_repeated_delete(&self) -> bool {
        self.method == Method::DELETE && self.maybe_executed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, config::Settings, key::KeySource};
    use linq_types::messages::{MessageContent, MessageSendResponse, NewChatMessage};
    use linq_types::payments::NewPayment;
    use linq_types::{check::Rule, error::ErrorCode, json};
    use serde_json::{Map, Value};

    fn config(keys: KeySource) -> Config {
        let settings = Settings { api_key: Some("test-key".into()), keys, ..Settings::default() };
        settings.check().unwrap()
    }

    fn exchange(spec: RequestSpec, keys: KeySource) -> Exchange {
        Exchange::new(&config(keys), spec, Options::default(), || 0.5).unwrap()
    }

    fn send() -> RequestSpec {
        RequestSpec::new(Method::POST, "/v3/chats/{chatId}/messages", &["c1"])
            .body(NewChatMessage::new("secret words"))
    }

    fn bare(method: Method) -> RequestSpec {
        RequestSpec::new(method, "/v3/things/{thingId}", &["t1"])
    }

    fn response(
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Ok(response.body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
    }

    fn api_error(status: u16, code: u32) -> Result<http::Response<Bytes>, TransportError> {
        let body = format!(
            r#"{{"success":false,"error":{{"status":{status},"code":{code},"message":"about +12025550100"}},"trace_id":"t"}}"#
        );
        response(status, &[], &body)
    }

    fn ignore(_: &Bytes) -> Result<(), Rejected> {
        Ok(())
    }

    fn absorb(
        exchange: &mut Exchange,
        outcome: Result<http::Response<Bytes>, TransportError>,
    ) -> Result<Duration, Result<(), Error>> {
        exchange.attempt();
        match exchange.absorb(outcome, ignore) {
            Next::Retry(wait) => Ok(wait),
            Next::Done(result) => Err(result.map(|answer| answer.value)),
        }
    }

    fn last_error(exchange: &mut Exchange, outcome: Result<http::Response<Bytes>, TransportError>) -> Error {
        absorb(exchange, outcome).unwrap_err().unwrap_err()
    }

    fn transport(kind: TransportErrorKind) -> Result<http::Response<Bytes>, TransportError> {
        Err(TransportError::new(kind))
    }

    #[test]
    fn a_request_has_key_headers_and_address() {
        let request = exchange(send(), KeySource::default()).attempt();
        assert_eq!(request.uri(), "https://api.linqapp.com/api/partner/v3/chats/c1/messages");
        assert_eq!(request.headers()["authorization"], "Bearer test-key");
        assert_eq!(request.headers()["content-type"], "application/json");
        assert_eq!(request.headers()["accept"], "application/json");
        assert!(!format!("{request:?}").contains("test-key"));
    }

    #[test]
    fn a_send_keeps_one_key_over_all_attempts_and_another_send_gets_another() {
        let body = |request: http::Request<Body>| request.into_body().collect().unwrap();
        let mut one = exchange(send(), KeySource::default());
        let first = body(one.attempt());
        assert!(first.windows(15).any(|window| window == b"idempotency_key"));
        assert_eq!(body(one.attempt()), first);
        assert_ne!(body(exchange(send(), KeySource::default()).attempt()), first);
    }

    #[test]
    fn the_callers_key_wins() {
        let spec = RequestSpec::new(Method::POST, "/v3/chats", &[])
            .body(NewChatMessage::new(MessageContent::from("hi").idempotency_key("from-the-message")));
        assert_eq!(exchange(spec, KeySource::default()).key.unwrap(), "from-the-message");
        let options = Options { idempotency_key: Some("from-the-call".into()), ..Options::default() };
        let exchange = Exchange::new(&config(KeySource::default()), send(), options, || 0.5).unwrap();
        assert_eq!(exchange.key.unwrap(), "from-the-call");
    }

    #[test]
    fn where_the_api_takes_the_key_as_a_header_it_is_in_the_body_too_unless_the_body_has_its_own() {
        let keys = |message: MessageContent, given: Option<&str>| {
            let spec = RequestSpec::new(Method::POST, "/v3/messages", &[]);
            let spec = spec.body(NewChatMessage::new(message)).with_key_header();
            let options = Options { idempotency_key: given.map(Into::into), ..Options::default() };
            let exchange = Exchange::new(&config(KeySource::default()), spec, options, || 0.5).unwrap();
            let header = exchange.headers["idempotency-key"].to_str().unwrap().to_owned();
            let body: Value = serde_json::from_slice(&exchange.body.collect().unwrap()).unwrap();
            (header, body["message"]["idempotency_key"].as_str().unwrap().to_owned())
        };
        let (header, body) = keys("hi".into(), None);
        assert!(header.len() == 32 && header == body);
        let (header, body) = keys("hi".into(), Some("call"));
        assert_eq!((&*header, &*body), ("call", "call"));
        let own = || MessageContent::from("hi").idempotency_key("message");
        let (header, body) = keys(own(), None);
        assert_eq!((&*header, &*body), ("message", "message"));
        let (header, body) = keys(own(), Some("call"));
        assert_eq!((&*header, &*body), ("call", "message"));
    }

    #[test]
    fn where_the_key_is_nothing_but_a_header_the_client_makes_one_up_too() {
        for (given, keys, sent) in [
            (None, KeySource::Custom(Arc::new(|| "made-up".into())), Some("made-up")),
            (Some("mine"), KeySource::default(), Some("mine")),
            (None, KeySource::Off, None),
        ] {
            let spec = RequestSpec::new(Method::POST, "/v3/payments", &[])
                .body(NewPayment::new("+12025550199", 2500, "usd"))
                .with_key_header();
            let options = Options { idempotency_key: given.map(Into::into), ..Options::default() };
            let exchange = Exchange::new(&config(keys), spec, options, || 0.5).unwrap();
            assert_eq!(exchange.key.as_ref().map(IdempotencyKey::as_str), sent);
            assert_eq!(exchange.headers.get("idempotency-key").map(|key| key.to_str().unwrap()), sent);
            assert_eq!(
                exchange.body.collect().unwrap(),
                r#"{"handle":"+12025550199","amount_cents":2500,"currency":"usd"}"#
            );
        }
    }

    #[test]
    fn what_was_not_sent_is_always_repeated_and_three_attempts_are_all() {
        let mut exchange = exchange(bare(Method::POST), KeySource::Off);
        assert!(absorb(&mut exchange, transport(TransportErrorKind::Connect)).is_ok());
        assert!(absorb(&mut exchange, transport(TransportErrorKind::Connect)).is_ok());
        let error = last_error(&mut exchange, transport(TransportErrorKind::Connect));
        assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::Connect, 3, false));
    }

    #[test]
    fn what_may_have_been_executed_is_repeated_only_with_a_key_or_without_effect() {
        let outcomes: [fn() -> _; 5] = [
            || transport(TransportErrorKind::Timeout),
            || transport(TransportErrorKind::Other),
            || response(502, &[], "<html>"),
            || api_error(500, 3006),
            || response(500, &[("x-should-retry", "true")], ""),
        ];
        for outcome in outcomes {
            let error = last_error(&mut exchange(send(), KeySource::Off), outcome());
            assert!(error.maybe_sent(), "{error}");
            assert!(
                last_error(&mut exchange(bare(Method::PATCH), KeySource::default()), outcome()).maybe_sent()
            );
            for mut repeatable in [
                exchange(send(), KeySource::default()),
                exchange(bare(Method::GET), KeySource::Off),
                exchange(bare(Method::PUT), KeySource::Off),
                exchange(bare(Method::DELETE), KeySource::Off),
            ] {
                assert!(absorb(&mut repeatable, outcome()).is_ok());
            }
        }
    }

    #[test]
    fn what_was_refused_for_now_is_repeated_without_a_key_too() {
        for (status, code) in [(429, 1007), (409, 2009), (404, 2007), (500, 2022)] {
            let mut exchange = exchange(bare(Method::POST), KeySource::Off);
            assert!(absorb(&mut exchange, api_error(status, code)).is_ok());
            exchange.attempts_allowed = 1;
            assert!(!last_error(&mut exchange, api_error(status, code)).maybe_sent());
        }
    }

    #[test]
    fn what_is_refused_for_good_is_not_repeated() {
        for (status, code) in [(400, 1004), (403, 2024), (404, 2001), (409, 2015), (500, 3007)] {
            let error = last_error(&mut exchange(send(), KeySource::default()), api_error(status, code));
            assert_eq!((error.status().unwrap().as_u16(), error.code().unwrap().get()), (status, code));
        }
    }

    #[test]
    fn the_service_can_forbid_any_retry() {
        let outcome = response(429, &[("x-should-retry", "false")], "");
        assert!(last_error(&mut exchange(send(), KeySource::default()), outcome).is_rate_limited());
    }

    #[test]
    fn the_wait_follows_the_header_then_the_body() {
        let mut exchange = exchange(send(), KeySource::default());
        let body = r#"{"error":{"code":1007,"retry_after":12}}"#;
        assert_eq!(absorb(&mut exchange, response(429, &[("retry-after", "3")], body)).unwrap().as_secs(), 3);
        assert_eq!(absorb(&mut exchange, response(429, &[], body)).unwrap().as_secs(), 12);
    }

    #[test]
    fn one_attempt_that_may_have_been_executed_is_remembered_whatever_comes_after() {
        let mut exchange = exchange(send(), KeySource::default());
        assert!(absorb(&mut exchange, transport(TransportErrorKind::Timeout)).is_ok());
        let error = last_error(&mut exchange, api_error(404, 2002));
        assert!(error.is_not_found() && error.maybe_sent());
        assert_eq!(error.idempotency_key(), exchange.key.as_ref());
    }

    #[test]
    fn past_the_deadline_what_the_service_said_last_is_kept() {
        let mut exchange = exchange(send(), KeySource::default());
        assert!(absorb(&mut exchange, api_error(429, 1007)).is_ok());
        let error = exchange.past_deadline();
        assert_eq!(
            (error.kind(), error.code(), error.maybe_sent()),
            (ErrorKind::Timeout, Some(ErrorCode::RATE_LIMITED), false)
        );
        exchange.attempt();
        assert!(exchange.past_deadline().maybe_sent());
    }

    #[test]
    fn an_empty_key_is_refused() {
        let options = Options { idempotency_key: Some("".into()), ..Options::default() };
        let error = Exchange::new(&config(KeySource::default()), send(), options, || 0.5).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }

    fn attempt_to_send(
        spec: RequestSpec,
        unchecked: [bool; 2],
        key: Option<&str>,
    ) -> Result<Exchange, Error> {
        let no_key = || panic!("a key was made for a request that breaks a rule");
        let mut config = config(KeySource::Custom(std::sync::Arc::new(no_key)));
        let [client, call] = unchecked;
        config.settings.unchecked = client;
        let options = Options { idempotency_key: key.map(Into::into), unchecked: call, ..Options::default() };
        Exchange::new(&config, spec, options, || 0.5)
    }

    #[test]
    fn what_breaks_a_rule_is_not_sent_and_gets_no_key_unless_checks_are_off() {
        let wordless = || {
            let route = "/v3/chats/{chatId}/messages";
            RequestSpec::new(Method::POST, route, &["c1"]).body(NewChatMessage::new(""))
        };
        let error = attempt_to_send(wordless(), [false, false], None).unwrap_err();
        assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::InvalidRequest, false));
        assert_eq!(error.violation().unwrap().rule, Rule::TextLength);
        insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: `message.parts[0].value`: a text must have 1 to 10,000 characters: nothing was sent");
        for unchecked in [[true, false], [false, true]] {
            assert!(attempt_to_send(wordless(), unchecked, Some("k")).is_ok());
        }
    }

    #[test]
    fn a_key_has_up_to_255_characters_wherever_it_comes_from() {
        let (longest, longer) = ("k".repeat(255), "k".repeat(256));
        assert!(attempt_to_send(send(), [false, false], Some(&longest)).is_ok());
        assert!(attempt_to_send(send(), [false, true], Some(&longer)).is_ok());
        let error = attempt_to_send(send(), [false, false], Some(&longer)).unwrap_err();
        assert_eq!(
            error.violation().unwrap().to_string(),
            "`idempotency_key`: an idempotency key must have at most 255 characters"
        );
        let source = KeySource::Custom(std::sync::Arc::new(move || longer.clone().into()));
        let error = Exchange::new(&config(source), send(), Options::default(), || 0.5).unwrap_err();
        assert_eq!(error.violation().unwrap().rule, Rule::IdempotencyKeyLength);
    }

    #[test]
    fn what_is_laid_over_the_body_is_not_checked_and_neither_is_what_it_replaces() {
        let outcome = |extra: ExtraBody| {
            let spec = RequestSpec::new(Method::POST, "/v3/messages", &[]).body(NewChatMessage::new(""));
            let mut options = Options::default();
            options.extra.get_or_insert_default().body = extra;
            Exchange::new(&config(KeySource::default()), spec, options, || 0.5)
        };
        let field = |name: &str| Map::from_iter([(name.to_owned(), serde_json::json!({ "parts": [] }))]);
        assert!(outcome(ExtraBody { whole: Some(field("message").into()), ..ExtraBody::default() }).is_ok());
        assert!(outcome(ExtraBody { fields: field("message"), ..ExtraBody::default() }).is_ok());
        assert!(outcome(ExtraBody { fields: field("message_tag"), ..ExtraBody::default() }).is_err());
    }

    #[test]
    fn a_body_in_place_of_the_calls_own_gets_the_callers_key_and_counts_as_keyed_only_with_one() {
        let replaced = |key: Option<&str>| {
            let mut options = Options { idempotency_key: key.map(Into::into), ..Options::default() };
            options.extra.get_or_insert_default().body.whole =
                Some(serde_json::json!({ "message": { "parts": [] } }));
            Exchange::new(&config(KeySource::default()), send(), options, || 0.5).unwrap()
        };
        let mut keyed = replaced(Some("mine"));
        assert_eq!(
            keyed.body.clone().collect().unwrap(),
            r#"{"message":{"idempotency_key":"mine","parts":[]}}"#
        );
        assert!(absorb(&mut keyed, transport(TransportErrorKind::Other)).is_ok());
        assert!(last_error(&mut replaced(None), transport(TransportErrorKind::Other)).maybe_sent());
    }

    #[test]
    fn a_field_can_be_laid_over_an_object_only() {
        let mut options = Options::default();
        options.extra.get_or_insert_default().body.whole = Some(serde_json::json!([1]));
        options.extra.get_or_insert_default().body.fields.insert("a".into(), 1.into());
        let error = Exchange::new(&config(KeySource::default()), send(), options, || 0.5).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }

    #[test]
    fn not_found_is_success_for_a_repeated_delete_only() {
        let mut repeated = exchange(bare(Method::DELETE), KeySource::Off);
        assert!(absorb(&mut repeated, transport(TransportErrorKind::Other)).is_ok());
        assert!(absorb(&mut repeated, api_error(404, 2010)).unwrap_err().is_ok());
        assert!(
            last_error(&mut exchange(bare(Method::DELETE), KeySource::Off), api_error(404, 2010))
                .is_not_found()
        );
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_asked_for_again_with_a_key_and_reported_without() {
        fn decode(body: &Bytes) -> Result<MessageSendResponse, Rejected> {
            Ok(json::from_slice(body)?)
        }
        let outcome = || response(202, &[("x-trace-id", "abc")], r#"{"chat_id":7}"#);
        let mut keyed = exchange(send(), KeySource::default());
        keyed.attempt();
        assert!(matches!(keyed.absorb(outcome(), decode), Next::Retry(_)));
        let mut unkeyed = exchange(send(), KeySource::Off);
        unkeyed.attempt();
        let Next::Done(Err(error)) = unkeyed.absorb(outcome(), decode) else { panic!() };
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(error.maybe_sent());
        assert_eq!(error.body().unwrap(), r#"{"chat_id":7}"#);
        assert_eq!(error.trace_id().unwrap(), "abc");
    }

    #[test]
    fn errors_say_what_happened_and_what_to_do_but_nothing_of_the_request() {
        let mut exchanges = [
            (exchange(send(), KeySource::default()), api_error(403, 2024)),
            (exchange(send(), KeySource::Off), response(503, &[("x-trace-id", "abc")], "<html>busy</html>")),
            (exchange(bare(Method::GET), KeySource::Off), api_error(401, 2004)),
            (exchange(send(), KeySource::Off), transport(TransportErrorKind::Timeout)),
            (exchange(bare(Method::DELETE), KeySource::Off), transport(TransportErrorKind::Connect)),
        ];
        for (exchange, _) in &mut exchanges {
            exchange.attempts_allowed = 1;
        }
        let errors: Vec<_> =
            exchanges.into_iter().map(|(mut exchange, outcome)| last_error(&mut exchange, outcome)).collect();
        assert_eq!(errors[0].message(), Some("about +12025550100"));
        let shown: Vec<_> = errors.iter().map(ToString::to_string).collect();
        insta::assert_debug_snapshot!(shown);
        insta::assert_debug_snapshot!(errors);
        let all = format!("{shown:?} {errors:?}");
        for secret in ["+1202", "secret words", "test-key"] {
            assert!(!all.contains(secret), "{all}");
        }
    }
}
