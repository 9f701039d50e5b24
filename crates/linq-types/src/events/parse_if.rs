use super::{Envelope, Event, Format, Interest, ParseEventError, RawBody, WebhookVersion, read};

impl Event {
    /// Reads an event if one of the interests accepts it, without verifying a signature; returns `None` for any other event,
    /// whose payload is not read.
    ///
    /// It costs little more than [`parse_unverified`](Self::parse_unverified) for an accepted event, and little more than
    /// [`Envelope::parse_unverified`] for another one.
    ///
    /// ```
    /// use linq_types::events::{Event, EventPayload, Interest, MessageRead, ReactionAdded};
    ///
    /// let body = r#"{"event_id": "e1", "event_type": "message.read", "data": "not a message"}"#;
    /// assert_eq!(Event::parse_unverified_if(body.to_owned(), &[ReactionAdded::EVENT.into()])?, None);
    /// assert!(Event::parse_unverified_if(body.to_owned(), &[MessageRead::EVENT.into()]).is_err());
    /// assert!(Event::parse_unverified_if(body.to_owned(), &[Interest::All]).is_err());
    /// # Ok::<(), linq_types::events::ParseEventError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object with an `event_id` and an `event_type`, or if the payload of an
    /// accepted event does not match the type of its event type.
    pub fn parse_unverified_if(
        body: impl Into<RawBody>,
        interests: &[Interest],
    ) -> Result<Option<Self>, ParseEventError> {
        let raw = body.into();
        if interests.contains(&Interest::All) {
            return read::event(raw).map(Some);
        }
        let accepted = |tags: Tags<'_>| interests.iter().any(|interest| interest.accepts(&tags));
        // The guess only selects what is read first; a wrong one costs time. It takes 0.25 to 0.3 us: 3 % of a parse of
        // 2.6 kB and 16 % of one of 0.7 kB, where reading every envelope first would take 21 % and 35 %.
        if Tags::guess(raw.as_bytes()).is_some_and(|tags| !accepted(tags))
            && let Ok(envelope) = Envelope::parse_unverified(raw.as_bytes())
            && !accepted(Tags::of_envelope(&envelope))
        {
            return Ok(None);
        }
        match read::event(raw) {
            Ok(event) => Ok(accepted(Tags::of_event(&event)).then_some(event)),
            Err(error) if error.event().is_some_and(|event| !accepted(Tags::of_event(event))) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The fields that tell which interests accept an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tags<'a> {
    pub(super) event_type: &'a str,
    pub(super) format: Format,
}

impl<'a> Tags<'a> {
    fn of_envelope(envelope: &'a Envelope<'_>) -> Self {
        let webhook_version = envelope.webhook_version().map(WebhookVersion::as_str);
        Self::new(envelope.event_type().as_str(), envelope.api_version(), webhook_version)
    }

    fn of_event(event: &'a Event) -> Self {
        let webhook_version = event.webhook_version.as_ref().map(WebhookVersion::as_str);
        Self::new(event.event_type.as_str(), event.api_version.as_deref(), webhook_version)
    }

    fn new(event_type: &'a str, api_version: Option<&str>, webhook_version: Option<&str>) -> Self {
        Self { event_type, format: Format::of(event_type, api_version, webhook_version) }
    }

    /// Guesses the tags from the strings in front of the payload and at the end of the body, at a small part of the cost of an
    /// envelope. Escapes are not decoded, so that a part of a string can look like a field.
    fn guess(body: &'a [u8]) -> Option<Self> {
        let mut fields = Fields::default();
        for [name, colon, value] in triples(body.split(is_quote).take_while(|name| *name != b"data")) {
            fields.add(name, colon, value);
        }
        let mut behind = triples(body.rsplit(is_quote));
        while fields.event_type.is_none() {
            let [value, colon, name] = behind.next()?;
            fields.add(name, colon, value);
        }
        let text = |bytes: Option<&'a [u8]>| bytes.and_then(|bytes| str::from_utf8(bytes).ok());
        Some(Self::new(text(fields.event_type)?, text(fields.api_version), text(fields.webhook_version)))
    }
}

fn is_quote(byte: &u8) -> bool {
    *byte == b'"'
}

/// The longest envelope has 8 strings with a name: 32 pieces between quotes on each side of the payload.
const MAX_PIECES: usize = 32;

/// Returns each piece with the two before it.
fn triples<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = [&'a [u8]; 3]> {
    pieces.take(MAX_PIECES).scan([&[][..]; 3], |[_, second, third], piece| {
        let triple = [*second, *third, piece];
        (*second, *third) = (*third, piece);
        Some(triple)
    })
}

#[derive(Default)]
struct Fields<'a> {
    event_type: Option<&'a [u8]>,
    api_version: Option<&'a [u8]>,
    webhook_version: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    fn add(&mut self, name: &[u8], colon: &[u8], value: &'a [u8]) {
        let field = match name {
            b"event_type" => &mut self.event_type,
            b"api_version" => &mut self.api_version,
            b"webhook_version" => &mut self.webhook_version,
            _ => return,
        };
        if colon.trim_ascii() == b":" {
            *field = Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{EventPayload as _, MessageRead};

    /// The samples of the documentation are written in the order of the service.
    #[test]
    fn the_guess_is_right_for_every_sample() {
        let mut samples = 0;
        for folder in ["v3-0.65.0", "v3-2025-01-01", "v2", "v2-derived"] {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/events/").to_owned() + folder;
            for file in std::fs::read_dir(folder).unwrap() {
                let path = file.unwrap().path();
                if path.ends_with("python-dispatch.json") {
                    continue;
                }
                let body = std::fs::read(&path).unwrap();
                let envelope = Envelope::parse_unverified(&body).unwrap();
                assert_eq!(Tags::guess(&body), Some(Tags::of_envelope(&envelope)), "{}", path.display());
                samples += 1;
            }
        }
        assert!(samples >= 100, "{samples} samples");
    }

    /// In all of these the guess is wrong or missing, or the fields that it finds are escaped.
    #[test]
    fn a_wrong_guess_does_not_change_the_result() {
        let interests = [MessageRead::EVENT.into()];
        let padding = r#""x":"y","#.repeat(MAX_PIECES);
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
            let event = Event::parse_unverified_if(valid, &interests).unwrap();
            assert_eq!(event.is_some(), accepted, "{body}");
            // `{}` is not a message.
            assert_eq!(Event::parse_unverified_if(body.clone(), &interests).is_err(), accepted, "{body}");
        }
    }

    #[test]
    fn a_body_that_is_not_an_event_has_the_error_of_parse_unverified() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"event_type":"call.ended"}"#,
            r#"{"event_type":"call.ended","data":"#,
        ] {
            let error =
                Event::parse_unverified_if(body.to_owned(), &[MessageRead::EVENT.into()]).unwrap_err();
            assert_eq!(error.to_string(), Event::parse_unverified(body.to_owned()).unwrap_err().to_string());
        }
        assert!(Event::parse_unverified_if(vec![0xff], &[]).is_err());
    }
}
