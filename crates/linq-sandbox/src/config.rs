use std::{collections::HashSet, fmt, ops::RangeInclusive, str::FromStr, time::Duration};

use linq_types::{Handle, experiences::Experience};

use crate::{
    assumptions::Assumptions,
    check, duration,
    faults::{Fault, Faults},
    hosts::Hosts,
    page_token::PageToken,
    target::AllowedTargets,
};

const RETRY_FACTORS: RangeInclusive<f64> = 0.0..=1_000.0;
const TIMEOUTS: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(3_600);
const CONCURRENT_DELIVERIES: RangeInclusive<usize> = 1..=1_000;

/// The settings of a running sandbox.
pub(crate) struct Config {
    pub(crate) api_key: String,
    pub(crate) page_token: PageToken,
    pub(crate) phone_numbers: Vec<Handle>,
    pub(crate) seed: u64,
    pub(crate) delays: Delays,
    pub(crate) webhook_retry_factor: f64,
    pub(crate) webhook_timeout: Duration,
    pub(crate) assumptions: Assumptions,
    pub(crate) sandbox_tier: bool,
    pub(crate) experiences: Vec<Experience>,
    pub(crate) max_concurrent_deliveries: usize,
    pub(crate) faults: Vec<Fault>,
    pub(crate) request_timeout: Duration,
    pub(crate) allowed_targets: AllowedTargets,
    pub(crate) hosts: Hosts,
    pub(crate) relay_frames: RelayFrames,
    pub(crate) sign_with_wall_time: bool,
}

impl Config {
    /// Returns the reason if a setting is out of bounds.
    pub(crate) fn check(&self) -> Result<(), String> {
        let require = |holds: bool, reason: &str| if holds { Ok(()) } else { Err(reason.to_owned()) };
        for number in &self.phone_numbers {
            check::phone_number("phone_number", number).map_err(|error| error.to_string())?;
        }
        let distinct: HashSet<_> = self.phone_numbers.iter().collect();
        require(distinct.len() == self.phone_numbers.len(), "`phone_number`: each line must have its own")?;
        require(
            !self.api_key.is_empty() && self.api_key.bytes().all(|byte| byte.is_ascii_graphic()),
            "`api_key` must have visible ASCII characters only, and at least one",
        )?;
        require(
            RETRY_FACTORS.contains(&self.webhook_retry_factor),
            "`webhook_retry_factor` must be from 0 to 1,000",
        )?;
        for (name, timeout) in
            [("webhook_timeout", self.webhook_timeout), ("request_timeout", self.request_timeout)]
        {
            require(TIMEOUTS.contains(&timeout), &format!("`{name}` must be from 1 ms to 1 hour"))?;
        }
        require(
            CONCURRENT_DELIVERIES.contains(&self.max_concurrent_deliveries),
            "`max_concurrent_deliveries` must be from 1 to 1,000",
        )?;
        let status = self.assumptions.duplicate_target_status;
        require(
            status.is_client_error() || status.is_server_error(),
            "`duplicate_target_status` must be a status code of an error",
        )?;
        Faults::check(&self.faults).map_err(|error| format!("`fault`: {error}"))
    }
}

/// The format of the frames that the relay sends.
///
/// The service does not document it. Clients should accept both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RelayFrames {
    /// `{"payload": "...", "headers": {...}}`: the body of the webhook as text, and its headers. The signature verifies with
    /// the signing secret of the subscription.
    #[default]
    Signed,
    /// The body of the webhook alone, as older versions of the service sent it. It cannot be verified.
    Bare,
}

/// How long a sent message stays in each state. [`Duration::MAX`] means forever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delays {
    /// From `pending` to `sent`.
    pub sent: Duration,
    /// From `sent` to `delivered`.
    pub delivered: Duration,
    /// From `delivered` to `read`.
    pub read: Duration,
}

impl Delays {
    /// Creates delays from the three durations.
    #[must_use]
    pub const fn new(sent: Duration, delivered: Duration, read: Duration) -> Self {
        Self { sent, delivered, read }
    }

    /// Returns the pace of people: sent after 0.8 s, delivered 1.2 s later, read 4 s after that.
    #[must_use]
    pub const fn human() -> Self {
        Self::new(Duration::from_millis(800), Duration::from_millis(1_200), Duration::from_secs(4))
    }
}

/// The pace of tests: 50 ms, 50 ms and 100 ms.
impl Default for Delays {
    fn default() -> Self {
        Self::new(Duration::from_millis(50), Duration::from_millis(50), Duration::from_millis(100))
    }
}

/// `human`, `test`, or the three durations in order, such as `0.8s,1.2s,4s`. `never` is a duration, too.
impl FromStr for Delays {
    type Err = InvalidDelays;

    fn from_str(text: &str) -> Result<Self, InvalidDelays> {
        let delay = |text: &str| match text.trim() {
            "never" => Ok(Duration::MAX),
            text => duration::parse(text).ok_or(InvalidDelays),
        };
        match (text, text.split(',').collect::<Vec<_>>().as_slice()) {
            ("human", _) => Ok(Self::human()),
            ("test", _) => Ok(Self::default()),
            (_, [sent, delivered, read]) => Ok(Self::new(delay(sent)?, delay(delivered)?, delay(read)?)),
            _ => Err(InvalidDelays),
        }
    }
}

/// A text that is not [`Delays`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidDelays;

impl fmt::Display for InvalidDelays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected human, test, or the durations until a message is sent, delivered and read, such as 0.8s,1.2s,4s",
        )
    }
}

impl std::error::Error for InvalidDelays {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_a_name_or_three_durations() {
        let seconds = Duration::from_secs;
        for (text, delays) in [
            ("human", Some(Delays::human())),
            ("test", Some(Delays::default())),
            ("0.8s,1.2s,4s", Some(Delays::human())),
            ("0s, 1m, never", Some(Delays::new(seconds(0), seconds(60), Duration::MAX))),
            ("", None),
            ("never", None),
            ("1s", None),
            ("1s,2s", None),
            ("1s,2s,3s,4s", None),
            ("1,2,3", None),
            ("1s,2s,-3s", None),
            ("1s,2s,", None),
            ("Human", None),
        ] {
            assert_eq!(text.parse().ok(), delays, "{text}");
        }
    }
}
