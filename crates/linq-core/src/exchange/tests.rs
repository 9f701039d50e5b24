mod encodings;
mod redirects;
mod waits;

use super::*;
use crate::{
    Retry,
    config::{Config, Settings},
    key::KeySource,
};
use http::header::CONTENT_LENGTH;
use linq_types::messages::{MessageContent, MessageSendResponse, NewChatMessage};
use linq_types::payments::NewPayment;
use linq_types::{check::Rule, error::ErrorCode, json};
use serde_json::{Map, Value};

fn setup(keys: KeySource) -> Arc<Setup> {
    Setup::new(config(keys))
}

fn config(keys: KeySource) -> Config {
    let settings = Settings { api_key: Some("test-key".into()), keys, ..Settings::default() };
    settings.check().unwrap()
}

fn exchange(spec: RequestSpec, keys: KeySource) -> Exchange {
    build(spec, keys, Options::default()).unwrap()
}

fn build(spec: RequestSpec, keys: KeySource, options: Options) -> Result<Exchange, Error> {
    let mut exchange = Exchange::build(&setup(keys), spec, options)?;
    exchange.jitter = || 0.5;
    Ok(exchange)
}

fn send() -> RequestSpec {
    message(Operation::ChatsMessagesSend, &["c1"], "secret words")
}

fn message(operation: Operation, ids: &[&str], message: impl Into<NewChatMessage>) -> RequestSpec {
    RequestSpec::new(operation, ids).keyed_body(message.into(), |body| &mut body.message.idempotency_key)
}

fn payment() -> RequestSpec {
    RequestSpec::new(Operation::PaymentsCreate, &[]).body(NewPayment::new("+12025550199", 2500, "usd"))
}

/// An operation with this method that takes no key.
fn bare(method: &Method) -> RequestSpec {
    let operation = match *method {
        Method::GET => Operation::ChatsRetrieve,
        Method::PUT => Operation::ChatsUpdate,
        Method::PATCH => Operation::MessagesUpdate,
        Method::DELETE => Operation::MessagesDelete,
        _ => Operation::MessagesAddReaction,
    };
    RequestSpec::new(operation, &["t1"])
}

/// Calls that can be executed twice without harm: by their key, or by their method.
fn repeatable() -> [Exchange; 4] {
    [
        exchange(send(), KeySource::default()),
        exchange(bare(&Method::GET), KeySource::Off),
        exchange(bare(&Method::PUT), KeySource::Off),
        exchange(bare(&Method::DELETE), KeySource::Off),
    ]
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

fn ignore(_: &Bytes) -> Result<(), DecodeError> {
    Ok(())
}

fn attempt(
    exchange: &mut Exchange,
    outcome: Result<http::Response<Bytes>, TransportError>,
) -> Result<Duration, Result<(), Error>> {
    exchange.attempt(None).unwrap();
    match exchange.on_outcome(outcome, &Moment::default, ignore) {
        Next::Retry(delay) => Ok(delay),
        Next::Done(result) => Err(result.map(|with_meta| with_meta.value)),
    }
}

fn last_error(exchange: &mut Exchange, outcome: Result<http::Response<Bytes>, TransportError>) -> Error {
    attempt(exchange, outcome).unwrap_err().unwrap_err()
}

fn transport(kind: TransportErrorKind) -> Result<http::Response<Bytes>, TransportError> {
    Err(TransportError::new(kind))
}

#[test]
fn a_request_has_key_headers_and_address() {
    let request = exchange(send(), KeySource::default()).attempt(None).unwrap();
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
    let first = body(one.attempt(None).unwrap());
    assert!(first.windows(15).any(|window| window == b"idempotency_key"));
    assert_eq!(body(one.attempt(None).unwrap()), first);
    assert_ne!(body(exchange(send(), KeySource::default()).attempt(None).unwrap()), first);
}

#[test]
fn the_callers_key_wins() {
    let content = MessageContent::from("hi").idempotency_key("from-the-message");
    let spec = message(Operation::ChatsMessagesSend, &["c1"], NewChatMessage::new(content));
    assert_eq!(exchange(spec, KeySource::default()).key.unwrap(), "from-the-message");
    let options = Options { idempotency_key: Some("from-the-call".into()), ..Options::default() };
    let exchange = build(send(), KeySource::default(), options).unwrap();
    assert_eq!(exchange.key.unwrap(), "from-the-call");
}

#[test]
fn where_the_api_takes_the_key_as_a_header_it_is_in_the_body_too_unless_the_body_has_its_own() {
    let keys = |content: MessageContent, given: Option<&str>| {
        let spec = message(Operation::MessagesCreate, &[], NewChatMessage::new(content));
        let options = Options { idempotency_key: given.map(Into::into), ..Options::default() };
        let exchange = build(spec, KeySource::default(), options).unwrap();
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
fn where_the_key_is_only_a_header_the_client_creates_one_too() {
    for (given, keys, sent) in [
        (None, KeySource::Custom(Arc::new(|| "created".into())), Some("created")),
        (Some("mine"), KeySource::default(), Some("mine")),
        (None, KeySource::Off, None),
    ] {
        let options = Options { idempotency_key: given.map(Into::into), ..Options::default() };
        let exchange = build(payment(), keys, options).unwrap();
        assert_eq!(exchange.key.as_ref().map(IdempotencyKey::as_str), sent);
        assert_eq!(exchange.headers.get("idempotency-key").map(|key| key.to_str().unwrap()), sent);
        assert_eq!(
            exchange.body.collect().unwrap(),
            r#"{"handle":"+12025550199","amount_cents":2500,"currency":"usd"}"#
        );
    }
}

#[test]
fn a_key_header_that_the_caller_removes_does_not_count_as_sent() {
    let mut options = Options { idempotency_key: Some("mine".into()), ..Options::default() };
    options.remove_header(Some(http::HeaderName::from_static("idempotency-key")));
    let exchange = build(payment(), KeySource::default(), options).unwrap();
    assert_eq!((exchange.key, exchange.headers.get("idempotency-key")), (None, None));
}

#[test]
fn a_key_that_the_api_may_not_honor_is_sent_but_allows_no_retry_of_what_may_have_been_executed() {
    let mut refused = exchange(payment(), KeySource::default());
    assert!(attempt(&mut refused, transport(TransportErrorKind::Connect)).is_ok());
    assert!(attempt(&mut refused, api_error(429, 1007)).is_ok());
    for outcome in [transport(TransportErrorKind::Timeout), response(502, &[], ""), api_error(500, 3006)] {
        let error = last_error(&mut exchange(payment(), KeySource::default()), outcome);
        assert!(error.maybe_sent() && error.idempotency_key().is_some());
        assert_eq!((error.attempts(), error.retry()), (1, Retry::CheckFirst));
        assert!(error.to_string().ends_with("check before repeating it"), "{error}");
    }
}

#[test]
fn every_request_has_the_timeout_of_its_attempt_and_says_if_it_has_no_body() {
    for (method, length) in [
        (Method::GET, None),
        (Method::DELETE, None),
        (Method::POST, Some("0")),
        (Method::PUT, Some("0")),
        (Method::PATCH, Some("0")),
    ] {
        let request = exchange(bare(&method), KeySource::Off).attempt(None).unwrap();
        assert_eq!(request.extensions().get(), Some(&AttemptTimeout(Duration::from_secs(60))));
        let found = request.headers().get(CONTENT_LENGTH).map(|length| length.to_str().unwrap());
        assert_eq!(found, length, "{method}");
    }
    let options = Options { timeout: Some(Duration::from_secs(5)), ..Options::default() };
    let request = build(send(), KeySource::default(), options).unwrap().attempt(None).unwrap();
    assert_eq!(request.extensions().get(), Some(&AttemptTimeout(Duration::from_secs(5))));
    assert!(!request.headers().contains_key(CONTENT_LENGTH));
}

#[test]
fn an_error_says_whether_and_when_a_retry_helps() {
    let seconds = Duration::from_secs;
    let last = |spec, keys, outcome| {
        let options = Options { attempts: Some(1), ..Options::default() };
        last_error(&mut build(spec, keys, options).unwrap(), outcome)
    };
    let (keyed, unkeyed) = (KeySource::default, || KeySource::Off);
    let rate_limited = || response(429, &[("retry-after", "90")], "");
    let backoff = Retry::After(Duration::from_millis(500));
    for (error, expected) in [
        (last(send(), keyed(), api_error(403, 2024)), Retry::Never),
        (last(send(), keyed(), response(503, &[("x-should-retry", "false")], "")), Retry::Never),
        (last(send(), keyed(), rate_limited()), Retry::After(seconds(90))),
        (last(send(), unkeyed(), rate_limited()), Retry::After(seconds(90))),
        (last(send(), unkeyed(), transport(TransportErrorKind::Connect)), backoff),
        (last(send(), keyed(), transport(TransportErrorKind::Timeout)), backoff),
        (last(send(), unkeyed(), transport(TransportErrorKind::Timeout)), Retry::CheckFirst),
        (last(bare(&Method::GET), unkeyed(), response(502, &[], "")), backoff),
        (last(bare(&Method::PATCH), keyed(), response(502, &[], "")), Retry::CheckFirst),
        (last(send(), keyed(), transport(TransportErrorKind::TooLarge)), Retry::Never),
    ] {
        assert_eq!(error.retry(), expected, "{error}");
        assert_eq!(error.is_transient(), expected != Retry::Never, "{error}");
    }
    let mut unsure = exchange(bare(&Method::PATCH), KeySource::Off);
    unsure.maybe_executed = true;
    unsure.max_attempts = 1;
    assert_eq!(last_error(&mut unsure, rate_limited()).retry(), Retry::CheckFirst);
}

#[test]
fn an_error_has_its_operation_unless_the_endpoint_is_the_callers_own() {
    let error = last_error(&mut exchange(send(), KeySource::Off), api_error(404, 2001));
    assert_eq!(error.operation(), Some(Operation::ChatsMessagesSend));
    let custom = RequestSpec::custom(Method::GET, "/v3/new-thing");
    let error = last_error(&mut exchange(custom, KeySource::Off), api_error(404, 2001));
    assert_eq!(error.operation(), None);
}

#[test]
fn the_codes_that_bots_meet_have_shortcuts() {
    let error = |status, code| last_error(&mut exchange(send(), KeySource::Off), api_error(status, code));
    assert!(error(403, 2024).is_opted_out() && !error(403, 2026).is_opted_out());
    assert!(error(403, 2026).is_blocked() && !error(403, 2024).is_blocked());
    for code in [2006, 2027, 4002] {
        assert!(error(403, code).is_line_unavailable(), "{code}");
    }
    assert!(!error(403, 2024).is_line_unavailable());
    assert!(error(404, 2001).is_not_found());
}

#[test]
fn what_was_not_sent_is_always_retried_up_to_three_attempts() {
    let mut exchange = exchange(bare(&Method::POST), KeySource::Off);
    assert!(attempt(&mut exchange, transport(TransportErrorKind::Connect)).is_ok());
    assert!(attempt(&mut exchange, transport(TransportErrorKind::Connect)).is_ok());
    let error = last_error(&mut exchange, transport(TransportErrorKind::Connect));
    assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::Connect, 3, false));
}

#[test]
fn what_may_have_been_executed_is_retried_only_with_a_key_or_an_idempotent_method() {
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
            last_error(&mut exchange(bare(&Method::PATCH), KeySource::default()), outcome()).maybe_sent()
        );
        for mut repeatable in repeatable() {
            assert!(attempt(&mut repeatable, outcome()).is_ok());
        }
    }
}

#[test]
fn what_was_refused_for_now_is_retried_without_a_key_too() {
    for (status, code) in [(429, 1007), (409, 2009), (404, 2007), (500, 2022)] {
        let mut exchange = exchange(bare(&Method::POST), KeySource::Off);
        assert!(attempt(&mut exchange, api_error(status, code)).is_ok());
        exchange.max_attempts = 1;
        assert!(!last_error(&mut exchange, api_error(status, code)).maybe_sent());
    }
}

#[test]
fn what_is_refused_for_good_is_not_retried() {
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
fn one_attempt_that_may_have_been_executed_is_remembered_whatever_comes_after() {
    let mut exchange = exchange(send(), KeySource::default());
    assert!(attempt(&mut exchange, transport(TransportErrorKind::Timeout)).is_ok());
    let error = last_error(&mut exchange, api_error(404, 2002));
    assert!(error.is_not_found() && error.maybe_sent());
    assert_eq!(error.idempotency_key(), exchange.key.as_ref());
}

#[test]
fn past_the_deadline_what_the_service_said_last_is_kept() {
    let mut exchange = exchange(send(), KeySource::default());
    assert!(attempt(&mut exchange, api_error(429, 1007)).is_ok());
    let error = exchange.past_deadline();
    assert_eq!(
        (error.kind(), error.code(), error.maybe_sent()),
        (ErrorKind::Timeout, Some(ErrorCode::RATE_LIMITED), false)
    );
    exchange.attempt(None).unwrap();
    assert!(exchange.past_deadline().maybe_sent());
}

#[test]
fn an_attempt_that_times_out_while_connecting_was_not_sent() {
    for (steps, kind) in
        [(0, TransportErrorKind::Timeout), (1, TransportErrorKind::Connect), (2, TransportErrorKind::Timeout)]
    {
        let mut exchange = exchange(bare(&Method::POST), KeySource::Off);
        report(&exchange.attempt(None).unwrap(), steps);
        assert_eq!(exchange.timed_out().kind(), kind, "{steps}");
    }
}

/// Reports up to this step: not at all, connecting, sending.
fn report(request: &http::Request<Body>, steps: usize) {
    let progress = AttemptProgress::of(request);
    if steps > 0 {
        progress.connecting();
    }
    if steps > 1 {
        assert!(progress.sending());
    }
}

#[test]
fn a_deadline_that_passes_before_anything_was_sent_is_a_connect_error() {
    use ErrorKind::{Connect, Timeout};
    type Outcome = fn() -> Result<http::Response<Bytes>, TransportError>;
    let unreachable: Outcome = || Err(TransportError::new(TransportErrorKind::Connect));
    let limited: Outcome = || response(429, &[], "");
    // The outcome of an earlier attempt, how far the last one got if there is one, and what follows.
    let cases: [(Option<Outcome>, Option<usize>, ErrorKind, bool); 9] = [
        (None, Some(0), Timeout, true),
        (None, Some(1), Connect, false),
        (None, Some(2), Timeout, true),
        (Some(unreachable), None, Connect, false),
        (Some(unreachable), Some(0), Timeout, true),
        (Some(unreachable), Some(1), Connect, false),
        (Some(unreachable), Some(2), Timeout, true),
        (Some(limited), None, Timeout, false),
        (Some(limited), Some(1), Timeout, false),
    ];
    for (number, (earlier, last, kind, maybe_sent)) in cases.into_iter().enumerate() {
        let mut exchange = exchange(bare(&Method::POST), KeySource::Off);
        if let Some(earlier) = earlier {
            exchange.attempt(None).unwrap();
            assert!(
                matches!(
                    exchange.on_outcome(earlier(), &Moment::default, decode_json::<Value>),
                    Next::Retry(_)
                ),
                "{number}"
            );
        }
        if let Some(steps) = last {
            report(&exchange.attempt(None).unwrap(), steps);
        }
        let error = exchange.past_deadline();
        assert_eq!((error.kind(), error.maybe_sent()), (kind, maybe_sent), "case {number}: {error}");
    }
}

#[test]
fn an_empty_key_is_rejected() {
    let options = Options { idempotency_key: Some("".into()), ..Options::default() };
    let error = build(send(), KeySource::default(), options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

fn attempt_to_send(
    spec: RequestSpec,
    skip_validation: [bool; 2],
    key: Option<&str>,
) -> Result<Exchange, Error> {
    let no_key = || panic!("a key was created for a request that breaks a rule");
    let mut config = config(KeySource::Custom(Arc::new(no_key)));
    let [client, call] = skip_validation;
    config.settings.skip_validation = client;
    let options =
        Options { idempotency_key: key.map(Into::into), skip_validation: call, ..Options::default() };
    Exchange::build(&Setup::new(config), spec, options)
}

#[test]
fn what_breaks_a_rule_is_not_sent_and_gets_no_key_unless_validation_is_skipped() {
    let wordless = || message(Operation::ChatsMessagesSend, &["c1"], "");
    let error = attempt_to_send(wordless(), [false, false], None).unwrap_err();
    assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::InvalidRequest, false));
    assert_eq!(error.violation().unwrap().rule, Rule::TextLength);
    insta::assert_snapshot!(error, @"POST /v3/chats/{chatId}/messages: invalid request: `message.parts[0].value`: a text must have 1 to 10,000 characters; nothing was sent");
    for skip_validation in [[true, false], [false, true]] {
        assert!(attempt_to_send(wordless(), skip_validation, Some("k")).is_ok());
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
    let source = KeySource::Custom(Arc::new(move || longer.clone().into()));
    let error = build(send(), source, Options::default()).unwrap_err();
    assert_eq!(error.violation().unwrap().rule, Rule::IdempotencyKeyLength);
}

#[test]
fn the_callers_own_json_is_not_validated_and_neither_is_what_it_replaces() {
    let outcome = |extra: ExtraBody| {
        let mut options = Options::default();
        options.extra().body = extra;
        build(message(Operation::MessagesCreate, &[], ""), KeySource::default(), options)
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
        options.extra().body.whole = Some(serde_json::json!({ "message": { "parts": [] } }));
        build(send(), KeySource::default(), options).unwrap()
    };
    let mut keyed = replaced(Some("mine"));
    assert_eq!(keyed.body.clone().collect().unwrap(), r#"{"message":{"idempotency_key":"mine","parts":[]}}"#);
    assert!(attempt(&mut keyed, transport(TransportErrorKind::Other)).is_ok());
    assert!(last_error(&mut replaced(None), transport(TransportErrorKind::Other)).maybe_sent());
}

#[test]
fn a_field_can_be_set_in_an_object_only() {
    let mut options = Options::default();
    options.extra().body.whole = Some(serde_json::json!([1]));
    options.extra().body.fields.insert("a".into(), 1.into());
    let error = build(send(), KeySource::default(), options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[test]
fn not_found_is_success_for_a_repeated_delete_only() {
    let mut repeated = exchange(bare(&Method::DELETE), KeySource::Off);
    assert!(attempt(&mut repeated, transport(TransportErrorKind::Other)).is_ok());
    assert!(attempt(&mut repeated, api_error(404, 2010)).unwrap_err().is_ok());
    assert!(
        last_error(&mut exchange(bare(&Method::DELETE), KeySource::Off), api_error(404, 2010)).is_not_found()
    );
}

#[test]
fn a_response_that_cannot_be_decoded_is_retried_with_a_key_and_reported_without() {
    fn decode(body: &Bytes) -> Result<MessageSendResponse, DecodeError> {
        Ok(json::from_slice(body)?)
    }
    let outcome = || response(202, &[("x-trace-id", "abc")], r#"{"chat_id":7}"#);
    let mut keyed = exchange(send(), KeySource::default());
    keyed.attempt(None).unwrap();
    assert!(matches!(keyed.on_outcome(outcome(), &Moment::default, decode), Next::Retry(_)));
    let mut unkeyed = exchange(send(), KeySource::Off);
    unkeyed.attempt(None).unwrap();
    let Next::Done(Err(error)) = unkeyed.on_outcome(outcome(), &Moment::default, decode) else { panic!() };
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.maybe_sent());
    assert_eq!(error.body().unwrap(), r#"{"chat_id":7}"#);
    assert_eq!(error.trace_id().unwrap(), "abc");
}

#[test]
fn errors_say_what_happened_and_what_to_do_but_nothing_of_the_request() {
    let mut exchanges = [
        (exchange(send(), KeySource::default()), api_error(403, 2024)),
        (exchange(send(), KeySource::Off), response(503, &[("x-trace-id", "abc")], "<html>busy</html>")),
        (exchange(bare(&Method::GET), KeySource::Off), api_error(401, 2004)),
        (exchange(send(), KeySource::Off), transport(TransportErrorKind::Timeout)),
        (exchange(bare(&Method::DELETE), KeySource::Off), transport(TransportErrorKind::Connect)),
    ];
    for (exchange, _) in &mut exchanges {
        exchange.max_attempts = 1;
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
