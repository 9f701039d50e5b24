use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use linq::{
    types::{
        Timestamp,
        events::{Event, ParseEventError, RawBody},
    },
    webhooks::{Scheme, Verified, Verifier, VerifyError},
};

use crate::failure::causes;

/// A delivery with a valid signature, or one that was accepted without.
#[derive(Debug)]
pub(crate) struct Delivery {
    body: Bytes,
    verified: Option<Verified>,
    pub(crate) event: Result<Event, ParseEventError>,
}

impl Delivery {
    pub(crate) fn verify(
        verifier: &Verifier,
        headers: &HeaderMap,
        body: Bytes,
        now: Timestamp,
    ) -> Result<Self, VerifyError> {
        let verified = verifier.verify_at(headers, body, now)?;
        let event = verified.parse();
        Ok(Self { body: verified.body().clone(), verified: Some(verified), event })
    }

    /// Returns a delivery whose signature is missing.
    pub(crate) fn unsigned(body: Bytes) -> Self {
        let event = Event::parse_unverified(RawBody::new(body.clone()));
        Self { body, verified: None, event }
    }

    /// Returns the body as it was signed.
    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the scheme of the signature; `None` if it has none.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        self.verified.as_ref().map(Verified::scheme)
    }

    /// Returns the id of the event: the signed one, or that of the body.
    pub(crate) fn id(&self) -> Option<String> {
        let signed = self.verified.as_ref().and_then(Verified::id);
        signed.or_else(|| self.envelope()?.event_id.as_ref().map(|id| id.as_str())).map(str::to_owned)
    }

    /// Returns the event, with an unknown payload if that cannot be parsed; `None` if the envelope cannot be parsed.
    pub(crate) fn envelope(&self) -> Option<&Event> {
        self.event.as_ref().map_or_else(ParseEventError::event, Some)
    }
}

/// Returns the version of the payload format, or that of the API if the format has none.
pub(crate) fn version(event: &Event) -> Option<&str> {
    event.webhook_version.as_ref().map(|version| version.as_str()).or(event.api_version.as_deref())
}

/// Returns the reason why an event cannot be parsed.
pub(crate) fn reason(error: &ParseEventError) -> String {
    causes(error).join(": ")
}

/// The reason why a request is rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The status of the response.
    pub(crate) status: StatusCode,
    pub(crate) reason: String,
}

impl Rejection {
    pub(crate) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }
}

impl From<VerifyError> for Rejection {
    fn from(error: VerifyError) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error.to_string())
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
