use http::HeaderName;

pub(crate) const STANDARD_ID: HeaderName = HeaderName::from_static("webhook-id");
pub(crate) const STANDARD_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
pub(crate) const STANDARD_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
pub(crate) const LEGACY_TIMESTAMP: HeaderName = HeaderName::from_static("x-webhook-timestamp");
pub(crate) const LEGACY_SIGNATURE: HeaderName = HeaderName::from_static("x-webhook-signature");
