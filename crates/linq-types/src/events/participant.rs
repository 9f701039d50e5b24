use serde::{Deserialize, Serialize};

use crate::{ChatHandle, ChatId, Handle, Timestamp};

/// A participant was added to a group chat.
#[doc(alias = "ParticipantAddedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParticipantAdded {
    /// The id of the group chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The participant that was added; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<ChatHandle>,
    /// The handle of the participant that was added; `None` if the event does not have it.
    #[deprecated(note = "use `participant`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// When the participant was added; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Timestamp>,
}

/// A participant left a group chat or was removed from it.
#[doc(alias = "ParticipantRemovedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParticipantRemoved {
    /// The id of the group chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The former participant; `None` if the event does not have it. The [`status`](ChatHandle::status) tells
    /// whether they left or were removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<ChatHandle>,
    /// The handle of the former participant; `None` if the event does not have it.
    #[deprecated(note = "use `participant`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// When the participant left or was removed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
}
