//! Whether a phone number has iMessage: `/v2/i_message_availability`.

use serde::{Deserialize, Serialize};

use crate::Handle;

/// A phone number to check: the body of `POST /v2/i_message_availability/check`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityCheck {
    /// The phone number, in E.164 form or as a US number of ten digits.
    pub phone_number: Handle,
}

impl AvailabilityCheck {
    /// Creates a check of this phone number.
    pub fn new(phone_number: impl Into<Handle>) -> Self {
        Self { phone_number: phone_number.into() }
    }
}

impl<H: Into<Handle>> From<H> for AvailabilityCheck {
    fn from(phone_number: H) -> Self {
        Self::new(phone_number)
    }
}

/// The response to an availability check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityCheckResponse {
    /// Whether the phone number has iMessage; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<bool>,
    /// The phone number that was checked; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Handle>,
}
