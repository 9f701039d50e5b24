use linq_types::{
    ChatId, Handle, MessageId,
    error::ErrorCode,
    messages::{CreateMessage, FromSelectionReason, NewMessage},
};

use super::{Chat, Outgoing, Store, messages::recipients};
use crate::{clock::Moment, error::ApiError, handle};

/// Why a message goes out from the line that it does.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) reason: FromSelectionReason,
    pub(crate) created_new_chat: bool,
    pub(crate) previous_chat_id: Option<ChatId>,
}

impl Store {
    pub(super) fn is_flagged(&self, handle: &Handle) -> bool {
        self.lines.iter().any(|line| line.is_flagged && line.phone_number == *handle)
    }

    pub(crate) fn flag_line(&mut self, handle: &Handle, flagged: bool) -> Result<(), ApiError> {
        self.check_line("phone_number", handle)?;
        for line in self.lines.iter_mut().filter(|line| line.phone_number == *handle) {
            line.is_flagged = flagged;
        }
        Ok(())
    }

    /// Sends from the line that suits best: that of the newest chat with these people, or else the one with the
    /// fewest chats. Where the lines of their chats are all flagged, another one takes over in a new chat.
    pub(crate) fn send_from_any_line(
        &mut self,
        now: Moment,
        mut outgoing: Outgoing,
        asked: &CreateMessage,
    ) -> Result<MessageId, ApiError> {
        let others = recipients(&asked.to)?;
        if let Some(line) = others.iter().find(|handle| self.is_line(handle)) {
            return Err(parameter(&format!("`to` holds your line `{line}`")));
        }
        let excluded = asked.exclude_from.as_deref().unwrap_or_default();
        for (at, line) in excluded.iter().enumerate() {
            handle::check_phone_number(&format!("exclude_from[{at}]"), line)?;
            if !self.is_line(line) {
                return Err(parameter(&format!("`exclude_from[{at}]`: `{line}` is not one of your lines")));
            }
        }
        let lines = self.lines.iter().map(|line| &line.phone_number);
        let lines: Vec<_> = lines.filter(|line| !excluded.contains(line)).cloned().collect();
        if lines.is_empty() {
            return Err(parameter("`exclude_from` excludes all of your lines"));
        }

        let chats = lines.iter().filter_map(|line| self.find_chat(line, &others));
        let (stuck, able): (Vec<_>, Vec<_>) = chats.partition(|chat| self.is_flagged(&chat.line));
        if let Some(chat_id) = newest(able) {
            let id = self.send_into(now, &chat_id, outgoing)?;
            let reason = FromSelectionReason::ReusedActiveChat;
            self.note_selection(&id, Selection { reason, created_new_chat: false, previous_chat_id: None });
            return Ok(id);
        }

        let previous_chat_id = newest(stuck);
        let line = self
            .best_line(&lines)
            .ok_or_else(|| ApiError::new(ErrorCode::CONFLICT, "none of your lines can send at present"))?;
        let reason = match previous_chat_id {
            Some(_) => FromSelectionReason::FailoverFlagged,
            None => FromSelectionReason::NewBestNumber,
        };
        if let (Some(_), Some(continuation)) = (&previous_chat_id, &asked.continuation_message) {
            outgoing.message.parts = NewMessage::from(continuation.text.as_str()).parts;
            outgoing.message.experience = None;
        }
        let id = self.open_and_send(now, &line, &others, outgoing)?;
        self.note_selection(&id, Selection { reason, created_new_chat: true, previous_chat_id });
        Ok(id)
    }

    fn note_selection(&mut self, id: &MessageId, selection: Selection) {
        if let Some(message) = self.messages.get_mut(id) {
            message.selection = Some(Box::new(selection));
        }
    }

    fn best_line(&self, lines: &[Handle]) -> Option<Handle> {
        let able = lines.iter().filter(|line| !self.is_flagged(line));
        able.min_by_key(|line| self.listings.get(Some(line), None).len()).cloned()
    }
}

fn newest(chats: Vec<&Chat>) -> Option<ChatId> {
    let newest = chats.into_iter().max_by_key(|chat| (chat.updated_at, chat.created_at));
    newest.map(|chat| chat.id.clone())
}

fn parameter(message: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_PARAMETER, message)
}
