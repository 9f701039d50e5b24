use std::time::Duration;

/// How many of something are allowed in any period: at most a number in every window of a duration, wherever it begins.
///
/// A rate allows a burst at once, and then one in each [`interval`](Self::interval). It is kept by the generic cell rate
/// algorithm (GCRA), for which one time is stored: the theoretical arrival time.
///
/// ```
/// use std::time::Duration;
///
/// use linq_types::Rate;
///
/// let rate = Rate::new(30, Duration::from_secs(60));
/// assert_eq!(rate.burst_size(), 10);
/// assert_eq!(rate.interval(), Duration::from_secs(3));
///
/// let now = Duration::from_secs(1_000);
/// let next = rate.check(None, now).unwrap();
/// assert!(rate.check(Some(next), now).is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    count: u32,
    per: Duration,
    burst: u32,
}

impl Rate {
    /// Creates a rate that allows at most `count` in any window of the duration `per`, a third of them at once. A count of 0
    /// counts as 1.
    #[must_use]
    pub const fn new(count: u32, per: Duration) -> Self {
        let count = if count == 0 { 1 } else { count };
        Self { count, per, burst: 1 }.burst(count / 3)
    }

    /// Sets how many are allowed at once, from 1 to the count. The rest of the window's count follows in equal intervals.
    #[must_use]
    pub const fn burst(self, burst: u32) -> Self {
        let burst = if burst == 0 { 1 } else { burst };
        let burst = if burst > self.count { self.count } else { burst };
        Self { burst, ..self }
    }

    /// Returns how many are allowed at once.
    #[must_use]
    pub const fn burst_size(self) -> u32 {
        self.burst
    }

    /// Returns how long it takes until one more is allowed.
    #[must_use]
    pub const fn interval(self) -> Duration {
        let micros = self.per.as_micros();
        // Rounded up, and without any left longer than the window, so that no window has one too many.
        let interval = match (self.count - self.burst) as u128 {
            0 => micros.saturating_add(1),
            rest => micros.div_ceil(rest),
        };
        Duration::from_micros(if interval > u64::MAX as u128 { u64::MAX } else { interval as u64 })
    }

    /// Returns how far ahead of the time the theoretical arrival time may be: the intervals of a burst but for one.
    #[must_use]
    pub const fn tolerance(self) -> Duration {
        self.interval().saturating_mul(self.burst - 1)
    }

    /// Takes one at the time `now`, if it is allowed, and returns the theoretical arrival time to store. `stored` is that of
    /// the last time. Both are durations since any epoch.
    ///
    /// # Errors
    ///
    /// Returns how long it takes until one is allowed. Nothing changes.
    pub fn check(self, stored: Option<Duration>, now: Duration) -> Result<Duration, Duration> {
        let arrival = stored.unwrap_or_default().max(now);
        let wait = arrival.saturating_sub(now.saturating_add(self.tolerance()));
        if wait.is_zero() { Ok(arrival.saturating_add(self.interval())) } else { Err(wait) }
    }
}

/// A limit that something has to keep to, such as the rate of the messages in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PaceLimit {
    /// What is counted: all that have the same key.
    pub key: String,
    /// How many are allowed.
    pub rate: Rate,
}

impl PaceLimit {
    /// Creates a limit.
    pub fn new(key: impl Into<String>, rate: Rate) -> Self {
        Self { key: key.into(), rate }
    }
}
