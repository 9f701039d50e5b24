//! Deliveries as the API makes them.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::SystemTime,
};

use ::http_body::{Body, Frame};
use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use linq_webhooks::{Signer, Timestamp, Verifier};

pub(super) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(super) const OTHER_SECRET: &str = "whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3";
pub(super) const PLAIN_SECRET: &str = "linq_signing_secret_4f7a9c";
/// The time at which [`signed`] signs, in seconds since 1970.
pub(super) const NOW: i64 = 1_790_000_000;
/// The seconds of the earliest and the latest [`Timestamp`].
pub(super) const TIMES: std::ops::RangeInclusive<i64> = -377_705_023_201..=253_402_207_200;

pub(super) const RECEIVED: &str = r#"{"api_version":"v3","created_at":"2026-09-21T14:13:20Z","data":{"chat":{"id":"c1"},"direction":"inbound","id":"m1","parts":[{"type":"text","value":"hi"}]},"event_id":"e1","event_type":"message.received","webhook_version":"2026-02-03"}"#;
pub(super) const READ: &str = r#"{"api_version":"v3","data":{"chat":{"id":"c1"},"direction":"outbound","id":"m0","parts":[]},"event_id":"e2","event_type":"message.read","webhook_version":"2026-02-03"}"#;
pub(super) const UNKNOWN: &str =
    r#"{"api_version":"v3","data":{"tail":"bright"},"event_id":"e3","event_type":"comet.sighted"}"#;

/// Returns the time that is this many seconds after 1970.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds, 0).unwrap()
}

pub(super) fn now() -> Timestamp {
    at(NOW)
}

pub(super) fn verifier() -> Verifier {
    Verifier::new(SECRET).unwrap()
}

pub(super) fn signed(secret: &str, body: &str) -> HeaderMap {
    Signer::new(secret).unwrap().headers("e1", now(), body.as_bytes()).unwrap()
}

/// Like [`signed`], for code that reads the clock.
#[expect(clippy::disallowed_methods, reason = "signs with the current time")]
pub(super) fn signed_now(body: &str) -> HeaderMap {
    let now = SystemTime::now().try_into().unwrap();
    Signer::new(SECRET).unwrap().headers("e1", now, body.as_bytes()).unwrap()
}

/// Headers that no body can make valid, with the reasons.
pub(super) fn headers_that_cannot_be_valid() -> Vec<(HeaderMap, &'static str)> {
    let with = |name: &'static str, value: &str| {
        let mut headers = signed_now("{}");
        headers.insert(name, value.parse().unwrap());
        headers
    };
    vec![
        (HeaderMap::new(), "missing signature headers"),
        (signed(SECRET, "{}"), "timestamp is "),
        (with("webhook-timestamp", "soon"), "invalid timestamp header"),
        (with("webhook-signature", "v1,AAAA"), "invalid signature header"),
        (with("webhook-signature", "v9,AAAA"), "missing `v1` signature"),
    ]
}

/// Returns the body of an event with this ID.
pub(super) fn event(id: &str) -> String {
    format!(r#"{{"api_version":"v3","data":{{}},"event_id":"{id}","event_type":"comet.sighted"}}"#)
}

pub(super) fn headers<const N: usize>(pairs: [(&'static str, &str); N]) -> HeaderMap {
    pairs.into_iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
}

/// A body whose client stops before its first byte.
#[derive(Debug)]
pub(super) struct Stalled;

impl Body for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}
