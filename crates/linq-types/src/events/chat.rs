use serde::{Deserialize, Serialize};

use super::{EventChat, table::event_payloads};
use crate::{ChatHandle, ChatId, Timestamp, backgrounds::Background, chats::Chat, error::ErrorCode};

/// What a group's name or picture was, and what it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupUpdatedEvent {
    /// The group.
    pub chat_id: ChatId,
    /// When it changed.
    pub updated_at: Timestamp,
    /// Who changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by_handle: Option<ChatHandle>,
    /// The name, or the address of the picture, before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_value: Option<String>,
    /// The name, or the address of the picture, now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_value: Option<String>,
}

/// A change to a chat that was accepted and then not made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatUpdateFailedEvent {
    /// The chat.
    pub chat_id: ChatId,
    /// Why: 3007 or 4001 for a group's name and picture, 1005, 2011, 4001 or 5002 for a background, so far.
    pub error_code: ErrorCode,
    /// When it failed.
    pub failed_at: Timestamp,
}

/// The background of a chat was changed or taken away.
#[doc(alias = "ChatBackgroundUpdatedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatBackgroundUpdated {
    /// The chat.
    pub chat: EventChat,
    /// Who changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_handle: Option<ChatHandle>,
    /// The background now; absent when there is none any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Background>,
}

event_payloads! {
    Chat: {
        /// A chat was opened.
        #[doc(alias = "ChatCreatedWebhookEvent")]
        ChatCreated;
    }

    GroupUpdatedEvent: {
        /// A group got another name.
        #[doc(alias = "ChatGroupNameUpdatedWebhookEvent")]
        ChatGroupNameUpdated;
        /// A group got another picture. The values are addresses of pictures.
        #[doc(alias = "ChatGroupIconUpdatedWebhookEvent")]
        ChatGroupIconUpdated;
    }

    ChatUpdateFailedEvent: {
        /// A group did not get the name you asked for.
        #[doc(alias = "ChatGroupNameUpdateFailedWebhookEvent")]
        ChatGroupNameUpdateFailed;
        /// A group did not get the picture you asked for.
        #[doc(alias = "ChatGroupIconUpdateFailedWebhookEvent")]
        ChatGroupIconUpdateFailed;
        /// A chat did not get the background you asked for.
        #[doc(alias = "ChatBackgroundUpdateFailedWebhookEvent")]
        ChatBackgroundUpdateFailed;
    }
}
