use serde::{Deserialize, Serialize};

use super::table::event_payloads;
use crate::{
    ChatHandle, ChatId, Handle, MessageId, ReactionId, Service, Timestamp,
    reactions::{ReactionType, Sticker},
};

/// A reaction in its webhooks.
#[doc(alias = "ReactionEventBase")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReactionEvent {
    /// Whether your line reacted; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_from_me: Option<bool>,
    /// The type of reaction; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction_type: Option<ReactionType>,
    /// The id of the chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The id of the message with the reaction; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The index of the message part with the reaction, from 0; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
    /// Who reacted; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_handle: Option<ChatHandle>,
    /// The handle of who reacted; `None` if the event does not have it.
    #[deprecated(note = "use `from_handle`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// The reaction's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction_id: Option<ReactionId>,
    /// When the reaction was added or removed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reacted_at: Option<Timestamp>,
    /// The service that carried the reaction; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The emoji of a [`Custom`](ReactionType::Custom) reaction; `None` for other reactions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji: Option<String>,
    /// The image of a [`Sticker`](ReactionType::Sticker) reaction; `None` for other reactions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticker: Option<Sticker>,
}

event_payloads! {
    ReactionEvent: {
        /// A reaction was added to a message, by a participant or by your line.
        #[doc(alias = "ReactionAddedWebhookEvent")]
        ReactionAdded;
        /// A reaction was removed from a message, by a participant or by your line.
        #[doc(alias = "ReactionRemovedWebhookEvent")]
        ReactionRemoved;
        /// A reaction was added to a poll, by a participant or by your line.
        /// [`message_id`](ReactionEvent::message_id) identifies the poll.
        #[doc(alias = "PollReactionAddedWebhookEvent")]
        PollReactionAdded;
    }
}
