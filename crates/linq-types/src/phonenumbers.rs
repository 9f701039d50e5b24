//! Your lines as the API listed them at first: `/v3/phonenumbers`.
//!
//! Use [`phone_numbers`](crate::phone_numbers).

use serde::{Deserialize, Serialize};

use crate::{Handle, PhoneNumberId};

/// Your lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhonenumberListResponse {
    /// The lines, all of them: this list has no pages.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub phone_numbers: Vec<Phonenumber>,
}

/// One of your lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Phonenumber {
    /// The line's id.
    pub id: PhoneNumberId,
    /// The line's number, in E.164 form.
    pub phone_number: Handle,
    /// What the number can carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<PhonenumberCapabilities>,
    /// Always `None`, for the service has stopped filling it.
    #[deprecated(note = "use the country code of `phone_number`: the service no longer fills this field")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Always `None`, for the service has stopped filling it.
    #[deprecated(
        note = "use `phone_numbers::PhoneNumber::line_type`: the service no longer fills this field"
    )]
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What a number can carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhonenumberCapabilities {
    /// Text messages.
    pub sms: bool,
    /// Messages with pictures.
    pub mms: bool,
    /// Calls.
    pub voice: bool,
}
