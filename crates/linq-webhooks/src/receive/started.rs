use std::time::Duration;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use std::time::Instant;

use linq_types::Timestamp;

/// When something started, to be measured from there. On targets without a clock, no time passes.
pub(super) struct Started {
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    at: Instant,
}

impl Started {
    #[expect(clippy::disallowed_methods, reason = "a dropped future has nobody to ask for the time")]
    pub(super) fn now() -> Self {
        Self {
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            at: Instant::now(),
        }
    }

    /// Returns `time`, plus the time since the start, plus `more`.
    pub(super) fn time_after(&self, time: Timestamp, more: Duration) -> Timestamp {
        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        let passed = self.at.elapsed();
        #[cfg(all(target_family = "wasm", target_os = "unknown"))]
        let passed = Duration::ZERO;
        let later =
            Duration::from_nanos(time.subsec_nanoseconds().into()) + passed.saturating_add(more).min(LONGEST);
        let seconds = i64::try_from(later.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_unix(time.unix_seconds().saturating_add(seconds), later.subsec_nanos())
            .unwrap_or(time)
    }
}

/// Longer than the API delivers an event.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
