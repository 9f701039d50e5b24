use http::HeaderName;

pub(crate) const STANDARD_ID: HeaderName = HeaderName::from_static("webhook-id");
pub(crate) const STANDARD_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
pub(crate) const STANDARD_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
pub(crate) const LEGACY_TIMESTAMP: HeaderName = HeaderName::from_static("x-webhook-timestamp");
/// Of the legacy scheme of V3, and of V2, which puts [`V2_PREFIX`] before the hex.
pub(crate) const X_SIGNATURE: HeaderName = HeaderName::from_static("x-webhook-signature");
pub(crate) const V2_PREFIX: &[u8] = b"sha256=";
