use serde::{Deserialize, Serialize};

use crate::Handle;

/// Somebody shared their name and photo with one of your lines.
#[doc(alias = "ContactCardReceivedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCardReceived {
    /// Your line; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_handle: Option<Handle>,
    /// The handle of who shared the contact card; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_handle: Option<Handle>,
    /// The first name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The URL of the photo; `None` if the card has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
}
