use serde::{Deserialize, Serialize};

use super::{super::table::event_payloads, ChatHandle, Id, Time};
use crate::reactions::ReactionType;

/// A reaction in the webhooks of V2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReactionEvent {
    /// The reaction's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The id of the message with the reaction; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_message_id: Option<Id>,
    /// The id of the chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<Id>,
    /// The type of reaction; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction: Option<ReactionType>,
    /// Whether your line reacted; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_from_me: Option<bool>,
    /// Who reacted; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_handle: Option<ChatHandle>,
    /// The participants of the chat; empty if the event does not have them.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub chat_handles: Vec<ChatHandle>,
    /// The message with the reaction; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associated_message: Option<AssociatedMessage>,
    /// When the reaction was sent; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    /// When the service recorded the reaction; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
}

/// The message with a reaction of V2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssociatedMessage {
    /// The message's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The text; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When the message was sent; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
}

event_payloads! {
    ReactionEvent: {
        /// One of your lines reacted to a message.
        ReactionSent;
        /// Somebody reacted to a message.
        ReactionReceived;
    }
}
