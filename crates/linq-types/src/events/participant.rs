use serde::{Deserialize, Serialize};

use crate::{ChatHandle, ChatId, Handle, Timestamp};

/// Somebody joined a group.
#[doc(alias = "ParticipantAddedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParticipantAdded {
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// Who joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<ChatHandle>,
    /// The address of who joined.
    #[deprecated(note = "use `participant`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Timestamp>,
}

/// Somebody left a group or was removed from it.
#[doc(alias = "ParticipantRemovedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParticipantRemoved {
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// Who is gone; the [`status`](ChatHandle::status) tells leaving from being removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<ChatHandle>,
    /// The address of who is gone.
    #[deprecated(note = "use `participant`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
}
