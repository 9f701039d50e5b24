use std::time::Duration;

use linq_types::{ChatId, Handle, Service, error::ErrorCode, events::EventType};

use super::Store;
use crate::{clock::Moment, error::ApiError, events, model::Timer};

/// How long a typing indicator lasts.
const TYPING_LASTS: Duration = Duration::from_secs(85);
const CARD_SHARED_EVERY: Duration = Duration::from_secs(5 * 60);

impl Store {
    /// Starts the typing indicator of the line. It ends when the line stops typing or sends, or after 85 seconds. Only
    /// iMessage shows it.
    pub(crate) fn start_typing(&mut self, now: Moment, chat_id: &str) -> Result<(), ApiError> {
        let refuse_groups = self.config.assumptions.reject_group_typing;
        let chat = self.active_chat_mut(chat_id)?;
        let (id, until) = (chat.id.clone(), now + TYPING_LASTS);
        if chat.is_group() && refuse_groups {
            return Err(ApiError::new(ErrorCode::FEATURE_NOT_ENABLED, "typing does not show in groups"));
        }
        if chat.service == Service::IMessage {
            chat.typing_until = Some(until);
            self.effects.schedule(until, Timer::EndTyping(id));
        }
        Ok(())
    }

    /// Ends a typing indicator whose time is over.
    pub(crate) fn end_typing(&mut self, now: Moment, chat_id: &ChatId) {
        if let Some(chat) = self.conversations.chat_mut(chat_id)
            && chat.typing_until.is_some_and(|until| until <= now)
        {
            chat.typing_until = None;
        }
    }

    pub(crate) fn stop_typing(&mut self, chat_id: &str) -> Result<(), ApiError> {
        self.active_chat_mut(chat_id)?.typing_until = None;
        Ok(())
    }

    /// Returns `true` if people see that the line is typing.
    pub(crate) fn shows_typing(&self, now: Moment, chat_id: &ChatId) -> bool {
        let until = self.conversations.chat(chat_id).and_then(|chat| chat.typing_until);
        until.is_some_and(|until| now < until)
    }

    /// Marks the messages of the other person as read. Does nothing in groups and on services without receipts.
    pub(crate) fn mark_as_read(&mut self, now: Moment, chat_id: &str) -> Result<(), ApiError> {
        let chat = self.active_chat_mut(chat_id)?;
        if chat.is_group() || chat.service != Service::IMessage {
            return Ok(());
        }
        for id in std::mem::take(&mut chat.unread) {
            if let Some(message) = self.conversations.message_mut(&id) {
                (message.read_at, message.updated_at) = (Some(now), now);
            }
        }
        Ok(())
    }

    /// Shares the contact card of the line.
    pub(crate) fn share_contact_card(&mut self, now: Moment, chat_id: &str) -> Result<(), ApiError> {
        let line = self.active_chat(chat_id)?.line.clone();
        self.card(&line)?;
        let chat = self.active_chat_mut(chat_id)?;
        if let Some(shared_at) = chat.card_shared_at
            && now - shared_at < CARD_SHARED_EVERY
        {
            let wait = shared_at + CARD_SHARED_EVERY - now;
            return Err(ApiError::too_many("the contact card was shared less than five minutes ago", wait));
        }
        chat.card_shared_at = Some(now);
        self.note(now, chat_id, "contact_card.shared");
        Ok(())
    }

    /// A person starts or stops typing.
    pub(crate) fn receive_typing(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        by: &Handle,
        types: bool,
    ) -> Result<(), ApiError> {
        self.check_member(chat_id, by)?;
        let event_type =
            if types { EventType::ChatTypingIndicatorStarted } else { EventType::ChatTypingIndicatorStopped };
        let trace_id = self.ids.trace_id();
        self.publish(now, &event_type, chat_id, &trace_id, |chat| events::typing(chat, by));
        self.publish_v2_typing(now, chat_id, types);
        Ok(())
    }
}
