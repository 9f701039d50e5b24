//! Your lines: `/v3/phone_numbers`.

use serde::{Deserialize, Serialize};

use crate::{ChatId, Handle, HealthStatusKind, LineType, Patch, PhoneNumberId, ReputationAuditId, Timestamp};

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

/// Changes to a line: the body of `PUT /v3/phone_numbers/{phoneNumberId}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdatePhoneNumber {
    /// Where calls are forwarded to, in E.164 form. The service wants it set or cleared.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub forwarding_number: Patch<Handle>,
}

impl UpdatePhoneNumber {
    /// No changes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    patches! {
        /// Forwards calls to this number.
        forwarding_number, clear_forwarding_number: Handle,
    }
}

/// A line after the change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberUpdateResponse {
    /// The line's id.
    pub id: PhoneNumberId,
    /// The line's number, in E.164 form.
    pub phone_number: Handle,
    /// Where calls are forwarded to, in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarding_number: Option<Handle>,
}

/// An audit that was started, or that was running already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationAuditStartResponse {
    /// The audit's id, good for this line only.
    pub audit_id: ReputationAuditId,
    /// How far it has got.
    pub status: ReputationAuditStatus,
}

open_enum! {
    /// How far an audit has got.
    pub enum ReputationAuditStatus {
        /// It is running.
        Pending = "pending",
        /// The report is there.
        Complete = "complete",
        /// It has failed.
        Error = "error",
    }
}

/// An audit of a line's reputation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationAudit {
    /// The audit's id.
    pub audit_id: ReputationAuditId,
    /// How far it has got.
    pub status: ReputationAuditStatus,
    /// The line, in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Handle>,
    /// What it has found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReputationReport>,
    /// When the report was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_at: Option<Timestamp>,
    /// Why it has failed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What an audit has found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationReport {
    /// The verdict.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub severity: Option<HealthStatusKind>,
    /// The findings in words, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary_markdown: Option<String>,
    /// What weighs most, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_driver: Option<String>,
    /// What the verdict comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drivers: Option<Vec<ReputationDriver>>,
    /// The chats that show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<ReputationEvidence>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_items: Option<Vec<ReputationActionItem>>,
}

/// Something that a verdict comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationDriver {
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ReputationDriverKey>,
    /// What was measured, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// What that means, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
}

open_enum! {
    /// What a verdict on a line or a chat comes from.
    pub enum ReputationDriverKey {
        /// People answer little.
        LowEngagement = "low_engagement",
        /// Many chats are in a bad way.
        OverallConversationHealth = "overall_conversation_health",
        /// Suddenly much more was sent.
        VolumeSpike = "volume_spike",
        /// Many new chats were opened.
        NewConversationRate = "new_conversation_rate",
        /// People who opted out were written to.
        OptOutHandling = "opt_out_handling",
        /// The line is flagged.
        Flagged = "flagged",
        /// Something else.
        Other = "other",
    }
}

/// The chats that show what a verdict comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationEvidence {
    /// Chats in a bad way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unhealthy_chats: Option<Vec<ReputationUnhealthyChat>>,
    /// Chats in which the person opted out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_out_chats: Option<Vec<ReputationOptOutChat>>,
}

/// A chat in a bad way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationUnhealthyChat {
    /// The chat's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The verdict on the chat.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub status: Option<HealthStatusKind>,
    /// What it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_keys: Option<Vec<ReputationDriverKey>>,
}

/// A chat in which the person opted out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationOptOutChat {
    /// The chat's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// How many messages were sent all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_after_stop: Option<u64>,
}

/// Something to do about a line's reputation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReputationActionItem {
    /// What to do, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What to do, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How urgent it is: a rank that the service gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// How much it helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_impact: Option<ReputationImpact>,
}

open_enum! {
    /// How much something helps.
    pub enum ReputationImpact {
        /// Much.
        High = "high",
        /// Somewhat.
        Medium = "medium",
        /// Little.
        Low = "low",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_of_a_report_is_read_without_regard_to_case_and_can_be_missing() {
        for (json, severity) in [
            (r#"{"severity":"at_risk"}"#, Some(HealthStatusKind::AtRisk)),
            (r#"{"severity":null}"#, None),
            ("{}", None),
        ] {
            assert_eq!(serde_json::from_str::<ReputationReport>(json).unwrap().severity, severity);
        }
    }
}
