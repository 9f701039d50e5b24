use serde::{Deserialize, Serialize};

use crate::Handle;

/// Somebody shared their name and picture with a line of yours.
#[doc(alias = "ContactCardReceivedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactCardReceived {
    /// Your line.
    pub owner_handle: Handle,
    /// Whose card it is.
    pub sender_handle: Handle,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// Where the picture can be downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
}
