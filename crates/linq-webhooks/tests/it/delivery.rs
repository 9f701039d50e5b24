//! Deliveries as the service makes them.

use std::time::SystemTime;

use http::{HeaderMap, HeaderName};
use linq_webhooks::{Signer, Verifier};

pub(super) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(super) const OTHER_SECRET: &str = "whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3";
pub(super) const PLAIN_SECRET: &str = "linq_signing_secret_4f7a9c";
pub(super) const NOW: i64 = 1_790_000_000;

pub(super) const RECEIVED: &str = r#"{"api_version":"v3","created_at":"2026-09-21T14:13:20Z","data":{"chat":{"id":"c1"},"direction":"inbound","id":"m1","parts":[{"type":"text","value":"hi"}]},"event_id":"e1","event_type":"message.received","webhook_version":"2026-02-03"}"#;
pub(super) const READ: &str = r#"{"api_version":"v3","data":{"chat":{"id":"c1"},"direction":"outbound","id":"m0","parts":[]},"event_id":"e2","event_type":"message.read","webhook_version":"2026-02-03"}"#;
pub(super) const UNKNOWN: &str =
    r#"{"api_version":"v3","data":{"tail":"bright"},"event_id":"e3","event_type":"comet.sighted"}"#;

pub(super) fn verifier() -> Verifier {
    Verifier::new(SECRET).unwrap()
}

pub(super) fn signed(secret: &str, body: &str) -> HeaderMap {
    Signer::new(secret).unwrap().headers("e1", NOW, body.as_bytes()).unwrap()
}

/// As `signed`, for what reads the clock.
#[expect(clippy::disallowed_methods, reason = "a delivery of this moment")]
pub(super) fn signed_now(body: &str) -> HeaderMap {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    Signer::new(SECRET).unwrap().headers("e1", now.try_into().unwrap(), body.as_bytes()).unwrap()
}

/// The body of an event of this id.
pub(super) fn event(id: &str) -> String {
    format!(r#"{{"api_version":"v3","data":{{}},"event_id":"{id}","event_type":"comet.sighted"}}"#)
}

pub(super) fn headers<const N: usize>(pairs: [(&'static str, &str); N]) -> HeaderMap {
    pairs.into_iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
}
