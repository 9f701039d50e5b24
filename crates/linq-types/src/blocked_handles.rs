//! People whose messages are dropped: `/v3/blocked_handles`.

use serde::{Deserialize, Serialize};

use crate::{Handle, Timestamp};

/// Somebody to block: the body of `POST /v3/blocked_handles`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewBlockedHandle {
    /// Phone number, email address, short code or alphanumeric sender.
    pub handle: Handle,
    /// Why, in your own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl NewBlockedHandle {
    /// Blocks this person.
    pub fn new(handle: impl Into<Handle>) -> Self {
        Self { handle: handle.into(), reason: None }
    }

    setters! {
        /// Notes why.
        reason: String,
    }
}

impl<H: Into<Handle>> From<H> for NewBlockedHandle {
    fn from(handle: H) -> Self {
        Self::new(handle)
    }
}

/// Somebody to unblock: the body of `DELETE /v3/blocked_handles`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UnblockHandle {
    /// The person, as in the list.
    pub handle: Handle,
}

impl UnblockHandle {
    /// Unblocks this person.
    pub fn new(handle: impl Into<Handle>) -> Self {
        Self { handle: handle.into() }
    }
}

impl<H: Into<Handle>> From<H> for UnblockHandle {
    fn from(handle: H) -> Self {
        Self::new(handle)
    }
}

/// The answer to blocking somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockedHandleBlockResponse {
    /// The new entry of the list.
    pub blocked_handle: BlockedHandleEntry,
}

/// Everybody who is blocked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockedHandleListResponse {
    /// The people, all of them: this list has no pages.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub blocked_handles: Vec<BlockedHandleEntry>,
}

/// Somebody who is blocked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockedHandleEntry {
    /// Phone number, email address, short code or alphanumeric sender.
    pub handle: Handle,
    /// When the person was blocked.
    pub blocked_at: Timestamp,
    /// Why, as it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
