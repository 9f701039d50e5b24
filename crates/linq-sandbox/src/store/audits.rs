use std::time::Duration;

use linq_types::{ChatId, Handle, HealthStatusKind};

use super::Store;
use crate::{clock::Moment, error::ApiError, model::Audit};

const TAKES: Duration = Duration::from_secs(30);
const COOL_DOWN: Duration = Duration::from_secs(60 * 60);

impl Store {
    /// Starts an audit, or gives the one that is running.
    pub(crate) fn start_audit(&mut self, now: Moment, line: &Handle) -> Result<Audit, ApiError> {
        match &self.line("phoneNumber", line)?.audit {
            Some(running) if running.completes_at > now => return Ok(running.clone()),
            Some(past) if past.completes_at + COOL_DOWN > now => {
                return Err(ApiError::too_many(
                    format!("the last audit of `{line}` ended less than an hour ago"),
                    past.completes_at + COOL_DOWN - now,
                ));
            }
            _ => {}
        }
        let audit = Audit { id: self.ids.uuid().into(), completes_at: now + TAKES };
        self.line_mut("phoneNumber", line)?.audit = Some(audit.clone());
        Ok(audit)
    }

    pub(crate) fn audit(&self, line: &Handle, id: &str) -> Result<&Audit, ApiError> {
        let audit = self.line("phoneNumber", line)?.audit.as_ref().filter(|audit| audit.id == *id);
        audit.ok_or_else(|| ApiError::nothing_there(&format!("reputation audit `{id}` of `{line}`")))
    }

    /// The line's chats with people who opted out.
    pub(crate) fn opted_out_chats(&self, line: &Handle) -> Vec<&ChatId> {
        let chats = self
            .chats
            .values()
            .filter(|chat| chat.line == *line && chat.health.status == HealthStatusKind::OptedOut);
        let mut ids: Vec<_> = chats.map(|chat| &chat.id).collect();
        ids.sort();
        ids
    }
}
