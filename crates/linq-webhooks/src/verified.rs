use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use linq_types::events::{Event, ParseEventError, RawBody};

use crate::Scheme;

/// A body whose signature was checked: what [`Verifier`](crate::Verifier) gives, and nothing else can.
#[derive(Clone)]
pub struct Verified {
    pub(crate) body: Bytes,
    pub(crate) id: Option<HeaderValue>,
    pub(crate) scheme: Scheme,
}

impl Verified {
    /// The signed body: as it came, or its canonical form if [`Schemes::V2_CANONICAL`](crate::Schemes) allowed
    /// that and the signature is that form's.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The signed `webhook-id`, which is the event's id and the same on every delivery of it.
    ///
    /// `None` with [`Scheme::Legacy`] and [`Scheme::V2`], which sign no id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_ref().and_then(|id| id.to_str().ok())
    }

    /// How the delivery was signed.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Reads the event. The body is shared with it, not copied.
    ///
    /// # Errors
    ///
    /// [`ParseEventError`] when the body is no event, or when the payload of a known event type has another
    /// shape. An unknown event type is no error.
    pub fn parse(&self) -> Result<Event, ParseEventError> {
        Event::parse_unverified(RawBody::new(self.body.clone()))
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("id", &self.id())
            .field("scheme", &self.scheme)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
