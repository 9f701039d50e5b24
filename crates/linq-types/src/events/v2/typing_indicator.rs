use serde::{Deserialize, Serialize};

use super::{super::table::event_payloads, ChatHandle, Id, Time};

/// A typing indicator as the webhooks of V2 carry it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TypingIndicator {
    /// The chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<Id>,
    /// Whether to show that somebody types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<bool>,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Time>,
    /// Everybody in the chat.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub chat_handles: Vec<ChatHandle>,
}

event_payloads! {
    TypingIndicator: {
        /// Somebody started to type.
        TypingIndicatorReceived;
        /// Somebody stopped typing.
        TypingIndicatorRemoved;
    }
}
