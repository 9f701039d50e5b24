use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// How often an item is attempted, and how long it waits in between.
///
/// The delay doubles with each failed attempt, up to a maximum, and is shortened by up to a quarter so that items that failed
/// together are not retried together. With the defaults, an item is attempted 8 times within about two minutes.
///
/// ```
/// # mod linq { pub(crate) use linq_durable as durable; }
/// use std::time::Duration;
///
/// use linq::durable::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(12).max_delay(Duration::from_secs(3600));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    first_delay: Duration,
    max_delay: Duration,
}

impl RetryPolicy {
    /// Sets how often an item is attempted before it becomes a dead letter. The default is 8; 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the delay after the first failed attempt. The default is 1 second.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// Sets the longest delay. The default is 5 minutes.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Returns `true` if an attempt with this number is one too many.
    pub(crate) fn is_used_up(&self, attempt: u32) -> bool {
        attempt > self.max_attempts
    }

    /// Returns the delay before the next attempt, or `None` if there is none.
    pub(crate) fn delay(&self, attempts: u32) -> Option<Duration> {
        let doublings = attempts.saturating_sub(1).min(31);
        let delay = self.first_delay.saturating_mul(1 << doublings).min(self.max_delay);
        (attempts < self.max_attempts).then(|| shorten(delay))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: 8, first_delay: Duration::from_secs(1), max_delay: Duration::from_secs(300) }
    }
}

/// Shortens a delay at random by up to a quarter. Every `RandomState` is another.
pub(crate) fn shorten(delay: Duration) -> Duration {
    let bits = u32::try_from(RandomState::new().hash_one(()) >> 32).unwrap_or_default();
    delay.mul_f64(1.0 - f64::from(bits) / f64::from(u32::MAX) / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_the_maximum_until_the_attempts_are_used_up() {
        let policy = RetryPolicy::default().max_attempts(12);
        for (attempts, seconds) in [(1, 1), (2, 2), (3, 4), (8, 128), (9, 256), (10, 300), (11, 300)] {
            let longest = Duration::from_secs(seconds);
            for _ in 0..100 {
                let delay = policy.delay(attempts).unwrap();
                assert!(longest.mul_f64(0.75) <= delay && delay <= longest, "{attempts}: {delay:?}");
            }
        }
        assert_eq!(policy.delay(12), None);
        assert_eq!(policy.delay(u32::MAX), None);
        assert_eq!(RetryPolicy::default().delay(8), None);
        assert!(RetryPolicy::default().max_attempts(0).delay(1).is_none());
    }

    #[test]
    fn no_setting_overflows() {
        let policy =
            RetryPolicy::default().max_attempts(u32::MAX).first_delay(Duration::MAX).max_delay(Duration::MAX);
        for attempts in [0, 1, 2, 40, u32::MAX - 1] {
            assert!(policy.delay(attempts).unwrap() >= Duration::MAX / 2, "{attempts}");
        }
    }
}
