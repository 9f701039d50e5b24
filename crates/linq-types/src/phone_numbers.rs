//! Your lines: `/v3/phone_numbers`.

use serde::{Deserialize, Serialize};

use crate::{Handle, HealthStatusKind, LineType, PhoneNumberId};

/// Your lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberListResponse {
    /// The lines, all of them: this list has no pages.
    pub phone_numbers: Vec<PhoneNumber>,
}

/// One of your lines.
#[doc(alias = "PhoneNumberListResponsePhoneNumber")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumber {
    /// The line's id.
    pub id: PhoneNumberId,
    /// The line's number, in E.164 form.
    pub phone_number: Handle,
    /// How the line stands with carriers and Apple. Answers of 2026-02 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reputation: Option<Reputation>,
    /// Where calls are forwarded to, in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarding_number: Option<Handle>,
    /// What the line was set up for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}

/// How a line stands.
#[doc(alias = "PhoneNumberListResponsePhoneNumberReputation")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reputation {
    /// The verdict.
    #[serde(deserialize_with = "HealthStatusKind::ignoring_case")]
    pub status: HealthStatusKind,
    /// A page of Linq's documentation about this verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_url: Option<String>,
}
