use std::collections::BTreeSet;

use linq_types::{
    ChatId, Handle, HealthStatusKind, MessageId, Service, TraceId, error::ErrorCode, events::EventType,
};

use super::{Store, subscriptions::Occurrence};
use crate::{clock::Moment, error::ApiError, events};

/// What finds an existing chat: the line and everybody else in it.
pub(super) type ChatKey = (Handle, BTreeSet<Handle>);

pub(crate) struct Chat {
    pub(crate) id: ChatId,
    /// Your line first, then the others in the order they were named.
    pub(crate) members: Vec<Member>,
    pub(crate) line: Handle,
    pub(crate) display_name: Option<String>,
    pub(crate) service: Service,
    pub(crate) health: Health,
    pub(crate) messages: Vec<MessageId>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) handle: Handle,
    pub(crate) is_me: bool,
    pub(crate) joined_at: Moment,
}

pub(crate) struct Health {
    pub(crate) status: HealthStatusKind,
    pub(crate) updated_at: Moment,
}

impl Chat {
    pub(crate) fn is_group(&self) -> bool {
        self.members.len() > 2
    }

    pub(crate) fn member(&self, handle: &Handle) -> Option<&Member> {
        self.members.iter().find(|member| member.handle == *handle)
    }

    /// Everybody but your line.
    pub(crate) fn others(&self) -> Vec<Handle> {
        let others = self.members.iter().filter(|member| !member.is_me);
        others.map(|member| member.handle.clone()).collect()
    }

    /// The messages, newest first, that follow the one named by `cursor`.
    pub(crate) fn messages_before(
        &self,
        cursor: Option<&str>,
    ) -> Result<impl Iterator<Item = &MessageId>, ApiError> {
        let messages = &self.messages;
        let end = match cursor {
            None => messages.len(),
            Some(cursor) => messages.iter().position(|id| *id == *cursor).ok_or_else(|| {
                ApiError::new(ErrorCode::INVALID_PARAMETER, "`cursor` is not a `next_cursor` of this list")
            })?,
        };
        Ok(messages.iter().take(end).rev())
    }

    pub(super) fn set_health(&mut self, now: Moment, status: HealthStatusKind) {
        if self.health.status != status {
            self.health = Health { status, updated_at: now };
        }
    }
}

impl Store {
    /// Refuses a chat that is still being created, for as long as the rules say that takes.
    pub(crate) fn check_settled(&self, now: Moment, id: &str) -> Result<(), ApiError> {
        let settles_after = self.config.rules.chat_settles_after;
        match self.chats.get(id) {
            Some(chat) if now - chat.created_at < settles_after => Err(ApiError::new(
                ErrorCode::CHAT_NOT_READY,
                format!("the chat `{id}` is still being created; try again"),
            )),
            _ => Ok(()),
        }
    }

    /// The chat of this line and exactly these people. Groups with a name are never found.
    pub(super) fn find_chat(&self, line: &Handle, others: &[Handle]) -> Option<&Chat> {
        let id = self.chat_ids.get(&(line.clone(), others.iter().cloned().collect()))?;
        self.chats.get(id).filter(|chat| chat.display_name.is_none())
    }

    pub(super) fn create_chat(
        &mut self,
        now: Moment,
        trace_id: &TraceId,
        line: &Handle,
        others: &[Handle],
    ) -> ChatId {
        let id = ChatId::from(self.ids.uuid());
        let handles = [(line, true)].into_iter().chain(others.iter().map(|handle| (handle, false)));
        let members = handles
            .map(|(handle, is_me)| Member {
                id: self.ids.uuid(),
                handle: handle.clone(),
                is_me,
                joined_at: now,
            })
            .collect();
        let chat = Chat {
            id: id.clone(),
            members,
            line: line.clone(),
            display_name: None,
            service: self.reach(others),
            health: Health { status: HealthStatusKind::Healthy, updated_at: now },
            messages: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        self.chat_ids.insert((line.clone(), others.iter().cloned().collect()), id.clone());
        let occurrence = Occurrence { now, event_type: &EventType::ChatCreated, chat: &chat, trace_id };
        self.subscriptions.publish(&mut self.queue, occurrence, |_| events::chat(&chat));
        self.chats.insert(id.clone(), chat);
        id
    }
}
