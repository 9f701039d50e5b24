//! Waits that the service asks for are obeyed or reported.

use std::time::UNIX_EPOCH;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A response that asks for a wait of this many seconds.
type Ask = fn(f64) -> Result<http::Response<Bytes>, TransportError>;

/// The ways to ask for a wait.
const WAYS: [(&str, Ask); 5] = [
    ("retry-after", |seconds| rate_limited(&[("retry-after", &seconds.to_string())], "")),
    ("retry-after-ms", |seconds| rate_limited(&[("retry-after-ms", &(seconds * 1000.0).to_string())], "")),
    ("the body", |seconds| {
        rate_limited(&[], &format!(r#"{{"error":{{"code":1007,"retry_after":{seconds}}}}}"#))
    }),
    ("text in the body", |seconds| {
        rate_limited(&[], &format!(r#"{{"error":{{"code":1007,"retry_after":"{seconds}"}}}}"#))
    }),
    ("a busy service", |seconds| response(503, &[("retry-after", &seconds.to_string())], "")),
];

fn rate_limited(headers: &[(&str, &str)], body: &str) -> Result<http::Response<Bytes>, TransportError> {
    response(429, headers, body)
}

/// An exchange that has made one attempt, with what is left of its deadline.
fn decide(
    options: Options,
    outcome: Result<http::Response<Bytes>, TransportError>,
    moment: Moment,
) -> Result<Duration, Error> {
    let mut exchange = build(send(), KeySource::default(), options).unwrap();
    exchange.attempt(moment.left).unwrap();
    match exchange.on_outcome(outcome, &|| moment, ignore) {
        Next::Retry(delay) => Ok(delay),
        Next::Done(result) => Err(result.map(|with_meta| with_meta.value).unwrap_err()),
    }
}

fn left(left: Duration) -> Moment {
    Moment { now: None, left: Some(left) }
}

#[test]
fn a_wait_of_up_to_the_cap_is_obeyed_and_a_longer_one_is_an_error_at_once() {
    for (way, asks) in WAYS {
        for seconds in [0.25, 1.0, 59.5, 60.0] {
            let delay = decide(Options::default(), asks(seconds), Moment::default()).unwrap();
            assert_eq!(delay, Duration::from_secs_f64(seconds), "{way}");
        }
        for seconds in [60.5, 120.0, 300.5, 86_400.0, 1e20] {
            let error = decide(Options::default(), asks(seconds), Moment::default()).unwrap_err();
            let wait = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
            assert_eq!(
                (error.retry_after(), error.retry(), error.attempts()),
                (Some(wait), Retry::After(wait), 1),
                "{way}"
            );
            assert_eq!(error.kind(), ErrorKind::Api);
            assert!(error.maybe_sent() || error.to_string().contains("wait for `retry_after()`"), "{error}");
            assert!(error.idempotency_key().is_some());
        }
    }
}

#[test]
fn the_call_and_the_client_set_the_cap() {
    for (way, asks) in WAYS {
        let options = |seconds| Options { max_retry_after: Some(SECOND * seconds), ..Options::default() };
        assert_eq!(decide(options(300), asks(300.0), Moment::default()).unwrap(), SECOND * 300, "{way}");
        assert_eq!(
            decide(options(2), asks(3.0), Moment::default()).unwrap_err().retry_after(),
            Some(SECOND * 3)
        );
        assert_eq!(
            decide(options(0), asks(0.5), Moment::default()).unwrap_err().retry_after(),
            Some(SECOND / 2)
        );
    }
    let mut config = config(KeySource::default());
    config.settings.max_retry_after = SECOND * 90;
    let mut exchange = Exchange::build(&config, send(), Options::default()).unwrap();
    assert_eq!(attempt(&mut exchange, rate_limited(&[("retry-after", "90")], "")).unwrap(), SECOND * 90);
}

#[test]
fn a_wait_that_is_not_over_before_the_deadline_is_an_error_at_once() {
    for (way, asks) in WAYS {
        for (seconds, fits) in [(3.5, true), (4.0, false), (30.0, false), (120.0, false)] {
            let decided = decide(Options::default(), asks(seconds), left(SECOND * 4));
            let wait = Duration::from_secs_f64(seconds);
            match decided {
                Ok(delay) => assert!(fits && delay == wait, "{way}: {delay:?}"),
                Err(error) => {
                    assert!(!fits, "{way}: {error}");
                    assert_eq!((error.retry_after(), error.kind()), (Some(wait), ErrorKind::Api));
                    assert!(!error.to_string().contains("deadline"), "{error}");
                }
            }
        }
    }
}

#[test]
fn a_backoff_that_is_not_over_before_the_deadline_ends_the_call_as_past_it() {
    let outcomes: [(fn() -> _, bool); 3] = [
        (|| transport(TransportErrorKind::Connect), false),
        (|| transport(TransportErrorKind::Timeout), true),
        (|| rate_limited(&[], ""), false),
    ];
    for (outcome, maybe_sent) in outcomes {
        assert!(decide(Options::default(), outcome(), left(SECOND)).is_ok());
        for short in [Duration::ZERO, SECOND / 10] {
            let mut exchange = exchange(send(), KeySource::default());
            exchange.attempt(None).unwrap();
            let Next::Done(Err(error)) = exchange.on_outcome(outcome(), &|| left(short), ignore) else {
                panic!()
            };
            assert_eq!(
                (error.kind(), error.maybe_sent(), error.attempts()),
                (ErrorKind::Timeout, maybe_sent, 1)
            );
        }
    }
}

#[test]
fn no_attempt_is_made_after_the_deadline() {
    let mut exchange = exchange(send(), KeySource::default());
    let error = exchange.attempt(Some(Duration::ZERO)).unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::Timeout, 0, false));
    assert!(matches!(error.retry(), Retry::After(_)));
    assert!(exchange.attempt(Some(Duration::from_nanos(1))).is_ok());
}

#[test]
fn a_wait_of_zero_or_less_and_one_that_cannot_be_read_is_the_backoff() {
    for text in ["0", "0.0", "-1", "-1e400", "NaN", "soon", ""] {
        for outcome in [
            rate_limited(&[("retry-after", text)], ""),
            rate_limited(&[("retry-after-ms", text)], ""),
            rate_limited(&[], &format!(r#"{{"error":{{"code":1007,"retry_after":"{text}"}}}}"#)),
        ] {
            let delay = decide(Options::default(), outcome, Moment::default()).unwrap();
            assert_eq!(delay, retry::backoff(1, 0.5), "{text}");
        }
    }
}

#[test]
fn a_number_that_is_too_large_is_longer_than_any_cap() {
    let patient = || Options { max_retry_after: Some(Duration::from_secs(u64::MAX)), ..Options::default() };
    for number in ["99999999999999999999", "1e400"] {
        for outcome in [
            rate_limited(&[("retry-after", number)], ""),
            rate_limited(&[("retry-after-ms", &format!("{number}000"))], ""),
            rate_limited(&[], &format!(r#"{{"error":{{"code":1007,"retry_after":{number}}}}}"#)),
            rate_limited(&[], &format!(r#"{{"error":{{"code":1007,"retry_after":"{number}"}}}}"#)),
        ] {
            let milliseconds_fit = outcome.as_ref().is_ok_and(|response| {
                response.headers().contains_key("retry-after-ms") && !number.contains('e')
            });
            let error = decide(patient(), outcome, Moment::default());
            if milliseconds_fit {
                continue;
            }
            let error = error.unwrap_err();
            assert_eq!(
                (error.retry_after(), error.is_rate_limited()),
                (Some(Duration::MAX), true),
                "{number}"
            );
        }
    }
}

#[test]
fn a_date_counts_from_the_response_or_else_from_the_clock_or_else_is_the_cap() {
    let clock = |now| Moment { now, left: None };
    let now = UNIX_EPOCH + Duration::from_secs(1_793_954_977);
    let (date, soon, later) =
        ("Fri, 06 Nov 2026 08:49:37 GMT", "Fri, 06 Nov 2026 08:49:40 GMT", "Fri, 06 Nov 2026 08:51:37 GMT");
    for (headers, now, expected) in [
        (&[("date", date), ("retry-after", soon)][..], None, Ok(SECOND * 3)),
        (&[("date", date), ("retry-after", later)], None, Err(SECOND * 120)),
        (&[("retry-after", soon)], Some(now), Ok(SECOND * 3)),
        (&[("retry-after", later)], Some(now), Err(SECOND * 120)),
        (&[("retry-after", soon)], None, Ok(SECOND * 60)),
        (&[("retry-after", later)], None, Ok(SECOND * 60)),
    ] {
        let decided = decide(Options::default(), rate_limited(headers, ""), clock(now));
        assert_eq!(decided.map_err(|error| error.retry_after().unwrap()), expected, "{headers:?} {now:?}");
    }
    let options = Options { max_retry_after: Some(SECOND * 90), ..Options::default() };
    let decided = decide(options, rate_limited(&[("retry-after", later)], ""), clock(None));
    assert_eq!(decided.unwrap(), SECOND * 90);
    let decided = decide(Options::default(), rate_limited(&[("retry-after", later)], ""), left(SECOND * 4));
    assert_eq!(decided.unwrap_err().retry_after(), Some(SECOND * 60));
}

#[test]
fn the_clock_is_not_read_for_a_success() {
    let mut exchange = exchange(send(), KeySource::default());
    exchange.attempt(None).unwrap();
    let outcome = response(202, &[("retry-after", "30")], "");
    assert!(matches!(exchange.on_outcome(outcome, &|| panic!("it was read"), ignore), Next::Done(Ok(_))));
}

#[test]
fn a_wait_beside_a_response_that_cannot_be_decoded_is_obeyed_or_reported_too() {
    fn decode(body: &Bytes) -> Result<MessageSendResponse, DecodeError> {
        Ok(json::from_slice(body)?)
    }
    for (seconds, retries) in [("7", true), ("300", false)] {
        let mut exchange = exchange(send(), KeySource::default());
        exchange.attempt(None).unwrap();
        let outcome = response(202, &[("retry-after", seconds)], "{}");
        match exchange.on_outcome(outcome, &Moment::default, decode) {
            Next::Retry(delay) => assert!(retries && delay == SECOND * 7),
            Next::Done(result) => {
                let error = result.map(drop).unwrap_err();
                assert!(!retries);
                assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Decode, Some(SECOND * 300)));
            }
        }
    }
}
