//! Blocked handles, whose messages the API drops: `/v3/blocked_handles`.

use serde::{Deserialize, Serialize};

use crate::{Handle, Timestamp};

/// A handle to block: the body of `POST /v3/blocked_handles`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewBlockedHandle {
    /// The phone number, email address, short code or alphanumeric sender.
    pub handle: Handle,
    /// The reason, in your own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl NewBlockedHandle {
    /// Creates the body that blocks this handle.
    pub fn new(handle: impl Into<Handle>) -> Self {
        Self { handle: handle.into(), reason: None }
    }

    setters! {
        /// Sets the reason.
        reason: String,
    }
}

impl<H: Into<Handle>> From<H> for NewBlockedHandle {
    fn from(handle: H) -> Self {
        Self::new(handle)
    }
}

/// A handle to unblock: the body of `DELETE /v3/blocked_handles`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnblockHandle {
    /// The handle, as in the list of blocked handles.
    pub handle: Handle,
}

impl UnblockHandle {
    /// Creates the body that unblocks this handle.
    pub fn new(handle: impl Into<Handle>) -> Self {
        Self { handle: handle.into() }
    }
}

impl<H: Into<Handle>> From<H> for UnblockHandle {
    fn from(handle: H) -> Self {
        Self::new(handle)
    }
}

/// The response to blocking a handle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockedHandleBlockResponse {
    /// The new [entry](BlockedHandleEntry) of the list.
    pub blocked_handle: BlockedHandleEntry,
}

/// The response to listing blocked handles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockedHandleListResponse {
    /// The [blocked handles](BlockedHandleEntry). The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub blocked_handles: Vec<BlockedHandleEntry>,
}

/// A blocked handle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockedHandleEntry {
    /// The phone number, email address, short code or alphanumeric sender.
    pub handle: Handle,
    /// When the handle was blocked; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_at: Option<Timestamp>,
    /// The reason that was given; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
