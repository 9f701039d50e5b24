use serde::{Deserialize, Serialize};

use super::Id;
use crate::Handle;

/// Somebody in a chat of V2: one of your lines or somebody else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatHandle {
    /// The id of this participation; only on who reacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// Phone number or email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Handle>,
    /// The name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether this is your line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_me: Option<bool>,
}
