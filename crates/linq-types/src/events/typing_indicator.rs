use serde::{Deserialize, Serialize};

use super::table::event_payloads;
use crate::{ChatHandle, ChatId};

/// Somebody's typing in a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TypingIndicatorEvent {
    /// The chat.
    pub chat_id: ChatId,
    /// Who types. Events before September 2026 do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_handle: Option<ChatHandle>,
}

event_payloads! {
    TypingIndicatorEvent: {
        /// Somebody began to type.
        #[doc(alias = "ChatTypingIndicatorStartedWebhookEvent")]
        ChatTypingIndicatorStarted;
        /// Somebody stopped typing.
        #[doc(alias = "ChatTypingIndicatorStoppedWebhookEvent")]
        ChatTypingIndicatorStopped;
    }
}
