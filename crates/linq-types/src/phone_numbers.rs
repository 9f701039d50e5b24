//! Lines: `/v3/phone_numbers`.

use serde::{Deserialize, Serialize};

use crate::{ChatId, Handle, HealthStatusKind, LineType, Patch, PhoneNumberId, ReputationAuditId, Timestamp};

/// The response to listing lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberListResponse {
    /// The [lines](PhoneNumber) of the account. The list is complete: it has no pages.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub phone_numbers: Vec<PhoneNumber>,
}

/// A line: one of your phone numbers.
#[doc(alias = "PhoneNumberListResponsePhoneNumber")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumber {
    /// The id of the line.
    pub id: PhoneNumberId,
    /// The phone number, in E.164 form.
    pub phone_number: Handle,
    /// The [reputation](Reputation) with carriers and Apple; `None` in responses of early 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reputation: Option<Reputation>,
    /// The phone number that calls are forwarded to, in E.164 form; `None` if they are not forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarding_number: Option<Handle>,
    /// The [type](LineType) of the line; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_type: Option<LineType>,
}

/// The reputation of a line with carriers and Apple.
#[doc(alias = "PhoneNumberListResponsePhoneNumberReputation")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reputation {
    /// The [status](HealthStatusKind).
    #[serde(deserialize_with = "HealthStatusKind::ignoring_case")]
    pub status: HealthStatusKind,
    /// The URL of the documentation of the status; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_url: Option<String>,
}

/// Changes to a line: the body of `PUT /v3/phone_numbers/{phoneNumberId}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpdatePhoneNumber {
    /// The phone number to forward calls to, in E.164 form. The API requires it to be set or cleared.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub forwarding_number: Patch<Handle>,
}

impl UpdatePhoneNumber {
    /// Creates an update without changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    patches! {
        /// Sets the phone number to forward calls to.
        forwarding_number, clear_forwarding_number: Handle,
    }
}

checks! {
    UpdatePhoneNumber: forwarding_number;
}

/// The response to changing a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberUpdateResponse {
    /// The id of the line.
    pub id: PhoneNumberId,
    /// The phone number, in E.164 form.
    pub phone_number: Handle,
    /// The phone number that calls are forwarded to, in E.164 form; `None` if they are not forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarding_number: Option<Handle>,
}

/// The response to starting a reputation audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationAuditStartResponse {
    /// The id of the audit, started now or already running. It is valid for this line only.
    pub audit_id: ReputationAuditId,
    /// The [status](ReputationAuditStatus); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ReputationAuditStatus>,
}

open_enum! {
    /// The status of a reputation audit.
    pub enum ReputationAuditStatus {
        /// The audit is running.
        Pending = "pending",
        /// The report is available.
        Complete = "complete",
        /// The audit failed.
        Error = "error",
    }
}

/// A reputation audit of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationAudit {
    /// The id of the audit.
    pub audit_id: ReputationAuditId,
    /// The [status](ReputationAuditStatus); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ReputationAuditStatus>,
    /// The phone number of the line, in E.164 form; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Handle>,
    /// The [report](ReputationReport); `None` until the audit is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReputationReport>,
    /// When the report was generated; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_at: Option<Timestamp>,
    /// Why the audit failed, human-readable; `None` if it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The report of a reputation audit. A field is `None` or empty if the report does not have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationReport {
    /// The [status](HealthStatusKind).
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub severity: Option<HealthStatusKind>,
    /// The human-readable summary, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary_markdown: Option<String>,
    /// The most important cause, human-readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_driver: Option<String>,
    /// The [causes](ReputationDriver) of the status.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub drivers: Vec<ReputationDriver>,
    /// The [chats](ReputationEvidence) that support the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<ReputationEvidence>,
    /// The recommended [actions](ReputationActionItem).
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub action_items: Vec<ReputationActionItem>,
}

/// A cause of a reputation status. A field is `None` if the report does not have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationDriver {
    /// The [kind](ReputationDriverKey) of the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ReputationDriverKey>,
    /// The metric, human-readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The explanation, human-readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
}

open_enum! {
    /// The kind of a cause of the status of a line or a chat.
    pub enum ReputationDriverKey {
        /// Recipients rarely reply.
        LowEngagement = "low_engagement",
        /// Many chats are unhealthy.
        OverallConversationHealth = "overall_conversation_health",
        /// The number of messages sent rose suddenly.
        VolumeSpike = "volume_spike",
        /// Many chats were created.
        NewConversationRate = "new_conversation_rate",
        /// Messages were sent to recipients who opted out.
        OptOutHandling = "opt_out_handling",
        /// The line is flagged.
        Flagged = "flagged",
        /// Another cause.
        Other = "other",
    }
}

/// The chats that support a reputation report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationEvidence {
    /// The [unhealthy chats](ReputationUnhealthyChat).
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub unhealthy_chats: Vec<ReputationUnhealthyChat>,
    /// The [chats whose recipient opted out](ReputationOptOutChat).
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub opt_out_chats: Vec<ReputationOptOutChat>,
}

/// An unhealthy chat. A field is `None` or empty if the report does not have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationUnhealthyChat {
    /// The id of the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The [status](HealthStatusKind) of the chat.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub status: Option<HealthStatusKind>,
    /// The [kinds](ReputationDriverKey) of the causes.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub driver_keys: Vec<ReputationDriverKey>,
}

/// A chat whose recipient opted out. A field is `None` if the report does not have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationOptOutChat {
    /// The id of the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The number of messages sent after the recipient opted out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_after_stop: Option<u64>,
}

/// A recommended action. A field is `None` if the report does not have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationActionItem {
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The full description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The priority. The scale is not documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// The expected [impact](ReputationImpact).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_impact: Option<ReputationImpact>,
}

open_enum! {
    /// The expected impact of an action.
    pub enum ReputationImpact {
        /// High.
        High = "high",
        /// Medium.
        Medium = "medium",
        /// Low.
        Low = "low",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_severity_of_a_report_is_read_case_insensitively_and_optional() {
        for (json, severity) in [
            (r#"{"severity":"at_risk"}"#, Some(HealthStatusKind::AtRisk)),
            (r#"{"severity":null}"#, None),
            ("{}", None),
        ] {
            assert_eq!(serde_json::from_str::<ReputationReport>(json).unwrap().severity, severity);
        }
    }
}
