use std::time::Duration;

use linq_types::{Handle, error::ErrorCode};

use super::Store;
use crate::{clock::Moment, error::ApiError};

const DAY: i64 = 24 * 60 * 60;
/// How many messages an account of the API's own sandbox sends in a day.
const DAILY: u32 = 100;

/// How much was sent on the newest day.
#[derive(Default)]
pub(super) struct DailySends {
    day: i64,
    count: u32,
}

impl Store {
    /// Refuses people that the line may not write to. Groups know neither opting out nor the block list.
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
}
