//! Your lines: `/v2/phone_numbers`.

use serde::{Deserialize, Serialize};

use super::Id;
use crate::Handle;

/// The response to listing your lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberListResponse {
    /// The [lines](PhoneNumber) of the account. The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub phone_numbers: Vec<PhoneNumber>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumber {
    /// The id of the line, not its number; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The number of the line.
    pub phone_number: Handle,
    /// The number that calls are forwarded to; `None` if they are not forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarding_number: Option<Handle>,
    /// The response rate, whose unit the reference states in two ways; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_rate: Option<f64>,
}
