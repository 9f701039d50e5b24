use serde::{Deserialize, Serialize};

use super::table::event_payloads;
use crate::{Handle, HealthStatusKind, Timestamp};

/// A line that came to your account or left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberEvent {
    /// The line's number, in E.164 form.
    pub phone_number: Handle,
    /// When it happened.
    pub changed_at: Timestamp,
}

event_payloads! {
    PhoneNumberEvent: {
        /// A line was given to your account.
        #[doc(alias = "PhoneNumberAssignedWebhookEvent")]
        PhoneNumberAssigned;
        /// A line was taken from your account.
        #[doc(alias = "PhoneNumberReleasedWebhookEvent")]
        PhoneNumberReleased;
    }
}

/// A line was flagged, or is no longer, or its reputation changed.
#[doc(alias = "PhoneNumberStatusUpdatedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberStatusUpdated {
    /// The line's number, in E.164 form.
    pub phone_number: Handle,
    /// The status before.
    pub previous_status: PhoneNumberStatus,
    /// The status now.
    pub new_status: PhoneNumberStatus,
    /// The reputation before. Events of 2026-02 have none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub previous_reputation: Option<HealthStatusKind>,
    /// The reputation now. Events of 2026-02 have none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub new_reputation: Option<HealthStatusKind>,
    /// When it changed.
    pub changed_at: Timestamp,
}

open_enum! {
    /// Whether a line can be used.
    pub enum PhoneNumberStatus {
        /// It works.
        Active = "ACTIVE",
        /// Something is held against it: messages may not get through.
        Flagged = "FLAGGED",
    }
}
