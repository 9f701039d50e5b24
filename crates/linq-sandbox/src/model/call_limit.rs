use std::{collections::VecDeque, time::Duration};

use crate::{clock::Moment, error::ApiError};

/// A rate limit: a number of calls within a sliding window.
#[derive(Debug)]
pub(crate) struct CallLimit {
    most: usize,
    within: Duration,
    calls: VecDeque<Moment>,
}

impl CallLimit {
    pub(crate) fn new(most: usize, within: Duration) -> Self {
        Self { most, within, calls: VecDeque::with_capacity(most) }
    }

    /// Counts a call, or rejects it. Rejected calls do not count.
    pub(crate) fn count(&mut self, now: Moment, what: &str) -> Result<(), ApiError> {
        while self.calls.front().is_some_and(|call| now - *call >= self.within) {
            self.calls.pop_front();
        }
        match self.calls.front() {
            Some(oldest) if self.calls.len() >= self.most => Err(ApiError::too_many(
                format!("more than {} {what} within {} seconds", self.most, self.within.as_secs()),
                *oldest + self.within - now,
            )),
            _ => {
                self.calls.push_back(now);
                Ok(())
            }
        }
    }
}

const DAY: i64 = 24 * 60 * 60;

/// What is counted on the current day, from midnight, UTC.
#[derive(Default)]
pub(crate) struct DailyCount {
    day: i64,
    count: u32,
}

impl DailyCount {
    /// Rejects what would be one too many of `what` today.
    pub(crate) fn check(&self, now: Moment, most: u32, what: &str) -> Result<(), ApiError> {
        let now = now.unix_seconds();
        if self.day == now.div_euclid(DAY) && self.count >= most {
            let wait = DAY - now.rem_euclid(DAY);
            let wait = Duration::from_secs(wait.unsigned_abs());
            return Err(ApiError::too_many(format!("more than {most} {what} today"), wait));
        }
        Ok(())
    }

    pub(crate) fn count(&mut self, now: Moment) {
        let today = now.unix_seconds().div_euclid(DAY);
        if self.day != today {
            *self = Self { day: today, count: 0 };
        }
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_call_beyond_the_limit_is_told_how_long_to_wait() {
        let start = Clock::start(None, true).unwrap().now();
        let second = Duration::from_secs(1);
        let mut limit = CallLimit::new(2, second * 10);
        assert_eq!(limit.count(start, "calls"), Ok(()));
        assert_eq!(limit.count(start + second * 4, "calls"), Ok(()));
        assert_eq!(limit.count(start + second * 7, "calls").unwrap_err().retry_after(), Some(second * 3));
        assert_eq!(limit.count(start + second * 10, "calls"), Ok(()));
        assert_eq!(limit.count(start + second * 10, "calls").unwrap_err().retry_after(), Some(second * 4));
    }
}
