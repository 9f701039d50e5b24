use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use linq_types::{
    events::{Envelope, Event, ParseEventError, RawBody},
    json::JsonError,
};

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

    /// Reads the envelope alone: the event's id, type and versions, with the payload still as text. It costs a fraction of
    /// [`parse`](Self::parse), for whoever answers at once and works later.
    ///
    /// ```
    /// use linq_webhooks::{Signer, Verifier, events::EventType};
    ///
    /// let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// let body = br#"{"event_id":"e1","event_type":"message.received","data":{"id":"m1"}}"#;
    /// let headers = Signer::new(secret)?.headers("e1", 1_790_000_000, body)?;
    ///
    /// let verified = Verifier::new(secret)?.verify_at(&headers, &body[..], 1_790_000_000)?;
    /// let envelope = verified.envelope()?;
    /// assert_eq!(envelope.event_type(), &EventType::MessageReceived);
    /// assert_eq!(envelope.data(), r#"{"id":"m1"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`JsonError`] when the body is no event, as in [`parse`](Self::parse). The payload is not looked into.
    pub fn envelope(&self) -> Result<Envelope<'_>, JsonError> {
        Envelope::parse_unverified(&self.body)
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
