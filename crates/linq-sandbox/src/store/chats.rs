use std::collections::BTreeSet;

use linq_types::{
    ChatId, Handle, HealthStatusKind, MessageId, Service, TraceId, backgrounds::Background, error::ErrorCode,
    events::EventType,
};

use super::{Store, locations::Sharing, subscriptions::Notice, timelines::Timeline};
use crate::{clock::Moment, error::ApiError, events};

/// What finds an existing chat: the line and everybody else in it.
pub(super) type ChatKey = (Handle, BTreeSet<Handle>);

pub(crate) struct Chat {
    pub(crate) id: ChatId,
    /// Your line first, then the others in the order they came; those who left stay.
    pub(crate) members: Vec<Member>,
    pub(crate) line: Handle,
    /// Only of groups that were given one.
    pub(crate) display_name: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) background: Option<Background>,
    pub(crate) service: Service,
    pub(crate) health: Health,
    pub(crate) messages: Timeline,
    /// What people wrote since the line last read.
    pub(super) unread: Vec<MessageId>,
    /// Until when people see that the line is typing.
    pub(super) typing_until: Option<Moment>,
    pub(super) card_shared_at: Option<Moment>,
    pub(super) location_requested_at: Option<Moment>,
    pub(crate) sharings: Vec<Sharing>,
    /// What the next change of name, icon or background fails with.
    pub(super) next_failure: Option<ErrorCode>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
}

pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) handle: Handle,
    pub(crate) is_me: bool,
    pub(crate) joined_at: Moment,
    pub(crate) departure: Option<Departure>,
}

/// How and when somebody went.
#[derive(Clone, Copy)]
pub(crate) struct Departure {
    pub(crate) removed: bool,
    pub(crate) at: Moment,
}

pub(crate) struct Health {
    pub(crate) status: HealthStatusKind,
    pub(crate) updated_at: Moment,
}

impl Member {
    pub(crate) fn is_active(&self) -> bool {
        self.departure.is_none()
    }

    pub(crate) fn status(&self) -> &'static str {
        match self.departure {
            None => "active",
            Some(Departure { removed: false, .. }) => "left",
            Some(Departure { removed: true, .. }) => "removed",
        }
    }
}

impl Chat {
    pub(crate) fn is_group(&self) -> bool {
        self.members.len() > 2
    }

    /// Somebody who is in the chat or was.
    pub(crate) fn member(&self, handle: &Handle) -> Option<&Member> {
        self.members.iter().find(|member| member.handle == *handle)
    }

    /// Everybody in the chat but your line.
    pub(crate) fn others(&self) -> Vec<Handle> {
        let others = self.members.iter().filter(|member| !member.is_me && member.is_active());
        others.map(|member| member.handle.clone()).collect()
    }

    pub(super) fn active_members(&self) -> usize {
        self.members.iter().filter(|member| member.is_active()).count()
    }

    /// Whether your line is still in it.
    pub(crate) fn is_active(&self) -> bool {
        self.member(&self.line).is_some_and(Member::is_active)
    }

    /// Whether somebody else is in it now.
    pub(super) fn has(&self, person: &Handle) -> bool {
        self.member(person).is_some_and(|member| !member.is_me && member.is_active())
    }

    pub(super) fn set_health(&mut self, now: Moment, status: HealthStatusKind) {
        if self.health.status != status {
            self.health = Health { status, updated_at: now };
        }
    }

    /// Refuses what only iMessage can do.
    pub(super) fn check_imessage(&self) -> Result<(), ApiError> {
        if self.service == Service::IMessage {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::SERVICE_NOT_SUPPORTED,
            format!("this is possible on iMessage only; the chat is on {}", self.service),
        ))
    }

    fn key(&self) -> ChatKey {
        (self.line.clone(), self.others().into_iter().collect())
    }
}

impl Store {
    pub(crate) fn chat(&self, id: &str) -> Result<&Chat, ApiError> {
        self.chats.get(id).ok_or_else(|| ApiError::not_found(ErrorCode::CHAT_NOT_FOUND, "chat", id))
    }

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

    /// A chat that your line has not left.
    pub(crate) fn active_chat(&self, id: &str) -> Result<&Chat, ApiError> {
        let chat = self.chat(id)?;
        if chat.is_active() {
            return Ok(chat);
        }
        Err(ApiError::new(ErrorCode::CHAT_LEFT, format!("your line left the chat `{id}`")))
    }

    pub(super) fn active_chat_mut(&mut self, id: &str) -> Result<&mut Chat, ApiError> {
        self.active_chat(id)?;
        self.chats.get_mut(id).ok_or_else(|| ApiError::not_found(ErrorCode::CHAT_NOT_FOUND, "chat", id))
    }

    /// The chats of a line, with a person, or both; the newest first. Gives where the next page begins, too.
    pub(crate) fn list_chats(
        &self,
        line: Option<&Handle>,
        person: Option<&Handle>,
        offset: usize,
        limit: usize,
    ) -> (Vec<&Chat>, Option<usize>) {
        let ids = self.listings.get(line, person);
        let page = ids.iter().rev().skip(offset).take(limit);
        let chats = page.filter_map(|id| self.chats.get(id)).collect();
        let next = offset.saturating_add(limit);
        (chats, (next < ids.len()).then_some(next))
    }

    /// The chat of this line and exactly these people. Groups that were given a name, that somebody joined or
    /// left, and chats that the line left are never found.
    pub(super) fn find_chat(&self, line: &Handle, others: &[Handle]) -> Option<&Chat> {
        let id = self.chat_ids.get(&(line.clone(), others.iter().cloned().collect()))?;
        self.chats.get(id)
    }

    /// From now on the chat is not found by who is in it.
    pub(super) fn unlist(&mut self, id: &ChatId) {
        if let Some(key) = self.chats.get(id).map(Chat::key)
            && self.chat_ids.get(&key) == Some(id)
        {
            self.chat_ids.remove(&key);
        }
    }

    pub(super) fn create_chat(&mut self, now: Moment, line: &Handle, others: &[Handle]) -> ChatId {
        let id = ChatId::from(self.ids.uuid());
        let handles = [(line, true)].into_iter().chain(others.iter().map(|handle| (handle, false)));
        let members = handles.map(|(handle, is_me)| self.new_member(now, handle, is_me)).collect();
        let chat = Chat {
            id: id.clone(),
            members,
            line: line.clone(),
            display_name: None,
            icon: None,
            background: None,
            service: self.reach(others),
            health: Health { status: HealthStatusKind::Healthy, updated_at: now },
            messages: Timeline::default(),
            unread: Vec::new(),
            typing_until: None,
            card_shared_at: None,
            location_requested_at: None,
            sharings: Vec::new(),
            next_failure: None,
            created_at: now,
            updated_at: now,
        };
        self.listings.insert(&id, line, others);
        self.chat_ids.insert((line.clone(), others.iter().cloned().collect()), id.clone());
        self.chats.insert(id.clone(), chat);
        id
    }

    pub(super) fn announce_chat(&mut self, now: Moment, id: &ChatId, trace_id: &TraceId) {
        self.publish(now, &EventType::ChatCreated, id, trace_id, events::chat);
    }

    pub(super) fn new_member(&mut self, now: Moment, handle: &Handle, is_me: bool) -> Member {
        Member { id: self.ids.uuid(), handle: handle.clone(), is_me, joined_at: now, departure: None }
    }

    /// Tells everybody who wants to hear that something happened in a chat; the same in both payload versions.
    pub(super) fn publish(
        &mut self,
        now: Moment,
        event_type: &EventType,
        chat_id: &ChatId,
        trace_id: &TraceId,
        data: impl Fn(&Chat) -> Box<serde_json::value::RawValue>,
    ) {
        let Some(chat) = self.chats.get(chat_id) else { return };
        let notice = Notice::about_chat(now, event_type, chat, trace_id);
        self.subscriptions.publish(&mut self.queue, notice, |_| data(chat));
    }
}
