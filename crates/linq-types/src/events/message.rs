use serde::{Deserialize, Serialize};

use super::{
    message_view::{MessageView, message_answers},
    table::event_payloads,
};
use crate::{
    ChatHandle, ChatId, HealthStatus, IdempotencyKey, MessageId, PreferredService, Service, Timestamp,
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
    #[serde(default, deserialize_with = "crate::list::or_empty")]
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
    /// The message as [`Event::message`](super::Event::message) gives it.
    #[must_use]
    pub fn view(&self) -> MessageView<'_> {
        let sender = self.sender_handle.as_ref().map(|sender| &sender.handle);
        let owner = self.chat.owner_handle.as_ref().map(|owner| &owner.handle);
        MessageView {
            id: Some(&self.id),
            chat_id: Some(&self.chat.id),
            is_group: self.chat.is_group,
            direction: Some(&self.direction),
            sender,
            line: owner.or(sender.filter(|_| self.direction == Direction::Outbound)),
            parts: &self.parts,
            service: self.service.as_ref(),
            preferred_service: self.preferred_service.as_ref(),
            effect: self.effect.as_ref(),
            reply_to: self.reply_to.as_ref(),
            idempotency_key: self.idempotency_key.as_ref(),
            sent_at: self.sent_at,
            received_at: self.sent_at.filter(|_| self.direction == Direction::Inbound),
            delivered_at: self.delivered_at,
            read_at: self.read_at,
            reconciled_at: self.reconciled_at,
            zero_retention: self.zero_retention.unwrap_or_default(),
        }
    }
}

message_answers!(MessageEvent);

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
