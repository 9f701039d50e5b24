use std::time::Duration;

/// A limit of events: at most a number of them in any period of a length.
///
/// It is the generic cell rate algorithm (GCRA), which needs one timestamp for everything that is limited together: the
/// theoretical arrival time (TAT). Up to [`burst_size`](Self::burst_size) events can happen at once after a quiet period; from
/// then on one can happen in each [`interval`](Self::interval). The two are chosen so that no period of the length has more
/// events than allowed, wherever it begins, its first and last microsecond included.
///
/// It has no clock: times are durations since a moment of your choice, such as the Unix epoch.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use std::time::Duration;
///
/// use linq::types::Rate;
///
/// let rate = Rate::new(30, Duration::from_secs(60));
/// assert_eq!((rate.burst_size(), rate.interval()), (10, Duration::from_secs(3)));
///
/// let now = Duration::from_secs(1_800_000_000);
/// let mut tat = None;
/// for _ in 0..10 {
///     tat = Some(rate.check(tat, now).expect("the burst is allowed"));
/// }
/// assert_eq!(rate.check(tat, now), Err(Duration::from_secs(3)));
/// assert!(rate.check(tat, now + Duration::from_secs(3)).is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    count: u32,
    per: Duration,
    burst: u32,
    interval: Duration,
}

impl Rate {
    /// Allows at most `count` events in any period of the length `per`, a third of them at once.
    ///
    /// Times are in microseconds; fractions of them in `per` count as whole ones. One event is always allowed: a `count` of 0
    /// counts as 1.
    #[must_use]
    pub const fn new(count: u32, per: Duration) -> Self {
        let count = if count == 0 { 1 } else { count };
        Self::with_burst(count, per, count / 3)
    }

    /// Allows this many events at once, from 1 up to the whole count. The larger the burst, the longer the interval after it.
    #[must_use]
    pub const fn burst(self, burst: u32) -> Self {
        Self::with_burst(self.count, self.per, burst)
    }

    const fn with_burst(count: u32, per: Duration, burst: u32) -> Self {
        let burst = match burst {
            0 => 1,
            burst if burst > count => count,
            burst => burst,
        };
        // After a burst, the event that would be one too many comes `count - burst + 1` intervals later, which must be
        // longer than the period.
        let period = per.as_nanos().div_ceil(1_000);
        let interval = match count - burst {
            0 => period + 1,
            rest => {
                let interval = period.div_ceil(rest as u128);
                if interval == 0 { 1 } else { interval }
            }
        };
        Self { count, per, burst, interval: duration(interval) }
    }

    /// Returns how many events can happen at once after a quiet period.
    #[must_use]
    pub const fn burst_size(&self) -> u32 {
        self.burst
    }

    /// Returns the time from one event to the next after a burst.
    #[must_use]
    pub const fn interval(&self) -> Duration {
        self.interval
    }

    /// Returns how far the TAT may be ahead of the time of an event: the intervals of the rest of a burst.
    #[must_use]
    pub const fn tolerance(&self) -> Duration {
        self.interval.saturating_mul(self.burst - 1)
    }

    /// Checks whether an event is allowed `now`, and returns the new TAT if it is. `tat` is that of the event before; `None` if
    /// there was none. Once a TAT has passed, it has no effect any more and can be forgotten.
    ///
    /// A `tat` that is further ahead than two bursts comes from another rate, or from a clock that was set back. The event is
    /// then allowed, as the last one of a burst, so that nothing waits for the old time.
    ///
    /// # Errors
    ///
    /// Returns an error if the event is not allowed yet: how long to wait until it is, unless other events come first.
    pub const fn check(&self, tat: Option<Duration>, now: Duration) -> Result<Duration, Duration> {
        let (now, interval) = (now.as_micros(), self.interval.as_micros());
        let burst = self.burst as u128 * interval;
        let full = now + burst;
        let tat = match tat {
            Some(tat) if tat.as_micros() > full + burst => full - interval,
            Some(tat) if tat.as_micros() > now => tat.as_micros(),
            _ => now,
        };
        match (tat + interval).checked_sub(full) {
            None | Some(0) => Ok(duration(tat + interval)),
            Some(wait) => Err(duration(wait)),
        }
    }
}

/// The duration of this many microseconds, or the longest that there is.
const fn duration(micros: u128) -> Duration {
    const MICROS: u128 = 1_000_000;
    let seconds = micros / MICROS;
    if seconds > u64::MAX as u128 {
        return Duration::MAX;
    }
    Duration::new(seconds as u64, (micros % MICROS) as u32 * 1_000)
}

/// A limit that a send has to ask for: the [`Rate`] of everything that has the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaceLimit {
    /// What is limited, such as a chat or a line. A store keeps one TAT for each key.
    pub key: String,
    /// How many events are allowed.
    pub rate: Rate,
}

impl PaceLimit {
    /// Creates the limit of everything that has this key.
    pub fn new(key: impl Into<String>, rate: Rate) -> Self {
        Self { key: key.into(), rate }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The times of the events that are allowed if one is tried at each of these times.
    fn allowed(rate: Rate, tries: impl IntoIterator<Item = Duration>) -> Vec<Duration> {
        let mut tat = None;
        let mut times = Vec::new();
        for now in tries {
            if let Ok(next) = rate.check(tat, now) {
                tat = Some(next);
                times.push(now);
            }
        }
        times
    }

    /// The most events in any closed period of this length.
    fn most_in(times: &[Duration], per: Duration) -> usize {
        let ends = times
            .iter()
            .enumerate()
            .map(|(first, start)| times[first..].iter().take_while(|time| **time - *start <= per).count());
        ends.max().unwrap_or_default()
    }

    #[test]
    fn the_burst_is_a_third_unless_set_and_the_interval_follows() {
        for (count, per, burst, expected) in [
            (30, SECOND * 60, None, (10, 3_000_000)),
            (30, SECOND * 60, Some(0), (1, 2_068_966)),
            (30, SECOND * 60, Some(20), (20, 6_000_000)),
            (30, SECOND * 60, Some(31), (30, 60_000_001)),
            (2, SECOND * 60, None, (1, 60_000_000)),
            (1, SECOND * 60, None, (1, 60_000_001)),
            (0, SECOND * 60, None, (1, 60_000_001)),
            (3, Duration::ZERO, None, (1, 1)),
            (3, Duration::from_nanos(1), None, (1, 1)),
            (1, Duration::from_nanos(1), None, (1, 2)),
        ] {
            let rate = Rate::new(count, per);
            let rate = burst.map_or(rate, |burst| rate.burst(burst));
            assert_eq!((rate.burst_size(), rate.interval().as_micros()), expected, "{rate:?}");
        }
    }

    /// Every rate and burst of small numbers, tried in each microsecond more often than it can allow.
    #[test]
    fn no_period_has_more_events_than_allowed_and_the_fullest_has_all_of_them() {
        for count in 1..8 {
            for burst in 1..=count {
                for per in 0..40 {
                    let per = Duration::from_micros(per);
                    let rate = Rate::new(count, per).burst(burst);
                    let tries = (0..200).flat_map(|at| [Duration::from_micros(at); 8]);
                    let most = most_in(&allowed(rate, tries), per);
                    assert!(most <= count as usize, "{most}: {rate:?}");
                    if per.as_micros().is_multiple_of(u128::from((count - burst).max(1))) && !per.is_zero() {
                        assert_eq!(most, count as usize, "{rate:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_wait_is_exact() {
        let rate = Rate::new(6, SECOND * 8).burst(2);
        let mut tat = None;
        for (now, expected) in
            [(0, Ok(2)), (0, Ok(4)), (0, Err(2)), (1, Err(1)), (2, Ok(6)), (3, Err(1)), (9, Ok(11))]
        {
            let checked = rate.check(tat, SECOND * now);
            assert_eq!(checked, expected.map(|at| SECOND * at).map_err(|wait| SECOND * wait), "{now}");
            tat = checked.ok().or(tat);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_wait_for_the_old_time() {
        let rate = Rate::new(30, SECOND * 60);
        for (tat, expected) in [
            (30, Err(SECOND * 3)),
            (31, Err(SECOND * 4)),
            (60, Err(SECOND * 33)),
            (61, Ok(SECOND * 30)),
            (1_000_000, Ok(SECOND * 30)),
        ] {
            assert_eq!(rate.check(Some(SECOND * tat), Duration::ZERO), expected, "{tat}");
        }
        assert_eq!(rate.check(Some(Duration::MAX), SECOND), Ok(SECOND * 31));
    }

    #[test]
    fn the_longest_durations_do_not_overflow() {
        for rate in [Rate::new(u32::MAX, Duration::MAX).burst(u32::MAX), Rate::new(1, Duration::MAX)] {
            assert_eq!(rate.interval(), Duration::MAX);
            let tat = rate.check(None, SECOND);
            assert_eq!(tat, Ok(Duration::MAX));
            assert_eq!(rate.check(tat.ok(), Duration::MAX), Ok(Duration::MAX));
        }
        assert_eq!(
            Rate::new(1, Duration::MAX).check(Some(Duration::MAX), SECOND),
            Err(Duration::new(u64::MAX - 1, 999_999_000))
        );
    }

    proptest! {
        #[test]
        fn no_period_has_more_events_than_allowed(
            count in 1_u32..40,
            burst in 0_u32..50,
            per in 0_u64..5_000_000_000,
            steps in prop::collection::vec((0_u64..2_000_000_000, 1_usize..50), 1..60),
        ) {
            let per = Duration::from_nanos(per);
            let rate = if burst == 0 { Rate::new(count, per) } else { Rate::new(count, per).burst(burst) };
            let mut now = Duration::ZERO;
            let tries = steps.into_iter().flat_map(|(step, tries)| {
                now += Duration::from_nanos(step);
                vec![now; tries]
            });
            let times = allowed(rate, tries);
            prop_assert!(most_in(&times, per) <= count as usize);
        }

        #[test]
        fn after_the_wait_the_event_is_allowed(
            count in 1_u32..40,
            per in 0_u64..5_000_000,
            tat in 0_u64..20_000_000,
            now in 0_u64..10_000_000,
        ) {
            let rate = Rate::new(count, Duration::from_micros(per));
            let (tat, now) = (Some(Duration::from_micros(tat)), Duration::from_micros(now));
            if let Err(wait) = rate.check(tat, now) {
                prop_assert!(!wait.is_zero() && wait <= rate.interval() * (rate.burst_size() + 1));
                prop_assert!(rate.check(tat, now + wait).is_ok());
            }
        }
    }
}
