use http::HeaderName;

pub(super) const STANDARD_ID: HeaderName = HeaderName::from_static("webhook-id");
pub(super) const STANDARD_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
pub(super) const STANDARD_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
pub(super) const LEGACY_TIMESTAMP: HeaderName = HeaderName::from_static("x-webhook-timestamp");
/// The signature of the legacy scheme, and of V2, which puts [`V2_PREFIX`] before the hex.
pub(super) const X_SIGNATURE: HeaderName = HeaderName::from_static("x-webhook-signature");
pub(super) const V2_PREFIX: &[u8] = b"sha256=";
