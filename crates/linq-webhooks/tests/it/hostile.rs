//! Hostile input: an error for each, never a panic, and work linear in its size.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use linq_webhooks::{NoCanonicalForm, Schemes, Signer, Verifier, VerifyError};

use super::delivery::{RECEIVED, SECRET, TIMES, at, now, signed, verifier};

const HEADERS: [&str; 5] =
    ["webhook-id", "webhook-timestamp", "webhook-signature", "x-webhook-timestamp", "x-webhook-signature"];

fn with(name: &'static str, value: impl TryInto<HeaderValue, Error: std::fmt::Debug>) -> HeaderMap {
    let mut headers = signed(SECRET, RECEIVED);
    headers.insert(HeaderName::from_static(name), value.try_into().unwrap());
    headers
}

fn refusal(headers: &HeaderMap) -> VerifyError {
    verifier().verify_at(headers, RECEIVED, now()).unwrap_err()
}

#[test]
fn huge_headers_are_errors() {
    let huge = "1".repeat(1 << 20);
    for (name, reason) in [
        ("webhook-id", VerifyError::SignatureMismatch),
        ("webhook-timestamp", VerifyError::MalformedTimestamp),
        ("webhook-signature", VerifyError::UnknownSignatureVersion),
    ] {
        assert_eq!(refusal(&with(name, huge.clone())), reason, "{name}");
    }
    let mut legacy = with("x-webhook-signature", huge);
    legacy.remove("webhook-signature");
    assert_eq!(refusal(&legacy), VerifyError::MalformedSignature);
}

#[test]
fn non_ascii_bytes_in_any_header_are_errors() {
    for name in HEADERS {
        let mut headers = with(name, b"\xff\xfe\x80".as_slice());
        if name.starts_with("x-") {
            headers.remove("webhook-signature");
        }
        let reason = refusal(&headers);
        assert!(
            matches!(
                (name, &reason),
                ("webhook-id", VerifyError::MalformedId)
                    | ("webhook-timestamp" | "x-webhook-timestamp", VerifyError::MalformedTimestamp)
                    | ("webhook-signature", VerifyError::UnknownSignatureVersion)
                    | ("x-webhook-signature", VerifyError::MalformedSignature)
            ),
            "{name}: {reason:?}"
        );
    }
}

#[test]
fn one_correct_signature_among_ten_thousand_verifies() {
    let right = signed(SECRET, RECEIVED)["webhook-signature"].to_str().unwrap().to_owned();
    let wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ".repeat(10_000);
    let found = verifier().verify_at(&with("webhook-signature", wrong.clone() + &right), RECEIVED, now());
    assert!(found.is_ok());
    assert_eq!(refusal(&with("webhook-signature", wrong)), VerifyError::SignatureMismatch);
}

#[test]
fn a_repeated_header_is_an_error() {
    for name in HEADERS {
        let mut headers = signed(SECRET, RECEIVED);
        for _ in 0..1000 {
            headers.append(HeaderName::from_static(name), headers[name].clone());
        }
        if name.starts_with("x-") {
            headers.remove("webhook-signature");
        }
        assert_eq!(refusal(&headers), VerifyError::RepeatedHeader(HeaderName::from_static(name)));
    }
}

#[test]
fn timestamps_at_the_ends_of_the_range_are_errors() {
    for (timestamp, now) in [
        ("0", *TIMES.end()),
        ("9223372036854775807", *TIMES.start()),
        ("9223372036854775807", 0),
        ("9223372036854775808", 0),
        ("-1", 0),
        (" 0", 0),
        ("00000000000000000000000000000000000000000000001x", 0),
    ] {
        let headers = with("webhook-timestamp", timestamp);
        let refused = verifier().verify_at(&headers, RECEIVED, at(now)).unwrap_err();
        assert_ne!(refused, VerifyError::SignatureMismatch, "{timestamp}");
    }
}

#[test]
fn a_signed_body_with_invalid_utf8_in_an_unknown_field_does_not_parse() {
    let body = b"{\"event_type\":\"comet.sighted\",\"event_id\":\"e1\",\"unknown\":\"\xc3\",\"data\":{}}";
    let headers = Signer::new(SECRET).unwrap().headers("e1", now(), body).unwrap();
    let verified = verifier().verify_at(&headers, body.as_slice(), now()).unwrap();
    assert_eq!(verified.parse().unwrap_err().path(), "unknown");
}

#[test]
fn ten_megabytes_without_a_canonical_form_are_an_error() {
    let verifier = Verifier::for_schemes(Schemes::V2_CANONICAL, "my-v2-secret").unwrap();
    let headers = Signer::new("other").unwrap().v2_headers(b"");
    let refusal = |body: String| verifier.verify_at(&headers, Bytes::from(body), now()).unwrap_err();
    const SIZE: usize = 10_000_000;
    for (garbage, reason) in [
        ("[".repeat(SIZE), NoCanonicalForm::NotJson),
        ("{\"a\":".repeat(SIZE / 5), NoCanonicalForm::NotJson),
        ("\0".repeat(SIZE), NoCanonicalForm::NotJson),
        ("[".repeat(SIZE / 2) + &"]".repeat(SIZE / 2), NoCanonicalForm::TooDeep),
    ] {
        assert_eq!(refusal(garbage), VerifyError::NoCanonicalForm(reason));
    }
    assert_eq!(refusal("9".repeat(SIZE)), VerifyError::SignatureMismatch);
}
