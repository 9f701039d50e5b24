//! Payloads of message events in the older V3 format, which webhook subscriptions of version 2025-01-01 receive.
//!
//! All other events are the same in both versions. [`Event::message`](super::Event::message) returns the messages of both
//! formats in one shape. The reference of this format does not tell which fields are always present, so every field is
//! optional.

use super::{EventPayload as _, EventType, table::payloads};

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
pub(super) const EVENT_TYPES: [&str; 4] = [
    MessageReceived::EVENT.event_type,
    MessageSent::EVENT.event_type,
    MessageDelivered::EVENT.event_type,
    MessageRead::EVENT.event_type,
];
