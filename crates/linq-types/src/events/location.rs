use serde::{Deserialize, Serialize};

use crate::{ChatId, Handle, Timestamp};

/// Somebody started sharing their location.
///
/// Events do not have the location: request it with `GET /v3/chats/{chatId}/location`.
#[doc(alias = "LocationSharingStartedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LocationSharingStarted {
    /// The id of the chat; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The handle that shares the location; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_by: Option<Handle>,
    /// The handle that sees the location; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_with: Option<Handle>,
    /// When the sharing started; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// When the sharing will end; `None` if it continues until it is stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

/// Somebody stopped sharing their location, or the time for which they shared it is over.
#[doc(alias = "LocationSharingStoppedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LocationSharingStopped {
    /// The id of the chat; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The handle that shared the location; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_by: Option<Handle>,
    /// The handle that saw the location; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_with: Option<Handle>,
    /// When the sharing started; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// When the sharing ended; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}
