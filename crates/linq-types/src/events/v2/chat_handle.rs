use serde::{Deserialize, Serialize};

use super::Id;
use crate::Handle;

/// A participant of a V2 chat: one of your lines, or somebody else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatHandle {
    /// The participant's id; `None` except for who reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The phone number or email address; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Handle>,
    /// The display name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether the participant is your line; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
}
