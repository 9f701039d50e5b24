use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How likely a chat is to get messages through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HealthStatus {
    /// The verdict.
    #[serde(deserialize_with = "HealthStatusKind::ignoring_case")]
    pub status: HealthStatusKind,
    /// A page of Linq's documentation about this verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_url: Option<String>,
    /// When the verdict last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

open_enum! {
    /// The verdict on a chat's or a line's health. Read without regard to case: the service has sent both.
    pub enum HealthStatusKind {
        /// Nothing to worry about.
        Healthy = "HEALTHY",
        /// People answer little or complain; slow down.
        AtRisk = "AT_RISK",
        /// Sending is about to be stopped, or is.
        Critical = "CRITICAL",
        /// The person asked for no more messages here.
        OptedOut = "OPTED_OUT",
    }
}

impl HealthStatusKind {
    pub(crate) fn ignoring_case<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer).map(Self::in_upper_case)
    }

    /// The same for a verdict that can be missing.
    pub(crate) fn given_ignoring_case<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(Option::deserialize(deserializer)?.map(Self::in_upper_case))
    }

    fn in_upper_case(self) -> Self {
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
    fn the_verdict_is_read_without_regard_to_case() {
        for (text, kind) in [("HEALTHY", HealthStatusKind::Healthy), ("at_risk", HealthStatusKind::AtRisk)] {
            let health: HealthStatus = serde_json::from_value(serde_json::json!({ "status": text })).unwrap();
            assert_eq!(health.status, kind);
        }
    }
}
