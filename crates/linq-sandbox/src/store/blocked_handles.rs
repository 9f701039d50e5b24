use linq_types::{Handle, error::ErrorCode};

use super::{Store, append};
use crate::{clock::Moment, error::ApiError, model::Blocked};

impl Store {
    /// Blocks a handle. If it is already blocked, only the reason changes.
    pub(crate) fn block(
        &mut self,
        now: Moment,
        handle: Handle,
        reason: Option<String>,
    ) -> Result<&Blocked, ApiError> {
        if handle.as_str().trim().is_empty() {
            return Err(ApiError::invalid("`handle` is empty"));
        }
        Ok(match self.blocked.iter().position(|blocked| blocked.handle == handle) {
            Some(at) => {
                let blocked = &mut self.blocked[at];
                blocked.reason = reason.or(blocked.reason.take());
                blocked
            }
            None => append(&mut self.blocked, Blocked { handle, at: now, reason }),
        })
    }

    pub(crate) fn unblock(&mut self, handle: &Handle) -> Result<(), ApiError> {
        let found = self.blocked.iter().position(|blocked| blocked.handle == *handle);
        let found =
            found.ok_or_else(|| ApiError::nothing_there(&format!("`{handle}` on your block list")))?;
        self.blocked.remove(found);
        Ok(())
    }

    pub(super) fn check_not_blocked(&self, person: &Handle) -> Result<(), ApiError> {
        if self.blocked.iter().any(|blocked| blocked.handle == *person) {
            return Err(ApiError::new(
                ErrorCode::HANDLE_BLOCKED,
                format!("`{person}` is on your block list"),
            ));
        }
        Ok(())
    }
}
