use serde::{Deserialize, Serialize};

use super::{EventChat, table::event_payloads};
use crate::{ChatHandle, ChatId, Timestamp, backgrounds::Background, chats::Chat, error::ErrorCode};

/// A change of a group chat's name or icon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupUpdatedEvent {
    /// The id of the group chat.
    pub chat_id: ChatId,
    /// When the change was made; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Who made the change; `None` if the service does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by_handle: Option<ChatHandle>,
    /// The name, or the URL of the icon, before; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_value: Option<String>,
    /// The name, or the URL of the icon, after; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_value: Option<String>,
}

/// A requested change of a chat that the service accepted and then failed to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatUpdateFailedEvent {
    /// The id of the chat.
    pub chat_id: ChatId,
    /// The cause.
    ///
    /// Documented for a group's name and icon:
    /// [`DELIVERY_ATTEMPTS_EXHAUSTED`](ErrorCode::DELIVERY_ATTEMPTS_EXHAUSTED) (3007) and
    /// [`DELIVERY_FAILED`](ErrorCode::DELIVERY_FAILED) (4001). For a background:
    /// [`INVALID_PARAMETER`](ErrorCode::INVALID_PARAMETER) (1005),
    /// [`FEATURE_NOT_ENABLED`](ErrorCode::FEATURE_NOT_ENABLED) (2011),
    /// [`DELIVERY_FAILED`](ErrorCode::DELIVERY_FAILED) (4001) and [`DOWNLOAD_FAILED`](ErrorCode::DOWNLOAD_FAILED)
    /// (5002).
    pub error_code: ErrorCode,
    /// When the change failed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
}

/// The background of a chat was changed or removed.
#[doc(alias = "ChatBackgroundUpdatedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatBackgroundUpdated {
    /// The chat.
    pub chat: EventChat,
    /// Who changed the background; `None` if the service does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_handle: Option<ChatHandle>,
    /// The new background; `None` if it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Background>,
}

event_payloads! {
    Chat: {
        /// A chat was created.
        #[doc(alias = "ChatCreatedWebhookEvent")]
        ChatCreated;
    }

    GroupUpdatedEvent: {
        /// The name of a group chat changed.
        #[doc(alias = "ChatGroupNameUpdatedWebhookEvent")]
        ChatGroupNameUpdated;
        /// The icon of a group chat changed. The values are image URLs.
        #[doc(alias = "ChatGroupIconUpdatedWebhookEvent")]
        ChatGroupIconUpdated;
    }

    ChatUpdateFailedEvent: {
        /// A requested change of a group chat's name failed.
        #[doc(alias = "ChatGroupNameUpdateFailedWebhookEvent")]
        ChatGroupNameUpdateFailed;
        /// A requested change of a group chat's icon failed.
        #[doc(alias = "ChatGroupIconUpdateFailedWebhookEvent")]
        ChatGroupIconUpdateFailed;
        /// A requested change of a chat's background failed.
        #[doc(alias = "ChatBackgroundUpdateFailedWebhookEvent")]
        ChatBackgroundUpdateFailed;
    }
}
