use std::{error::Error, fmt, time::Duration};

use http::HeaderName;

use crate::{NoCanonicalForm, Scheme};

/// The reason why a delivery failed verification.
///
/// It contains nothing secret, not even the expected signature, and can be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// No set of signature headers is complete.
    MissingHeaders,
    /// The delivery is signed with a scheme that no secret of the verifier is accepted for.
    UnacceptedScheme(Scheme),
    /// The delivery is signed only with [`Scheme::Standard`], and no secret of the verifier has a key for it.
    NoStandardKey,
    /// A header that may occur once occurs several times, or has several values joined by commas.
    RepeatedHeader(HeaderName),
    /// The `webhook-id` header is not visible ASCII.
    MalformedId,
    /// The timestamp header is not a whole number of seconds since 1970.
    MalformedTimestamp,
    /// The timestamp is further in the past than the tolerance.
    #[non_exhaustive]
    TooOld {
        /// The time since the timestamp.
        age: Duration,
        /// The tolerance of the verifier.
        tolerance: Duration,
    },
    /// The timestamp is further in the future than the tolerance.
    #[non_exhaustive]
    TooNew {
        /// The time until the timestamp.
        ahead: Duration,
        /// The tolerance of the verifier.
        tolerance: Duration,
    },
    /// The signature header is not in the format of its scheme.
    MalformedSignature,
    /// The `webhook-signature` header has no signature of a known version.
    UnknownSignatureVersion,
    /// The signature was made with another secret, or for another body.
    SignatureMismatch,
    /// The signature does not match the body as received, and the body has no canonical form.
    NoCanonicalForm(NoCanonicalForm),
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeaders => f.write_str(
                "missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` \
                 and `x-webhook-*` headers",
            ),
            Self::UnacceptedScheme(scheme) => write!(
                f,
                "signature scheme `{scheme}` is not accepted; to accept it, add it to the `Schemes` of the verifier"
            ),
            Self::NoStandardKey => f.write_str(
                "the signing secret is not base64 and cannot verify `webhook-signature`; use the complete `whsec_` \
                 secret, or configure your proxy to forward the `x-webhook-*` headers",
            ),
            Self::RepeatedHeader(name) => write!(
                f,
                "repeated header `{name}`; if Linq sent the request, check whether a proxy repeats or joins headers"
            ),
            Self::MalformedId => f.write_str(
                "invalid `webhook-id` header: expected visible ASCII; do not process the request",
            ),
            Self::MalformedTimestamp => f.write_str(
                "invalid timestamp header: expected whole seconds since 1970; do not process the request",
            ),
            Self::TooOld { age, tolerance } => write!(
                f,
                "timestamp is {} s old and outside the tolerance of {} s (delayed, replayed, or a wrong clock)",
                age.as_secs(),
                tolerance.as_secs()
            ),
            Self::TooNew { ahead, tolerance } => write!(
                f,
                "timestamp is {} s in the future and outside the tolerance of {} s (forged, or a wrong clock)",
                ahead.as_secs(),
                tolerance.as_secs()
            ),
            Self::MalformedSignature => f.write_str(
                "invalid signature header: expected base64 or lower-case hex of 32 bytes; do not process the \
                 request",
            ),
            Self::UnknownSignatureVersion => f.write_str(
                "missing `v1` signature in `webhook-signature`; if Linq sent the request, update this crate",
            ),
            Self::SignatureMismatch => f.write_str(
                "signature mismatch; check that the secret belongs to this subscription, and verify the body byte for \
                 byte as received",
            ),
            Self::NoCanonicalForm(reason) => write!(
                f,
                "signature mismatch, and the body has no canonical form: {reason}; verify the body byte for byte as \
                 received"
            ),
        }
    }
}

impl Error for VerifyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_state_the_cause_and_the_remedy() {
        let (late, tolerance) = (Duration::from_secs(301), Duration::from_secs(300));
        let reasons = [
            VerifyError::MissingHeaders,
            VerifyError::UnacceptedScheme(Scheme::V2),
            VerifyError::NoStandardKey,
            VerifyError::RepeatedHeader(HeaderName::from_static("webhook-signature")),
            VerifyError::MalformedId,
            VerifyError::MalformedTimestamp,
            VerifyError::TooOld { age: late, tolerance },
            VerifyError::TooNew { ahead: late, tolerance },
            VerifyError::MalformedSignature,
            VerifyError::UnknownSignatureVersion,
            VerifyError::SignatureMismatch,
            VerifyError::NoCanonicalForm(NoCanonicalForm::NotJson),
            VerifyError::NoCanonicalForm(NoCanonicalForm::TooDeep),
        ];
        insta::assert_snapshot!(reasons.map(|reason| reason.to_string()).join("\n"), @r"
        missing signature headers; if Linq sent the request, configure your proxy to forward the `webhook-*` and `x-webhook-*` headers
        signature scheme `v2` is not accepted; to accept it, add it to the `Schemes` of the verifier
        the signing secret is not base64 and cannot verify `webhook-signature`; use the complete `whsec_` secret, or configure your proxy to forward the `x-webhook-*` headers
        repeated header `webhook-signature`; if Linq sent the request, check whether a proxy repeats or joins headers
        invalid `webhook-id` header: expected visible ASCII; do not process the request
        invalid timestamp header: expected whole seconds since 1970; do not process the request
        timestamp is 301 s old and outside the tolerance of 300 s (delayed, replayed, or a wrong clock)
        timestamp is 301 s in the future and outside the tolerance of 300 s (forged, or a wrong clock)
        invalid signature header: expected base64 or lower-case hex of 32 bytes; do not process the request
        missing `v1` signature in `webhook-signature`; if Linq sent the request, update this crate
        signature mismatch; check that the secret belongs to this subscription, and verify the body byte for byte as received
        signature mismatch, and the body has no canonical form: invalid JSON; verify the body byte for byte as received
        signature mismatch, and the body has no canonical form: nested more than 32 levels deep; verify the body byte for byte as received
        ");
    }
}
