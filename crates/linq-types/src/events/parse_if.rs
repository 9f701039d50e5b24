use super::{Envelope, Event, EventPayload, Interest, ParseEventError, RawBody, read};

/// An event that is accepted, or the envelope of another one. Returned by [`Event::parse_unverified_if`].
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_enums, reason = "an event is accepted or not")]
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub enum EventOrEnvelope<'a> {
    /// One of the interests accepts the event.
    Accepted(Event),
    /// None accepts it: its payload was not read.
    Other(Envelope<'a>),
}

impl EventOrEnvelope<'_> {
    /// Returns the event if it was accepted.
    #[must_use]
    pub fn into_event(self) -> Option<Event> {
        match self {
            Self::Accepted(event) => Some(event),
            Self::Other(_) => None,
        }
    }
}

impl Event {
    /// Reads an event if one of the interests accepts it, without verifying a signature. Of any other event, only the envelope
    /// is read.
    ///
    /// It costs as much as [`parse_unverified`](Self::parse_unverified) for an accepted event, and as much as
    /// [`Envelope::parse_unverified`] for another one, whose body is not cloned. Use a type that shares its bytes, such as
    /// `bytes::Bytes`.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::events::{Event, EventOrEnvelope, EventPayload, Interest, MessageRead, ReactionAdded};
    ///
    /// let body = r#"{"event_id": "e1", "event_type": "message.read", "data": "not a message"}"#;
    /// match Event::parse_unverified_if(&body, &[ReactionAdded::EVENT.into()])? {
    ///     EventOrEnvelope::Accepted(event) => panic!("{event:?}"),
    ///     EventOrEnvelope::Other(envelope) => assert_eq!(envelope.event_id(), Some("e1")),
    /// }
    /// assert!(Event::parse_unverified_if(&body, &[MessageRead::EVENT.into()]).is_err());
    /// assert!(Event::parse_unverified_if(&body, &[Interest::All]).is_err());
    /// # Ok::<(), linq_types::events::ParseEventError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object with an `event_type`, or if the payload of an accepted event does not match the type of its event type.
    pub fn parse_unverified_if<'a>(
        body: &'a (impl AsRef<[u8]> + Clone + Send + Sync + 'static),
        interests: &[Interest],
    ) -> Result<EventOrEnvelope<'a>, ParseEventError> {
        let accepts = |tags: &_| interests.iter().any(|interest| interest.accepts(tags));
        read::event_if(body.as_ref(), &|| RawBody::new(body.clone()), &accepts)
    }

    /// Reads an event with this payload, without verifying a signature: for bodies that were verified before. Returns `None`
    /// for any other event, whose payload is not read.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; }
    /// use linq::types::events::{Event, MessageReceived, ReactionAdded};
    ///
    /// let stored = r#"{"event_id": "e1", "event_type": "reaction.added", "data": {"is_from_me": true, "reaction_type": "love"}}"#;
    /// let event = Event::parse_unverified_as::<ReactionAdded>(stored.to_owned())?.expect("it is a reaction");
    /// assert_eq!(event.data.is_from_me, Some(true));
    /// assert_eq!(Event::parse_unverified_as::<MessageReceived>(stored.to_owned())?, None);
    /// # Ok::<(), linq_types::events::ParseEventError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object with an `event_type`, or if the payload does not match `T`.
    pub fn parse_unverified_as<T: EventPayload>(
        body: impl Into<RawBody>,
    ) -> Result<Option<Event<T>>, ParseEventError> {
        let (body, interest) = (body.into(), Interest::from(T::EVENT));
        let event = read::event_if(body.as_bytes(), &|| body.clone(), &|tags| interest.accepts(tags))?;
        Ok(event.into_event().and_then(|event| event.try_map(T::from_data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::MessageRead;

    /// In all of these, the tags in front of the payload and at the end of the body are wrong, missing or escaped.
    #[test]
    fn tags_that_cannot_be_looked_up_do_not_change_the_result() {
        let interests = [MessageRead::EVENT.into()];
        let padding = r#""x":"y","#.repeat(32);
        for (body, accepted) in [
            // The fields of another object look like those of the envelope.
            (r#"{"x":{"event_type":"call.ended"},"data":{},"event_id":"e1","event_type":"message.read"}"#.into(), true),
            (r#"{"event_id":"e1","event_\u0074ype":"message.read","data":{},"x":{"event_type":"call.ended"}}"#.into(), true),
            (r#"{"event_id":"e1","event_\u0074ype":"call.ended","data":{},"x":{"event_type":"message.read"}}"#.into(), false),
            // Escapes are not decoded.
            (r#"{"event_id":"e1","event_type":"message.rea\u0064","data":{}}"#.into(), true),
            (r#"{"event_id":"e1","event_type":"call.ende\u0064","data":{}}"#.into(), false),
            (r#"{"event_id":"e1","event_type":"message.read","api_version":"v\u0032","data":7}"#.into(), false),
            // The event type is far from both ends.
            (format!(r#"{{{padding}"event_id":"e1","event_type":"message.read","data":{{}},{padding}"x":1}}"#), true),
            (format!(r#"{{{padding}"event_id":"e1","event_type":"call.ended","data":{{}},{padding}"x":1}}"#), false),
        ] {
            let data = r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[]}"#;
            let valid = body.replacen(r#""data":{}"#, &format!(r#""data":{data}"#), 1);
            let event = Event::parse_unverified_if(&valid, &interests).unwrap();
            assert_eq!(event.into_event().is_some(), accepted, "{body}");
            // `{}` is not a message.
            assert_eq!(Event::parse_unverified_if(&body, &interests).is_err(), accepted, "{body}");
        }
    }

    #[test]
    fn a_body_that_is_not_an_event_has_the_error_of_parse_unverified() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"event_id":"e1","data":{}}"#,
            r#"{"event_type":"call.ended","data":"#,
        ] {
            let error = Event::parse_unverified_if(&body, &[MessageRead::EVENT.into()]).unwrap_err();
            assert_eq!(error.to_string(), Event::parse_unverified(body.to_owned()).unwrap_err().to_string());
        }
        assert!(Event::parse_unverified_if(b"\xff", &[]).is_err());
    }
}
