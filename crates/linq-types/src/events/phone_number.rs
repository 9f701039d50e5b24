use serde::{Deserialize, Serialize};

use super::table::event_payloads;
use crate::{Handle, HealthStatusKind, Timestamp};

/// A line that was assigned to your account or removed from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberEvent {
    /// The line, in E.164 format.
    pub phone_number: Handle,
    /// When the line was assigned or removed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

event_payloads! {
    PhoneNumberEvent: {
        /// A line was assigned to your account.
        #[doc(alias = "PhoneNumberAssignedWebhookEvent")]
        PhoneNumberAssigned;
        /// A line was removed from your account.
        #[doc(alias = "PhoneNumberReleasedWebhookEvent")]
        PhoneNumberReleased;
    }
}

/// The status or the reputation of a line changed.
#[doc(alias = "PhoneNumberStatusUpdatedWebhookEvent")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneNumberStatusUpdated {
    /// The line, in E.164 format.
    pub phone_number: Handle,
    /// The status before; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_status: Option<PhoneNumberStatus>,
    /// The status after; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_status: Option<PhoneNumberStatus>,
    /// The reputation before; `None` in events from February 2026.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub previous_reputation: Option<HealthStatusKind>,
    /// The reputation after; `None` in events from February 2026.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "HealthStatusKind::given_ignoring_case"
    )]
    pub new_reputation: Option<HealthStatusKind>,
    /// When the status changed; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

open_enum! {
    /// The status of a line.
    pub enum PhoneNumberStatus {
        /// The line works.
        Active = "ACTIVE",
        /// The line is flagged: messages may not be delivered.
        Flagged = "FLAGGED",
    }
}
