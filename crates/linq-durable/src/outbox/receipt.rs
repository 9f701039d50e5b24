use linq_types::{
    IdempotencyKey, MessageId, Timestamp,
    error::ErrorCode,
    events::{Direction, Event, EventData, EventType, Format, Interest, Route},
};
use serde::{Deserialize, Serialize};

use super::Delivery;

/// The events that tell what became of a message.
pub(super) const EVENTS: [Interest; 7] = [
    Interest::Only(Route::new(Format::V3, "message.sent")),
    Interest::Only(Route::new(Format::V3, "message.delivered")),
    Interest::Only(Route::new(Format::V3, "message.read")),
    Interest::Only(Route::new(Format::V3, "message.failed")),
    Interest::Only(Route::new(Format::V2025_01_01, "message.sent")),
    Interest::Only(Route::new(Format::V2025_01_01, "message.delivered")),
    Interest::Only(Route::new(Format::V2025_01_01, "message.read")),
];

/// What a webhook tells about a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Receipt {
    pub(super) delivery: Delivery,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message_id: Option<MessageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<IdempotencyKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<ErrorCode>,
}

impl Receipt {
    /// Returns `None` if the event tells nothing about a message that was sent.
    pub(super) fn of(event: &Event) -> Option<Self> {
        let delivery = match event.event_type {
            EventType::MessageSent => Delivery::Sent,
            EventType::MessageDelivered => Delivery::Delivered,
            EventType::MessageRead => Delivery::Read,
            EventType::MessageFailed => Delivery::Failed,
            _ => return None,
        };
        if event.message().is_some_and(|message| message.direction == Some(&Direction::Inbound)) {
            return None;
        }
        let code = match &event.data {
            EventData::MessageFailed(failed) => Some(failed.code),
            _ => None,
        };
        Some(Self {
            delivery,
            at: event.created_at,
            message_id: event.message_id(),
            key: event.idempotency_key(),
            code,
        })
    }
}
