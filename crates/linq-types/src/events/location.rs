use serde::{Deserialize, Serialize};

use crate::{ChatId, Handle, Timestamp};

/// Somebody began to share where they are.
///
/// Events carry no place: get it from `/v3/chats/{chatId}/location`.
#[doc(alias = "LocationSharingStartedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LocationSharingStarted {
    /// The chat, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// Who shares.
    pub shared_by: Handle,
    /// Who can see it.
    pub shared_with: Handle,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// When it is to end; absent if it goes on until it is stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

/// Somebody no longer shares where they are, or the time they shared it for is over.
#[doc(alias = "LocationSharingStoppedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LocationSharingStopped {
    /// The chat, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// Who shared.
    pub shared_by: Handle,
    /// Who could see it.
    pub shared_with: Handle,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Timestamp,
}
