use serde::{Deserialize, Serialize};

use super::{
    message_view::{MessageView, message_methods},
    table::event_payloads,
};
use crate::{
    ChatHandle, ChatId, HealthStatus, IdempotencyKey, MessageId, PreferredService, Service, Timestamp,
    parts::{Effect, PartResponse, ReplyTo},
};

/// A message in its webhooks, in the 2026-02-03 format.
#[doc(alias = "MessageEventV2")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageEvent {
    /// The message's id.
    pub id: MessageId,
    /// The chat of the message.
    pub chat: EventChat,
    /// Whether the message was received or sent; `None` if the event does not have it. [`view`](Self::view) then takes it
    /// from the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The parts of the message; empty if your account retains no content.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub parts: Vec<PartResponse>,
    /// Who sent the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<ChatHandle>,
    /// The service that carried the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The service that was requested; `None` if none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<PreferredService>,
    /// The effect that plays when the message arrives; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The message that this message replies to; `None` if it is not a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The idempotency key that the message was sent with; `None` for inbound messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// When the message was sent; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When the message was delivered; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When the message was read; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// When the service recovered the message late; `None` for messages that arrived in time.
    ///
    /// A recovered message is history: do not reply to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled_at: Option<Timestamp>,
    /// Whether your account retains no content, in which case [`parts`](Self::parts) is empty; `None` if the event
    /// does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_retention: Option<bool>,
}

impl MessageEvent {
    /// Returns the message as [`Event::message`](super::Event::message) does.
    #[must_use]
    pub fn view(&self) -> MessageView<'_> {
        let sender = self.sender_handle.as_ref().map(|sender| &sender.handle);
        let direction = Direction::or_of(self.direction.as_ref(), self.sender_handle.as_ref());
        let owner = self.chat.owner_handle.as_ref().map(|owner| &owner.handle);
        MessageView {
            id: Some(&self.id),
            chat_id: Some(&self.chat.id),
            is_group: self.chat.is_group,
            direction,
            sender,
            line: owner.or(sender.filter(|_| direction == Some(&Direction::Outbound))),
            parts: &self.parts,
            service: self.service.as_ref(),
            preferred_service: self.preferred_service.as_ref(),
            effect: self.effect.as_ref(),
            reply_to: self.reply_to.as_ref(),
            idempotency_key: self.idempotency_key.as_ref(),
            sent_at: self.sent_at,
            received_at: self.sent_at.filter(|_| direction == Some(&Direction::Inbound)),
            delivered_at: self.delivered_at,
            read_at: self.read_at,
            reconciled_at: self.reconciled_at,
            zero_retention: self.zero_retention.unwrap_or_default(),
        }
    }
}

message_methods!(MessageEvent);

/// The chat of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventChat {
    /// The chat's id.
    pub id: ChatId,
    /// Whether the chat has more than two participants; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// Your line in the chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_handle: Option<ChatHandle>,
    /// The health of the chat, which affects delivery; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_status: Option<HealthStatus>,
}

open_enum! {
    /// The direction of a message.
    pub enum Direction {
        /// Received on your line.
        Inbound = "inbound",
        /// Sent from your line.
        Outbound = "outbound",
    }
}

impl Direction {
    /// Returns the direction, or if the event does not have it, that of what this sender sends.
    pub(super) fn or_of<'a>(direction: Option<&'a Self>, sender: Option<&ChatHandle>) -> Option<&'a Self> {
        direction.or_else(|| sender?.is_me.map(Self::of_sender))
    }

    pub(super) const fn of_sender(is_me: bool) -> &'static Self {
        if is_me { &Self::Outbound } else { &Self::Inbound }
    }
}

event_payloads! {
    MessageEvent: {
        /// A message was received on one of your lines.
        #[doc(alias = "MessageReceivedWebhookEvent")]
        MessageReceived;
        /// A message was sent from one of your lines.
        #[doc(alias = "MessageSentWebhookEvent")]
        MessageSent;
        /// A message that one of your lines sent was delivered. SMS has no such event.
        #[doc(alias = "MessageDeliveredWebhookEvent")]
        MessageDelivered;
        /// A message that one of your lines sent was read. SMS has no such event.
        #[doc(alias = "MessageReadWebhookEvent")]
        MessageRead;
    }
}
