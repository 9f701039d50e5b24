//! Any bytes as the body of an event: an event or an error, never a panic, and nothing of an event is lost.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linq_types::events::Event;
use serde_json::Value;

fuzz_target!(|body: &[u8]| {
    let parsed = Event::parse_unverified(body.to_vec());
    if let Ok(event) = &parsed {
        writes_what_it_read(event, body);
    }
});

fn writes_what_it_read(event: &Event, body: &[u8]) {
    assert_eq!(event.raw(), body);
    let written = serde_json::to_vec(event).expect("an event that was read can be written");
    // A number that no f64 holds and half a surrogate pair are JSON, but not a `Value`.
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        assert_eq!(serde_json::from_slice::<Value>(&written).ok(), Some(value));
    }
    let again = Event::parse_unverified(written).expect("what an event wrote can be read");
    assert_eq!(&again, event);
}
