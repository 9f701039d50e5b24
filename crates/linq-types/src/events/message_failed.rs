use serde::{Deserialize, Serialize};

use crate::{ChatId, MessageId, PreferredService, Service, Timestamp, error::ErrorCode};

/// A message of yours could not be sent.
///
/// It has not the shape of a message: keep what you send by its id if you want to send it again, and take a new
/// idempotency key for that. A [`MessageDelivered`](super::MessageDelivered) of the same message may still follow.
#[doc(alias = "MessageFailedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageFailed {
    /// Why: one of 3007, 4001, 4002, 4005, 4006, 4007 and 4008 so far.
    pub code: ErrorCode,
    /// When it failed.
    pub failed_at: Timestamp,
    /// The chat it was meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// A finer code for logs and for Linq's support. What it means may change: do not decide by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail_code: Option<i64>,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The service that was to carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The service asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<PreferredService>,
}
