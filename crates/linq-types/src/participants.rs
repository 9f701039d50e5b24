//! Participants of groups: `/v3/chats/{chatId}/participants`.

use serde::{Deserialize, Serialize};

use crate::Handle;

/// A participant: the body of the requests that add or remove a participant, or stop its location sharing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Participant {
    /// The phone number or email address.
    pub handle: Handle,
}

impl Participant {
    /// Creates the body for this participant.
    pub fn new(handle: impl Into<Handle>) -> Self {
        Self { handle: handle.into() }
    }
}

checks! {
    Participant: handle;
}
