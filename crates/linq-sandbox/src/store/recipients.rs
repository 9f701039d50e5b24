use std::time::Duration;

use linq_types::{Handle, error::ErrorCode};

use super::Store;
use crate::{clock::Moment, error::ApiError, model::DailySends};

const WINDOW: Duration = Duration::from_secs(60);
const MAX_SENDS: usize = 30;
const DAY: i64 = 24 * 60 * 60;
/// The daily limit of messages in the sandbox tier.
const DAILY: u32 = 100;

impl Store {
    /// Rejects people that the line may not write to. Opt-outs and the block list do not apply to groups.
    pub(super) fn check_people(
        &self,
        now: Moment,
        others: &[Handle],
        override_optout: bool,
    ) -> Result<(), ApiError> {
        if let [person] = others {
            self.check_not_blocked(person)?;
            if self.has_opted_out(person) && !override_optout {
                return Err(ApiError::new(
                    ErrorCode::RECIPIENT_OPTED_OUT,
                    format!("`{person}` asked for no more messages; `override_optout` sends all the same"),
                ));
            }
        }
        if self.config.sandbox_tier {
            if let Some(stranger) = others.iter().find(|person| !self.has_written(person)) {
                return Err(ApiError::new(
                    ErrorCode::RECIPIENT_NOT_ALLOWED,
                    format!("`{stranger}` has not written to you, which comes first in the sandbox"),
                ));
            }
            self.check_daily(now)?;
        }
        Ok(())
    }

    fn check_daily(&self, now: Moment) -> Result<(), ApiError> {
        let today = now.unix_seconds().div_euclid(DAY);
        if self.daily_sends.day == today && self.daily_sends.count >= DAILY {
            let wait = DAY - now.unix_seconds().rem_euclid(DAY);
            return Err(ApiError::too_many(
                format!("more than {DAILY} messages today"),
                Duration::from_secs(wait.unsigned_abs()),
            ));
        }
        Ok(())
    }

    pub(super) fn count_daily(&mut self, now: Moment) {
        let today = now.unix_seconds().div_euclid(DAY);
        if self.daily_sends.day != today {
            self.daily_sends = DailySends { day: today, count: 0 };
        }
        self.daily_sends.count += 1;
    }

    /// Rejects the 31st message from one line to one person within a minute.
    pub(super) fn check_rate(&self, now: Moment, line: &Handle, others: &[Handle]) -> Result<(), ApiError> {
        for person in others {
            let Some(sends) = self.sends.get(&(line.clone(), person.clone())) else { continue };
            let recent = || sends.iter().filter(|sent| now - **sent < WINDOW);
            if let Some(oldest) = recent().next()
                && recent().count() >= MAX_SENDS
            {
                return Err(ApiError::too_many(
                    format!("more than {MAX_SENDS} messages from `{line}` to `{person}` within a minute"),
                    *oldest + WINDOW - now,
                ));
            }
        }
        Ok(())
    }

    pub(super) fn count_sends(&mut self, now: Moment, line: &Handle, others: &[Handle]) {
        for person in others {
            let sends = self.sends.entry((line.clone(), person.clone())).or_default();
            while sends.len() >= MAX_SENDS || sends.front().is_some_and(|sent| now - *sent >= WINDOW) {
                sends.pop_front();
            }
            sends.push_back(now);
        }
    }
}
