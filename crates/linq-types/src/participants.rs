//! Who takes part in a group: `/v3/chats/{chatId}/participants`.

use serde::{Deserialize, Serialize};

use crate::Handle;

/// Somebody by address: the body of the requests that add or remove a participant, or end their location sharing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Participant {
    /// Phone number or email address.
    pub handle: Handle,
}

impl Participant {
    /// The participant with this address.
    pub fn new(handle: impl Into<Handle>) -> Self {
        Self { handle: handle.into() }
    }
}
