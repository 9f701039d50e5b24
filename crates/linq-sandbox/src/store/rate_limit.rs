use std::time::Duration;

use linq_types::Handle;

use super::Store;
use crate::{clock::Moment, error::ApiError};

const WINDOW: Duration = Duration::from_secs(60);
const MAX_SENDS: usize = 30;

impl Store {
    /// Refuses the 31st message from one line to one person within a minute.
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
