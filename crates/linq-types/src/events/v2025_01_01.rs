//! Payloads of message events in the older V3 format, which webhook subscriptions of version 2025-01-01 receive.
//!
//! All other events are the same in both versions. [`Event::message`](super::Event::message) returns the messages of both
//! formats in one shape. The reference of this format does not tell which fields are always present, so every field is
//! optional.

use super::{EventType, table::payloads};

mod message;

pub use message::{MessageEvent, MessagePayload};

payloads! {
    /// The payload of a message event in the 2025-01-01 format.
    pub enum EventData in V2025_01_01

    MessageReceived in message;
    MessageSent in message;
    MessageDelivered in message;
    MessageRead in message;
}

/// The event types that have a payload of this format.
pub(super) const EVENT_TYPES: [EventType; 4] =
    [EventType::MessageReceived, EventType::MessageSent, EventType::MessageDelivered, EventType::MessageRead];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Reader;

    #[test]
    fn event_types_lists_every_row_of_the_table() {
        for event_type in EventType::KNOWN {
            let has_payload = EventData::read(event_type, &mut Reader::new("{}")).unwrap().is_some();
            assert_eq!(EVENT_TYPES.contains(event_type), has_payload, "{event_type}");
        }
    }
}
