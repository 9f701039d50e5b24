use serde::{Deserialize, Serialize};

use super::table::event_payloads;
use crate::{ChatHandle, ChatId};

/// A typing indicator in a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TypingIndicatorEvent {
    /// The id of the chat.
    pub chat_id: ChatId,
    /// Who is typing; `None` in events from before September 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_handle: Option<ChatHandle>,
}

event_payloads! {
    TypingIndicatorEvent: {
        /// A participant started typing.
        #[doc(alias = "ChatTypingIndicatorStartedWebhookEvent")]
        ChatTypingIndicatorStarted;
        /// A participant stopped typing.
        #[doc(alias = "ChatTypingIndicatorStoppedWebhookEvent")]
        ChatTypingIndicatorStopped;
    }
}
