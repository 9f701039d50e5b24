//! The line to send from next: `/v3/available_number`.

use serde::{Deserialize, Serialize};

use crate::{Handle, LineType};

/// The criteria for selecting a line: the query of `GET /v3/available_number`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AvailableNumberRetrieveParams {
    /// The recipients that the line will send to; `None` means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Vec<Handle>>,
    /// The lines not to select; `None` excludes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude_from: Option<Vec<Handle>>,
    /// The [type](LineType) of the line: the API's `type`; `None` means any.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}

impl AvailableNumberRetrieveParams {
    /// Creates criteria that every line meets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the recipients that the line will send to.
        list to: Handle,
        /// Sets the lines not to select.
        list exclude_from: Handle,
        /// Sets the type of the line.
        line_type: LineType,
    }
}

checks! {
    AvailableNumberRetrieveParams: to, exclude_from;
}

/// The line that the API selected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AvailableNumberRetrieveResponse {
    /// The phone number of the line, in E.164 form. It is not reserved.
    pub phone_number: Handle,
    /// The URL to download the contact card of the line from, as a vCard file; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcf_url: Option<String>,
}
