//! Whether somebody can be reached by a service: `/v3/capability`.

use serde::{Deserialize, Serialize};

use crate::Handle;

/// Whom to check: the body of `POST /v3/capability/check_imessage` and `POST /v3/capability/check_rcs`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HandleCheck {
    /// The person: a phone number in E.164 form; for iMessage also an email address.
    pub address: Handle,
    /// The line to check from; without it the service chooses one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
}

impl HandleCheck {
    /// Checks this person.
    pub fn new(address: impl Into<Handle>) -> Self {
        Self { address: address.into(), from: None }
    }

    /// Checks from this line of yours.
    #[must_use]
    pub fn from_line(mut self, line: impl Into<Handle>) -> Self {
        self.from = Some(line.into());
        self
    }
}

impl<H: Into<Handle>> From<H> for HandleCheck {
    fn from(address: H) -> Self {
        Self::new(address)
    }
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HandleCheckResponse {
    /// The person that was checked.
    pub address: Handle,
    /// Whether the service reaches them.
    pub available: bool,
    /// Why it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HandleCheckReason>,
    /// The service that a message would take, in the service's own words: the values are not fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected_service: Option<String>,
}

open_enum! {
    /// Why a service does not reach somebody.
    pub enum HandleCheckReason {
        /// The person does not have the service.
        NotSupported = "not_supported",
    }
}
