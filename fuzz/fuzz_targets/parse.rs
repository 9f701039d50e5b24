//! Reads any bytes as the body of an event: never a panic, and no field of an event is lost. One pass has the same result,
//! value or error, as reading the envelope and then the payload.

#![no_main]

use std::error::Error as _;

use libfuzzer_sys::fuzz_target;
use linq_types::events::{Envelope, Event, ParseEventError};
use serde_json::Value;

fuzz_target!(|body: &[u8]| {
    let parsed = Event::parse_unverified(body.to_vec());
    equals_two_passes(&parsed, body);
    if let Ok(event) = &parsed {
        serializes_as_its_body(event, body);
    }
});

fn equals_two_passes(parsed: &Result<Event, ParseEventError>, body: &[u8]) {
    let envelope = Envelope::parse_unverified(body);
    let data = envelope.as_ref().map(Envelope::parse_data);
    match (parsed, &envelope, data) {
        (Ok(event), Ok(envelope), Ok(Ok(data))) => {
            assert_eq!(event.data, data);
            assert_eq!(event.event_id.as_ref().map(|id| id.as_str()), envelope.event_id());
            assert_eq!(&event.event_type, envelope.event_type());
            assert_eq!(event.api_version.as_deref(), envelope.api_version());
            assert_eq!(event.webhook_version.as_ref(), envelope.webhook_version());
            assert_eq!(event.created_at, envelope.created_at());
        }
        (Err(error), Ok(envelope), Ok(Err(of_data))) => {
            assert_eq!(error.event_type(), Some(envelope.event_type()));
            assert_eq!(error.source().map(ToString::to_string), Some(of_data.to_string()));
        }
        (Err(error), Err(of_envelope), _) => {
            assert_eq!(error.event_type(), None);
            assert_eq!(error.source().map(ToString::to_string), Some(of_envelope.to_string()));
        }
        (parsed, envelope, _) => panic!("{parsed:?} in one pass, {envelope:?} in two"),
    }
}

fn serializes_as_its_body(event: &Event, body: &[u8]) {
    assert_eq!(event.raw(), body);
    let written = serde_json::to_vec(event).expect("an event serializes");
    // A number outside the range of f64 and a lone surrogate are JSON, but not a `Value`.
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        assert_eq!(serde_json::from_slice::<Value>(&written).ok(), Some(value));
    }
    let again = Event::parse_unverified(written).expect("a serialized event can be read");
    assert_eq!(&again, event);
}
