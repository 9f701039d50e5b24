use serde::{Deserialize, Serialize};

use crate::{ChatId, MessageId, PreferredService, Service, Timestamp, error::ErrorCode};

/// A message could not be sent.
///
/// The event does not have the message: to send it again, store it by its id, and use a new idempotency key. A
/// [`MessageDelivered`](super::MessageDelivered) of the same message can still follow.
#[doc(alias = "MessageFailedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageFailed {
    /// The cause.
    ///
    /// Documented: [`DELIVERY_ATTEMPTS_EXHAUSTED`](ErrorCode::DELIVERY_ATTEMPTS_EXHAUSTED) (3007),
    /// [`DELIVERY_FAILED`](ErrorCode::DELIVERY_FAILED) (4001), [`LINE_UNAVAILABLE`](ErrorCode::LINE_UNAVAILABLE)
    /// (4002), [`MESSAGE_TYPE_NOT_SUPPORTED`](ErrorCode::MESSAGE_TYPE_NOT_SUPPORTED) (4005),
    /// [`SEND_TIMED_OUT`](ErrorCode::SEND_TIMED_OUT) (4006), 4007 and 4008.
    pub code: ErrorCode,
    /// When sending failed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    /// The id of the chat that the message was meant for; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The message's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// A detailed code for logs and Linq's support, whose meaning can change; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail_code: Option<i64>,
    /// A description of the cause for display; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The service that was to carry the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The service that was requested; `None` if none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<PreferredService>,
}
