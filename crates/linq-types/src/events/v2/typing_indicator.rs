use serde::{Deserialize, Serialize};

use super::{super::table::event_payloads, ChatHandle, Id, Time};

/// A typing indicator in the webhooks of V2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TypingIndicator {
    /// The id of the chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<Id>,
    /// Whether to show the typing indicator; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<bool>,
    /// When the typing started or stopped; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Time>,
    /// The participants of the chat; empty if the event does not have them.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub chat_handles: Vec<ChatHandle>,
}

event_payloads! {
    TypingIndicator: {
        /// A participant started typing.
        TypingIndicatorReceived;
        /// A participant stopped typing.
        TypingIndicatorRemoved;
    }
}
