use serde::{Deserialize, Serialize};

use super::{super::table::event_payloads, ChatHandle, Id, Time};
use crate::reactions::ReactionType;

/// A reaction as the webhooks of V2 carry it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReactionEvent {
    /// The reaction's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The message reacted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_message_id: Option<Id>,
    /// The chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<Id>,
    /// The kind of reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction: Option<ReactionType>,
    /// Whether your line reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_from_me: Option<bool>,
    /// Who reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_handle: Option<ChatHandle>,
    /// Everybody in the chat.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub chat_handles: Vec<ChatHandle>,
    /// The message reacted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub associated_message: Option<AssociatedMessage>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    /// When the service took note of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
}

/// The message that a reaction of V2 is on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssociatedMessage {
    /// The message's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// Its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
}

event_payloads! {
    ReactionEvent: {
        /// You reacted to a message.
        ReactionSent;
        /// Somebody reacted to a message.
        ReactionReceived;
    }
}
