//! Lines, in the deprecated format: `/v3/phonenumbers`.
//!
//! Use [`phone_numbers`](crate::phone_numbers) instead.

use serde::{Deserialize, Serialize};

use crate::{Handle, PhoneNumberId};

/// The response to listing lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhonenumberListResponse {
    /// The [lines](Phonenumber) of the account. The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub phone_numbers: Vec<Phonenumber>,
}

/// A line, in the deprecated format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Phonenumber {
    /// The id of the line.
    pub id: PhoneNumberId,
    /// The phone number, in E.164 form.
    pub phone_number: Handle,
    /// The [capabilities](PhonenumberCapabilities) of the line; `None` if the API does not report them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<PhonenumberCapabilities>,
    /// Always `None`: the API no longer sends it.
    #[deprecated(note = "use the country code of `phone_number`: the API no longer sends this field")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Always `None`: the API no longer sends it.
    #[deprecated(note = "use `phone_numbers::PhoneNumber::line_type`: the API no longer sends this field")]
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What a number can carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhonenumberCapabilities {
    /// Whether the line supports text messages; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<bool>,
    /// Whether the line supports messages with media; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mms: Option<bool>,
    /// Whether the line supports calls; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<bool>,
}
