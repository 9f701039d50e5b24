use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::table::event_payloads;
use crate::json::RawJson;

/// A change of a group chat's participants in the webhooks of V2.
///
/// The reference does not document the fields of these events, so they are untyped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct ParticipantEvent {
    /// All fields, by name.
    pub fields: BTreeMap<String, RawJson>,
}

event_payloads! {
    ParticipantEvent: {
        /// A participant was added to a group chat.
        ParticipantAdded;
        /// A participant was removed from a group chat.
        ParticipantRemoved;
    }
}
