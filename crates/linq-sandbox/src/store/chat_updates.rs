use linq_types::{ChatId, Handle, TraceId, error::ErrorCode, events::EventType};

use super::{Store, contents::Intake};
use crate::{
    clock::Moment,
    error::ApiError,
    events,
    model::{Change, Chat, ChatUpdate, Timer},
};

impl Store {
    /// Your line gives a group a name, an icon or both.
    pub(crate) fn update_group(
        &mut self,
        now: Moment,
        chat_id: &str,
        name: Option<String>,
        icon: Option<String>,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let chat = self.active_chat(chat_id)?;
        if !chat.is_group() {
            return Err(ApiError::new(ErrorCode::DIRECT_CHAT, "a direct chat has no name and no icon"));
        }
        chat.check_imessage()?;
        for change in name.map(Change::Name).into_iter().chain(icon.map(Change::Icon)) {
            self.queue_change(now, chat_id, change, trace_id)?;
        }
        Ok(())
    }

    pub(super) fn queue_change(
        &mut self,
        now: Moment,
        chat_id: &str,
        change: Change,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let chat = self.active_chat(chat_id)?;
        let update = ChatUpdate {
            chat_id: chat.id.clone(),
            by: chat.line.clone(),
            change,
            trace_id: trace_id.clone(),
        };
        self.effects.schedule(now + self.config.delays.sent, Timer::Update(update));
        Ok(())
    }

    /// A person changes the name of a group, at once.
    pub(crate) fn receive_name(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        by: &Handle,
        name: String,
    ) -> Result<(), ApiError> {
        self.check_member(chat_id, by)?;
        if !self.chat(chat_id.as_str())?.is_group() {
            return Err(ApiError::new(ErrorCode::DIRECT_CHAT, "a direct chat has no name"));
        }
        let (chat_id, by, trace_id) = (chat_id.clone(), by.clone(), self.ids.trace_id());
        self.update_chat(now, ChatUpdate { chat_id, by, change: Change::Name(name), trace_id });
        Ok(())
    }

    /// Makes the next change of a chat's name, icon or background fail.
    pub(crate) fn fail_next_update(&mut self, chat_id: &ChatId, code: ErrorCode) -> Result<(), ApiError> {
        self.active_chat_mut(chat_id.as_str())?.next_failure = Some(code);
        Ok(())
    }

    /// Applies a change that is due.
    pub(crate) fn update_chat(&mut self, now: Moment, update: ChatUpdate) {
        let ChatUpdate { chat_id, by, change, trace_id } = update;
        let Some(chat) = self.conversations.chat_mut(&chat_id) else { return };
        if let Some(code) = chat.next_failure.take() {
            let failure = |chat: &Chat| events::update_failure(now, chat, code);
            return self.publish(now, &change.failed(), &chat_id, &trace_id, failure);
        }
        chat.updated_at = now;
        match change {
            Change::Name(name) => {
                self.conversations.unlist(&chat_id);
                let Some(chat) = self.conversations.chat_mut(&chat_id) else { return };
                let old = chat.display_name.replace(name);
                self.publish(now, &EventType::ChatGroupNameUpdated, &chat_id, &trace_id, |chat| {
                    events::group_update(now, chat, &by, old.as_deref(), chat.display_name.as_deref())
                });
            }
            Change::Icon(url) => {
                let mut intake = Intake { now, ids: &mut self.ids, attachments: &mut self.attachments };
                let icon = intake.rehost_for_good(&url);
                let old = chat.icon.replace(icon);
                self.publish(now, &EventType::ChatGroupIconUpdated, &chat_id, &trace_id, |chat| {
                    events::group_update(now, chat, &by, old.as_deref(), chat.icon.as_deref())
                });
            }
            Change::Background(background) => {
                chat.background = background;
                self.publish(now, &EventType::ChatBackgroundUpdated, &chat_id, &trace_id, |chat| {
                    events::background(chat, &by, chat.background.as_ref())
                });
            }
        }
    }
}
