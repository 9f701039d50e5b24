use serde::{Deserialize, Serialize};

use super::table::event_payloads;
use crate::{
    ChatHandle, ChatId, Handle, MessageId, ReactionId, Service, Timestamp,
    reactions::{ReactionType, Sticker},
};

/// A reaction as its webhooks carry it.
#[doc(alias = "ReactionEventBase")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReactionEvent {
    /// Whether your line reacted.
    pub is_from_me: bool,
    /// The kind of reaction.
    pub reaction_type: ReactionType,
    /// The chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The message reacted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// Which part of the message, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
    /// Who reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_handle: Option<ChatHandle>,
    /// The address of who reacted.
    #[deprecated(note = "use `from_handle`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// The reaction's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction_id: Option<ReactionId>,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reacted_at: Option<Timestamp>,
    /// The service that carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The emoji of a [`Custom`](ReactionType::Custom) reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji: Option<String>,
    /// The picture of a [`Sticker`](ReactionType::Sticker) reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<Sticker>,
}

event_payloads! {
    ReactionEvent: {
        /// Somebody, or your line, put a reaction on a message.
        #[doc(alias = "ReactionAddedWebhookEvent")]
        ReactionAdded;
        /// Somebody, or your line, took a reaction off a message.
        #[doc(alias = "ReactionRemovedWebhookEvent")]
        ReactionRemoved;
        /// Somebody, or your line, reacted to a poll. [`message_id`](ReactionEvent::message_id) names the poll.
        #[doc(alias = "PollReactionAddedWebhookEvent")]
        PollReactionAdded;
    }
}
