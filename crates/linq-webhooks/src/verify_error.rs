use std::{fmt, time::Duration};

use http::HeaderName;

use crate::{NoCanonicalForm, Scheme};

/// Why a delivery was refused: a reason each, for the log and for telling an attack from a mistake.
///
/// It never holds anything secret, not even the signature that would have matched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// No set of signature headers is complete. That of V2 is not where the headers of V3 give a time.
    MissingHeaders,
    /// The delivery is signed by a scheme that no secret given here is accepted for.
    UnacceptedScheme(Scheme),
    /// The delivery is signed by the Standard Webhooks scheme alone, for which no secret given here has a key.
    NoStandardKey,
    /// A header that may come once comes several times, or several values were joined into one.
    RepeatedHeader(HeaderName),
    /// The signed id is empty, or is not text.
    MalformedId,
    /// The timestamp is not in whole seconds since 1970.
    MalformedTimestamp,
    /// The delivery was signed longer ago than the tolerance.
    #[non_exhaustive]
    TooOld {
        /// The time since it was signed.
        age: Duration,
    },
    /// The delivery was signed further in the future than the tolerance.
    #[non_exhaustive]
    TooNew {
        /// The time until it will have been signed.
        ahead: Duration,
    },
    /// The signature does not have the form of one.
    MalformedSignature,
    /// There is no signature of a version known here.
    UnknownSignatureVersion,
    /// The signature was made with another secret, or for another body.
    SignatureMismatch,
    /// The signature is not that of the body as it came, and the body has no canonical form.
    NoCanonicalForm(NoCanonicalForm),
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeaders => f.write_str(
                "the request has no complete set of signature headers: if it comes from the service, let the \
                 `webhook-*` and `x-webhook-*` headers through your proxy",
            ),
            Self::UnacceptedScheme(scheme) => write!(
                f,
                "the request is signed by the scheme `{scheme}`, which is not accepted here: if it comes from the \
                 service, name that scheme in `Schemes`"
            ),
            Self::NoStandardKey => f.write_str(
                "the request has only `webhook-*` signature headers, but the signing secret is not base64: use the \
                 whole `whsec_` secret, or let the `x-webhook-*` headers through your proxy",
            ),
            Self::RepeatedHeader(name) => write!(
                f,
                "the request has several values of `{name}`: if it comes from the service, see what in front of you \
                 repeats or joins headers"
            ),
            Self::MalformedId => {
                f.write_str("the `webhook-id` is empty or not text: do not trust the request")
            }
            Self::MalformedTimestamp => {
                f.write_str("the timestamp is not in seconds since 1970: do not trust the request")
            }
            Self::TooOld { age } => write!(
                f,
                "the request was signed {} s ago: it was held up or is replayed; set your clock, or allow more \
                 tolerance",
                age.as_secs()
            ),
            Self::TooNew { ahead } => write!(
                f,
                "the request was signed {} s in the future: set your clock, or allow more tolerance",
                ahead.as_secs()
            ),
            Self::MalformedSignature => f.write_str("the signature is malformed: do not trust the request"),
            Self::UnknownSignatureVersion => f.write_str(
                "the request has no `v1` signature: if it comes from the service, look for a newer version of this \
                 crate",
            ),
            Self::SignatureMismatch => f.write_str(
                "the signature does not match: check that the secret is this subscription's, and hand in the body \
                 as it came, byte by byte",
            ),
            Self::NoCanonicalForm(reason) => {
                write!(f, "the signature does not match, and {reason}: do not trust the request")
            }
        }
    }
}

impl std::error::Error for VerifyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_says_what_to_do() {
        let reasons = [
            VerifyError::MissingHeaders,
            VerifyError::UnacceptedScheme(Scheme::V2),
            VerifyError::NoStandardKey,
            VerifyError::RepeatedHeader(HeaderName::from_static("webhook-signature")),
            VerifyError::MalformedId,
            VerifyError::MalformedTimestamp,
            VerifyError::TooOld { age: Duration::from_secs(301) },
            VerifyError::TooNew { ahead: Duration::from_secs(301) },
            VerifyError::MalformedSignature,
            VerifyError::UnknownSignatureVersion,
            VerifyError::SignatureMismatch,
            VerifyError::NoCanonicalForm(NoCanonicalForm::NotJson),
            VerifyError::NoCanonicalForm(NoCanonicalForm::TooDeep),
        ];
        insta::assert_snapshot!(reasons.map(|reason| reason.to_string()).join("\n"), @r"
        the request has no complete set of signature headers: if it comes from the service, let the `webhook-*` and `x-webhook-*` headers through your proxy
        the request is signed by the scheme `v2`, which is not accepted here: if it comes from the service, name that scheme in `Schemes`
        the request has only `webhook-*` signature headers, but the signing secret is not base64: use the whole `whsec_` secret, or let the `x-webhook-*` headers through your proxy
        the request has several values of `webhook-signature`: if it comes from the service, see what in front of you repeats or joins headers
        the `webhook-id` is empty or not text: do not trust the request
        the timestamp is not in seconds since 1970: do not trust the request
        the request was signed 301 s ago: it was held up or is replayed; set your clock, or allow more tolerance
        the request was signed 301 s in the future: set your clock, or allow more tolerance
        the signature is malformed: do not trust the request
        the request has no `v1` signature: if it comes from the service, look for a newer version of this crate
        the signature does not match: check that the secret is this subscription's, and hand in the body as it came, byte by byte
        the signature does not match, and the body is not JSON: do not trust the request
        the signature does not match, and the body is nested too deep: do not trust the request
        ");
    }
}
