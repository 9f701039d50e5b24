use serde::{Deserialize, Serialize};

use crate::Handle;

/// Somebody shared their name and photo with one of your lines.
#[doc(alias = "ContactCardReceivedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCardReceived {
    /// Your line.
    pub owner_handle: Handle,
    /// The handle of who shared the contact card.
    pub sender_handle: Handle,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The URL of the photo; `None` if the card has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
}
