use linq_types::{
    IdempotencyKey, MessageId, Timestamp,
    error::ErrorCode,
    events::{Event, Format, Interest, Route},
    messages::DeliveryStatus,
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
        let delivery = match event.delivery_status()? {
            DeliveryStatus::Sent => Delivery::Sent,
            DeliveryStatus::Delivered => Delivery::Delivered,
            DeliveryStatus::Read => Delivery::Read,
            DeliveryStatus::Failed => Delivery::Failed,
            _ => return None,
        };
        Some(Self {
            delivery,
            at: event.created_at,
            message_id: event.message_id(),
            key: event.idempotency_key(),
            code: event.failure_code(),
        })
    }
}
