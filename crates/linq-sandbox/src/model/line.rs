use std::time::Duration;

use linq_types::{Handle, HealthStatusKind, LineType, PhoneNumberId, ReputationAuditId, error::ErrorCode};

use super::{call_limit::CallLimit, contact_card::Card};
use crate::{clock::Moment, error::ApiError, ids::Ids};

/// A line of the account.
pub(crate) struct Line {
    pub(crate) id: PhoneNumberId,
    pub(crate) phone_number: Handle,
    pub(crate) line_type: LineType,
    pub(crate) reputation: HealthStatusKind,
    pub(crate) is_flagged: bool,
    pub(crate) forwarding_number: Option<Handle>,
    pub(crate) fault: Option<LineFault>,
    pub(crate) card: Option<Card>,
    pub(crate) card_calls: CallLimit,
    pub(crate) audit: Option<Audit>,
}

impl Line {
    pub(crate) fn new(ids: &mut Ids, phone_number: Handle) -> Self {
        Self {
            id: ids.uuid().into(),
            phone_number,
            line_type: LineType::IMessage,
            reputation: HealthStatusKind::Healthy,
            is_flagged: false,
            forwarding_number: None,
            fault: None,
            card: None,
            card_calls: CallLimit::new(3, Duration::from_secs(10 * 60)),
            audit: None,
        }
    }

    pub(crate) fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// Returns `true` if the line may send.
    pub(crate) fn can_send(&self) -> bool {
        !self.is_flagged && self.reputation != HealthStatusKind::Critical
    }
}

/// The flag and the reputation of a line.
#[derive(Clone, PartialEq)]
pub(crate) struct Standing {
    pub(crate) is_flagged: bool,
    pub(crate) reputation: HealthStatusKind,
}

impl Standing {
    pub(crate) fn of(line: &Line) -> Self {
        Self { is_flagged: line.is_flagged, reputation: line.reputation.clone() }
    }
}

/// A reputation audit. It takes 30 seconds, and the next one can start an hour after its end.
#[derive(Debug, Clone)]
pub(crate) struct Audit {
    pub(crate) id: ReputationAuditId,
    pub(crate) completes_at: Moment,
}

impl Audit {
    /// Returns when it was completed; `None` if it is running.
    pub(crate) fn completed_at(&self, now: Moment) -> Option<Moment> {
        Some(self.completes_at).filter(|completed| *completed <= now)
    }
}

/// The reason why RCS cannot be checked from a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineFault {
    /// RCS is disabled for the line: 503, [`SERVICE_UNAVAILABLE`](ErrorCode::SERVICE_UNAVAILABLE).
    RcsOff,
    /// The line has no RCS account: 503, [`RCS_NOT_CONFIGURED`](ErrorCode::RCS_NOT_CONFIGURED).
    NoRcsAccount,
    /// The check itself fails: 503, [`RCS_CHECK_FAILED`](ErrorCode::RCS_CHECK_FAILED).
    CheckFails,
}

impl LineFault {
    pub(crate) const ALL: [Self; 3] = [Self::RcsOff, Self::NoRcsAccount, Self::CheckFails];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::RcsOff => "rcs_off",
            Self::NoRcsAccount => "no_rcs_account",
            Self::CheckFails => "check_fails",
        }
    }

    pub(crate) fn error(self) -> ApiError {
        let code = match self {
            Self::RcsOff => ErrorCode::SERVICE_UNAVAILABLE,
            Self::NoRcsAccount => ErrorCode::RCS_NOT_CONFIGURED,
            Self::CheckFails => ErrorCode::RCS_CHECK_FAILED,
        };
        ApiError::new(code, code.meaning().unwrap_or("RCS could not be checked"))
    }
}
