//! A body with a content encoding is named, never taken for what it is not.

use super::*;

const ENCODED: [(&str, &str); 7] = [
    ("gzip", "gzip"),
    ("br", "br"),
    ("GZIP", "GZIP"),
    ("identity, deflate", "deflate"),
    (" zstd , gzip", "zstd, gzip"),
    ("aws-chunked", "aws-chunked"),
    ("x\u{7f}", "?"),
];

fn encoded(status: u16, encoding: &str) -> Result<http::Response<Bytes>, TransportError> {
    response(status, &[("content-encoding", encoding), ("x-trace-id", "abc")], "\x1f\u{8b}\u{8}\u{0}")
}

#[test]
fn a_success_with_a_content_encoding_is_an_error_that_names_it_and_is_not_retried() {
    for (encoding, shown) in &ENCODED[..6] {
        for mut exchange in repeatable() {
            let error = last_error(&mut exchange, encoded(200, encoding));
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Decode, Some(StatusCode::OK)),
                "{encoding}"
            );
            assert!(error.to_string().contains(&format!("content encoding `{shown}`")), "{error}");
            assert_eq!((error.attempts(), error.retry()), (1, Retry::Never));
            assert_eq!(error.maybe_sent(), exchange.method != Method::GET);
            assert_eq!(error.trace_id().unwrap(), "abc");
            assert!(error.body().is_some_and(|body| !body.is_empty()));
        }
    }
}

#[test]
fn an_error_status_with_a_content_encoding_keeps_the_status_and_is_retried_by_it() {
    for (status, retries) in
        [(429, true), (503, true), (500, true), (400, false), (401, false), (404, false), (301, false)]
    {
        let mut exchange = exchange(send(), KeySource::default());
        if retries {
            assert!(attempt(&mut exchange, encoded(status, "gzip")).is_ok(), "{status}");
        }
        exchange.max_attempts = 1;
        let error = last_error(&mut exchange, encoded(status, "gzip"));
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, status));
        let shown = error.to_string();
        assert!(shown.contains("content encoding `gzip`") && shown.contains(&status.to_string()), "{shown}");
    }
    let limited = response(429, &[("content-encoding", "gzip"), ("retry-after", "120")], "x");
    let error = last_error(&mut exchange(send(), KeySource::default()), limited);
    assert!(error.is_rate_limited() && error.retry_after() == Some(Duration::from_secs(120)));
}

#[test]
fn what_is_not_encoded_is_read() {
    for encoding in ["identity", "IDENTITY", "", " , identity ,"] {
        assert!(
            attempt(&mut exchange(send(), KeySource::Off), encoded(200, encoding)).unwrap_err().is_ok(),
            "{encoding}"
        );
    }
    for (status, body) in [(204, ""), (200, "")] {
        let empty = response(status, &[("content-encoding", "gzip")], body);
        assert!(attempt(&mut exchange(send(), KeySource::Off), empty).unwrap_err().is_ok());
    }
    let mut repeated = exchange(bare(&Method::DELETE), KeySource::Off);
    assert!(attempt(&mut repeated, transport(TransportErrorKind::Other)).is_ok());
    assert!(attempt(&mut repeated, encoded(404, "gzip")).unwrap_err().is_ok());
}

#[test]
fn the_name_of_an_encoding_is_shown_in_printable_characters_and_short() {
    let long = "g".repeat(500);
    for encoding in [&b"\xff\xfe"[..], b"gz\tip", "zusammengedr\u{fc}ckt".as_bytes(), long.as_bytes()] {
        let mut outcome = encoded(200, "gzip").unwrap();
        outcome.headers_mut().insert("content-encoding", http::HeaderValue::from_bytes(encoding).unwrap());
        let shown = last_error(&mut exchange(send(), KeySource::Off), Ok(outcome)).to_string();
        assert!(shown.is_ascii() && !shown.contains(char::is_control) && shown.len() < 500, "{shown}");
    }
}

#[test]
fn plain_responses_are_asked_for_unless_the_caller_asks_for_others() {
    let asked = |options| {
        let request = build(send(), KeySource::Off, options).unwrap().attempt(None).unwrap();
        request.headers().get("accept-encoding").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(asked(Options::default()).as_deref(), Some("identity"));
    let mut options = Options::default();
    options.set_header(Some(http::header::ACCEPT_ENCODING), Some(http::HeaderValue::from_static("gzip")));
    assert_eq!(asked(options).as_deref(), Some("gzip"));
    let mut options = Options::default();
    options.remove_header(Some(http::header::ACCEPT_ENCODING));
    assert_eq!(asked(options), None);
}
