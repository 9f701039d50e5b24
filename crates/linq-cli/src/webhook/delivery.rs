use std::{error::Error, fmt};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use linq::{
    types::{
        Timestamp,
        events::{Event, ParseEventError},
    },
    webhooks::{Scheme, Verified, Verifier, VerifyError},
};

/// A delivery with a valid signature and a valid event.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) verified: Verified,
    pub(crate) event: Event,
}

impl Delivery {
    pub(crate) fn read(
        verifier: &Verifier,
        headers: &HeaderMap,
        body: Bytes,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        let verified = verifier.verify_at(headers, body, now)?;
        let event = verified.parse()?;
        Ok(Self { verified, event })
    }

    pub(crate) fn scheme(&self) -> Scheme {
        self.verified.scheme()
    }

    /// Returns the version of the payload format, or that of the API if the format has none.
    pub(crate) fn version(&self) -> Option<&str> {
        let Event { webhook_version, api_version, .. } = &self.event;
        webhook_version.as_ref().map(|version| version.as_str()).or(api_version.as_deref())
    }
}

/// The reason why a delivery is rejected.
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

impl From<ParseEventError> for Rejection {
    fn from(error: ParseEventError) -> Self {
        let reason = match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        Self::new(StatusCode::BAD_REQUEST, reason)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
