//! The line to write from next: `/v3/available_number`.

use serde::{Deserialize, Serialize};

use crate::{Handle, LineType};

/// What to choose a line by: the query of `GET /v3/available_number`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AvailableNumberRetrieveParams {
    /// Whom you are going to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Vec<Handle>>,
    /// Lines not to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude_from: Option<Vec<Handle>>,
    /// What the line must be set up for: the API's `type`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}

impl AvailableNumberRetrieveParams {
    /// Any line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses a line for writing to these people.
    #[must_use]
    pub fn to<H: Into<Handle>>(mut self, to: impl IntoIterator<Item = H>) -> Self {
        self.to = Some(to.into_iter().map(Into::into).collect());
        self
    }

    /// Leaves these lines out.
    #[must_use]
    pub fn exclude_from<H: Into<Handle>>(mut self, lines: impl IntoIterator<Item = H>) -> Self {
        self.exclude_from = Some(lines.into_iter().map(Into::into).collect());
        self
    }

    setters! {
        /// Chooses a line that is set up for this.
        line_type: LineType,
    }
}

/// The line that the service suggests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AvailableNumberRetrieveResponse {
    /// The line's number, in E.164 form. It is not reserved.
    pub phone_number: Handle,
    /// Where the line's contact card can be downloaded, as a vCard file.
    pub vcf_url: String,
}
