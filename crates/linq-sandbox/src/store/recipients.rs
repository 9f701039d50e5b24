use std::time::Duration;

use linq_types::{Handle, error::ErrorCode};

use super::Store;
use crate::{clock::Moment, error::ApiError};

const WINDOW: Duration = Duration::from_secs(60);
const MAX_SENDS: usize = 30;
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
            self.daily_sends.check(now, DAILY, "messages")?;
        }
        Ok(())
    }

    /// Rejects a chat that would be one too many for the line today.
    pub(super) fn check_new_chats(&self, now: Moment, line: &Handle) -> Result<(), ApiError> {
        let opened = self.opened_chats.get(line);
        match (opened, self.config.assumptions.new_chats_per_day) {
            (Some(opened), Some(most)) => opened.check(now, most, "new chats"),
            _ => Ok(()),
        }
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
