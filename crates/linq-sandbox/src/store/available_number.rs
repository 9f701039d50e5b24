use linq_types::{Handle, LineType, error::ErrorCode};

use super::{Line, Store};
use crate::error::ApiError;

impl Store {
    /// The line to write from: that of the newest chat with exactly these people, else the one with the fewest
    /// chats, as long as it can send.
    pub(crate) fn suggest_line(
        &self,
        to: &[Handle],
        exclude: &[Handle],
        line_type: Option<&LineType>,
    ) -> Result<&Line, ApiError> {
        for line in exclude {
            self.check_line("exclude_from", line)?;
        }
        if self.lines.iter().all(|line| exclude.contains(&line.phone_number)) {
            return Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`exclude_from` leaves no line"));
        }
        let candidates = || {
            self.lines.iter().filter(|line| {
                line.can_send()
                    && !exclude.contains(&line.phone_number)
                    && line_type.is_none_or(|wanted| line.line_type == *wanted)
            })
        };
        let newest_chat = |line: &Line| self.find_chat(&line.phone_number, to).map(|chat| chat.updated_at);
        let known = candidates().filter_map(|line| Some((newest_chat(line)?, line)));
        let known = known.max_by_key(|(updated_at, _)| *updated_at).map(|(_, line)| line);
        let least_busy = || candidates().min_by_key(|line| self.count_chats(&line.phone_number));
        known
            .or_else(least_busy)
            .ok_or_else(|| ApiError::new(ErrorCode::CONFLICT, "no line can send at present"))
    }

    fn count_chats(&self, line: &Handle) -> usize {
        self.chats.values().filter(|chat| chat.line == *line).count()
    }
}
