use linq_types::{
    Handle, LineType, MessageId,
    error::ErrorCode,
    messages::{FromSelectionReason, MessageContent, NewMessage},
};

use super::{Store, messages::recipients};
use crate::{
    check,
    clock::Moment,
    error::ApiError,
    model::{Chat, Line, Outgoing, Selection},
};

impl Store {
    /// Sends from the line that suits best: that of the newest chat with these people, or else the one with the
    /// fewest chats. Where the lines of their chats are all flagged, another one takes over in a new chat.
    pub(crate) fn send_from_any_line(
        &mut self,
        now: Moment,
        mut outgoing: Outgoing,
        asked: &NewMessage,
    ) -> Result<MessageId, ApiError> {
        let others = recipients(&asked.to)?;
        if let Some(line) = others.iter().find(|handle| self.is_line(handle)) {
            return Err(ApiError::invalid(format!("`to` holds your line `{line}`")));
        }
        let lines = self.lines_but(asked.exclude_from.as_deref().unwrap_or_default())?;
        let (able, unable): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.can_send());
        if let Some(chat) = self.newest_chat(&able, &others) {
            let chat_id = chat.id.clone();
            let id = self.send_into(now, &chat_id, outgoing)?;
            let reason = FromSelectionReason::ReusedActiveChat;
            self.note_selection(&id, Selection { reason, created_new_chat: false, previous_chat_id: None });
            return Ok(id);
        }

        let previous_chat_id = self.newest_chat(&unable, &others).map(|chat| chat.id.clone());
        let line = self.least_busy(&able).ok_or_else(no_line)?.phone_number.clone();
        let reason = match previous_chat_id {
            Some(_) => FromSelectionReason::FailoverFlagged,
            None => FromSelectionReason::NewBestNumber,
        };
        if let (Some(_), Some(continuation)) = (&previous_chat_id, &asked.continuation_message) {
            outgoing.message.parts = MessageContent::from(continuation.text.as_str()).parts;
            outgoing.message.experience = None;
        }
        let id = self.open_and_send(now, &line, &others, outgoing)?;
        self.note_selection(&id, Selection { reason, created_new_chat: true, previous_chat_id });
        Ok(id)
    }

    /// Returns the line that would write to these people.
    pub(crate) fn suggest_line(
        &self,
        to: &[Handle],
        excluded: &[Handle],
        line_type: Option<&LineType>,
    ) -> Result<&Line, ApiError> {
        let lines = self
            .lines_but(excluded)?
            .into_iter()
            .filter(|line| line.can_send() && line_type.is_none_or(|wanted| line.line_type == *wanted));
        let lines: Vec<_> = lines.collect();
        match self.newest_chat(&lines, to) {
            Some(chat) => self.line("to", &chat.line),
            None => self.least_busy(&lines).ok_or_else(no_line),
        }
    }

    fn lines_but(&self, excluded: &[Handle]) -> Result<Vec<&Line>, ApiError> {
        for (at, line) in excluded.iter().enumerate() {
            check::phone_number(&format!("exclude_from[{at}]"), line)?;
            if !self.is_line(line) {
                return Err(ApiError::invalid(format!(
                    "`exclude_from[{at}]`: `{line}` is not one of your lines"
                )));
            }
        }
        let lines: Vec<_> = self.lines.iter().filter(|line| !excluded.contains(&line.phone_number)).collect();
        if lines.is_empty() { Err(ApiError::invalid("`exclude_from` leaves no line")) } else { Ok(lines) }
    }

    fn newest_chat(&self, lines: &[&Line], people: &[Handle]) -> Option<&Chat> {
        let chats = lines.iter().filter_map(|line| self.conversations.find(&line.phone_number, people));
        chats.max_by_key(|chat| (chat.updated_at, chat.created_at))
    }

    fn least_busy<'a>(&self, lines: &[&'a Line]) -> Option<&'a Line> {
        let chats = |line: &Line| self.listings.get(Some(&line.phone_number), None).len();
        lines.iter().copied().min_by_key(|line| chats(line))
    }

    fn note_selection(&mut self, id: &MessageId, selection: Selection) {
        if let Some(message) = self.conversations.message_mut(id) {
            message.selection = Some(Box::new(selection));
        }
    }
}

fn no_line() -> ApiError {
    ApiError::new(ErrorCode::CONFLICT, "none of your lines can send at present")
}
