use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The health of a chat: how likely messages are to be delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HealthStatus {
    /// The [status](HealthStatusKind).
    #[serde(deserialize_with = "HealthStatusKind::ignoring_case")]
    pub status: HealthStatusKind,
    /// The URL of the documentation of the status; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_url: Option<String>,
    /// When the status last changed; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

open_enum! {
    /// The health status of a chat or a line. It is read case-insensitively: the API has sent both cases.
    pub enum HealthStatusKind {
        /// The chat or line is healthy.
        Healthy = "HEALTHY",
        /// Recipients rarely reply, or complain: send less.
        AtRisk = "AT_RISK",
        /// Sending is restricted, or about to be.
        Critical = "CRITICAL",
        /// The recipient opted out of messages in this chat.
        OptedOut = "OPTED_OUT",
    }
}

impl HealthStatusKind {
    /// Reads a status case-insensitively.
    pub(crate) fn ignoring_case<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer).map(Self::normalized)
    }

    /// Reads an optional status case-insensitively.
    pub(crate) fn given_ignoring_case<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(Option::deserialize(deserializer)?.map(Self::normalized))
    }

    fn normalized(self) -> Self {
        if !matches!(self, Self::Unknown(_)) {
            return self;
        }
        let known = Self::KNOWN.iter().find(|known| known.as_str().eq_ignore_ascii_case(self.as_str()));
        known.cloned().unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_case_insensitively() {
        for (text, kind) in [("HEALTHY", HealthStatusKind::Healthy), ("at_risk", HealthStatusKind::AtRisk)] {
            let health: HealthStatus = serde_json::from_value(serde_json::json!({ "status": text })).unwrap();
            assert_eq!(health.status, kind);
        }
    }
}
