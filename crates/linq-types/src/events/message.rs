use serde::{Deserialize, Serialize};

use super::EventType;
use crate::{
    ChatHandle, ChatId, Handle, HealthStatus, IdempotencyKey, MessageId, PreferredService, Service,
    Timestamp,
    parts::{Effect, PartResponse, ReplyTo},
};

/// A message as its webhooks carry it, in the format of 2026-02-03.
#[doc(alias = "MessageEventV2")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageEvent {
    /// The message's id.
    pub id: MessageId,
    /// The chat it is in.
    pub chat: EventChat,
    /// Whether it came in or went out.
    pub direction: Direction,
    /// What it consists of; empty when nothing is retained.
    pub parts: Vec<PartResponse>,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The service asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<PreferredService>,
    /// Plays when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The key it was sent with; outbound only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// When the service recovered it late: treat it as history and do not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled_at: Option<Timestamp>,
    /// Whether your account retains no content; then [`parts`](Self::parts) is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

impl MessageEvent {
    /// The words of all text parts, one part a line.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.parts.iter().filter_map(PartResponse::as_text).collect();
        texts.join("\n")
    }

    /// The address of the sender.
    #[must_use]
    pub fn sender(&self) -> Option<&Handle> {
        self.sender_handle.as_ref().map(|sender| &sender.handle)
    }

    /// Whether your line sent it.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        self.direction == Direction::Outbound
    }
}

/// The chat of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventChat {
    /// The chat's id.
    pub id: ChatId,
    /// Whether it has more than one other person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// Your line in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_handle: Option<ChatHandle>,
    /// How likely messages are to get through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_status: Option<HealthStatus>,
}

open_enum! {
    /// Which way a message went.
    pub enum Direction {
        /// To your line.
        Inbound = "inbound",
        /// From your line.
        Outbound = "outbound",
    }
}

/// Whether the 2025-01-01 payload of this event type has a shape of its own.
pub(super) fn has_older_format(event_type: &EventType) -> bool {
    use EventType::{MessageDelivered, MessageRead, MessageReceived, MessageSent};
    matches!(event_type, MessageReceived | MessageSent | MessageDelivered | MessageRead)
}

event_payloads! {
    MessageEvent: {
        /// Somebody wrote to a line of yours.
        #[doc(alias = "MessageReceivedWebhookEvent")]
        MessageReceived;
        /// A message of yours left the line.
        #[doc(alias = "MessageSentWebhookEvent")]
        MessageSent;
        /// A message of yours reached the other device. Not over SMS.
        #[doc(alias = "MessageDeliveredWebhookEvent")]
        MessageDelivered;
        /// Somebody read a message of yours. Not over SMS.
        #[doc(alias = "MessageReadWebhookEvent")]
        MessageRead;
    }
}
