use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use linq_types::{
    EventId,
    events::{Envelope, Event, EventOrEnvelope, Interest, ParseEventError, RawBody},
    json::JsonError,
};

use crate::Scheme;

/// A body whose signature was verified. Only a [`Verifier`](crate::Verifier) creates it.
#[derive(Clone)]
pub struct Verified {
    pub(super) body: Bytes,
    pub(super) id: Option<HeaderValue>,
    pub(super) scheme: Scheme,
}

impl Verified {
    /// Returns the signed body.
    ///
    /// It is the body as received, or its canonical form if the signature matched that one
    /// ([`Schemes::V2_CANONICAL`](crate::Schemes::V2_CANONICAL)).
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the signed `webhook-id`: the event ID, which is the same for every delivery of the event.
    ///
    /// Returns `None` for [`Scheme::Legacy`] and [`Scheme::V2`], which sign no ID.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_ref().and_then(|id| id.to_str().ok())
    }

    /// Returns the scheme that the delivery is signed with.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Parses the event. The event shares the body without copying it. An event without an `event_id` gets the signed
    /// `webhook-id`, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not an event, or if the payload of a known event type has an unexpected
    /// shape; see [`ParseEventError`]. An unknown event type is not an error.
    pub fn parse(&self) -> Result<Event, ParseEventError> {
        let mut parsed = Event::parse_unverified(RawBody::new(self.body.clone()));
        self.identify(match &mut parsed {
            Ok(event) => Some(event),
            Err(error) => error.event_mut(),
        });
        parsed
    }

    /// Parses the event if one of the interests accepts it, and its envelope otherwise.
    pub(crate) fn parse_if(&self, interests: &[Interest]) -> Result<EventOrEnvelope<'_>, ParseEventError> {
        let mut parsed = Event::parse_unverified_if(&self.body, interests);
        self.identify(match &mut parsed {
            Ok(EventOrEnvelope::Accepted(event)) => Some(event),
            Ok(EventOrEnvelope::Other(_)) => None,
            Err(error) => error.event_mut(),
        });
        parsed
    }

    /// Adds the signed id to an event that has none.
    fn identify(&self, event: Option<&mut Event>) {
        if let Some(event) = event
            && event.event_id.is_none()
        {
            event.event_id = self.id().map(EventId::from);
        }
    }

    /// Parses only the envelope: the event ID, the event type and the versions. The payload remains text.
    ///
    /// This is much cheaper than [`parse`](Self::parse), for receivers that store the event and handle it later.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use linq::webhooks::{Signer, Timestamp, Verifier, events::EventType};
    ///
    /// let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// let now: Timestamp = "2026-09-21T14:13:20Z".parse()?;
    /// let body = br#"{"event_id":"e1","event_type":"message.received","data":{"id":"m1"}}"#;
    /// let headers = Signer::new(secret)?.headers("e1", now, body)?;
    ///
    /// let verified = Verifier::new(secret)?.verify_at(&headers, &body[..], now)?;
    /// let envelope = verified.envelope()?;
    /// assert_eq!(envelope.event_type(), &EventType::MessageReceived);
    /// assert_eq!(envelope.data(), r#"{"id":"m1"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not an event; see [`JsonError`]. The payload is not inspected.
    pub fn envelope(&self) -> Result<Envelope<'_>, JsonError> {
        Ok(Envelope::parse_unverified(&self.body)?.or_event_id(self.id()))
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
