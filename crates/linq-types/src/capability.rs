//! Whether a handle can be reached by iMessage or RCS: `/v3/capability`.

use serde::{Deserialize, Serialize};

use crate::Handle;

/// A handle to check: the body of `POST /v3/capability/check_imessage` and `POST /v3/capability/check_rcs`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HandleCheck {
    /// The phone number in E.164 form or, for iMessage only, the email address.
    pub address: Handle,
    /// The line to check from; `None` lets the API select one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
}

impl HandleCheck {
    /// Creates a check of this handle.
    pub fn new(address: impl Into<Handle>) -> Self {
        Self { address: address.into(), from: None }
    }

    /// Sets the line to check from.
    #[must_use]
    pub fn from_line(mut self, line: impl Into<Handle>) -> Self {
        self.from = Some(line.into());
        self
    }
}

checks! {
    HandleCheck: address, from;
}

impl<H: Into<Handle>> From<H> for HandleCheck {
    fn from(address: H) -> Self {
        Self::new(address)
    }
}

/// The response to a capability check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HandleCheckResponse {
    /// The checked handle.
    pub address: Handle,
    /// Whether the handle can be reached by the service; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<bool>,
    /// Why it cannot; `None` if it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HandleCheckReason>,
    /// The name of the service that a message would be sent by; `None` if the API does not report it. The values are
    /// not documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected_service: Option<String>,
}

open_enum! {
    /// The reason that a handle cannot be reached by a service.
    pub enum HandleCheckReason {
        /// The handle is not registered with the service.
        NotSupported = "not_supported",
    }
}
