use std::time::Duration;

use linq_types::{Handle, experiences::Experience};

use crate::{assumptions::Assumptions, faults::Fault};

/// The settings of a running sandbox.
pub(crate) struct Config {
    pub(crate) api_key: String,
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
}

/// How long a sent message stays in each state.
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
