use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::table::event_payloads;
use crate::json::RawJson;

/// Somebody's joining or leaving a group, as the webhooks of V2 carry it.
///
/// The service names these events and does not describe their fields: here they are, as they came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct ParticipantEvent {
    /// Every field by its name.
    pub fields: BTreeMap<String, RawJson>,
}

event_payloads! {
    ParticipantEvent: {
        /// Somebody was added to a group.
        ParticipantAdded;
        /// Somebody was removed from a group.
        ParticipantRemoved;
    }
}
