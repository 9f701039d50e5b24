use linq_types::{ChatId, Handle, HealthStatusKind, TraceId, error::ErrorCode, events::EventType};
use serde_json::{json, value::RawValue};

use super::{Store, effects::Event};
use crate::{
    clock::Moment,
    error::ApiError,
    events, json,
    model::{Chat, Health, Member, Timeline},
};

impl Store {
    pub(crate) fn chat(&self, id: &str) -> Result<&Chat, ApiError> {
        self.conversations.chat(id).ok_or_else(|| ApiError::not_found(ErrorCode::CHAT_NOT_FOUND, "chat", id))
    }

    /// Rejects a chat that is still being created.
    pub(crate) fn check_settled(&self, now: Moment, id: &str) -> Result<(), ApiError> {
        let settles_after = self.config.assumptions.chat_ready_delay;
        match self.conversations.chat(id) {
            Some(chat) if now - chat.created_at < settles_after => Err(ApiError::new(
                ErrorCode::CHAT_NOT_READY,
                format!("the chat `{id}` is still being created; try again"),
            )),
            _ => Ok(()),
        }
    }

    /// Returns a chat that your line has not left.
    pub(crate) fn active_chat(&self, id: &str) -> Result<&Chat, ApiError> {
        let chat = self.chat(id)?;
        if chat.is_active() {
            return Ok(chat);
        }
        Err(ApiError::new(ErrorCode::CHAT_LEFT, format!("your line left the chat `{id}`")))
    }

    pub(super) fn active_chat_mut(&mut self, id: &str) -> Result<&mut Chat, ApiError> {
        self.active_chat(id)?;
        self.conversations
            .chat_mut(id)
            .ok_or_else(|| ApiError::not_found(ErrorCode::CHAT_NOT_FOUND, "chat", id))
    }

    /// Returns the chats of a line, with a person, or both, newest first, and the offset of the next page.
    pub(crate) fn list_chats(
        &self,
        line: Option<&Handle>,
        person: Option<&Handle>,
        offset: usize,
        limit: usize,
    ) -> (Vec<&Chat>, Option<usize>) {
        let ids = self.listings.get(line, person);
        let page = ids.iter().rev().skip(offset).take(limit);
        let chats = page.filter_map(|id| self.conversations.chat(id)).collect();
        let next = offset.saturating_add(limit);
        (chats, (next < ids.len()).then_some(next))
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
            sent_by_line: 0,
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
        self.conversations.add_chat(chat);
        others.iter().for_each(|person| self.note_person(person));
        id
    }

    pub(super) fn announce_chat(&mut self, now: Moment, id: &ChatId, trace_id: &TraceId) {
        self.publish(now, &EventType::ChatCreated, id, trace_id, events::chat);
    }

    pub(super) fn new_member(&mut self, now: Moment, handle: &Handle, is_me: bool) -> Member {
        Member { id: self.ids.uuid(), handle: handle.clone(), is_me, joined_at: now, departure: None }
    }

    /// Notes what your line did in a chat if no event reports it.
    pub(super) fn note(&mut self, now: Moment, chat_id: &str, what: &str) {
        if let Some(chat) = self.conversations.chat(chat_id) {
            self.effects.note(now, what, chat, json::raw(&json!({})));
        }
    }

    /// Publishes an event about a chat, with the same data in both payload versions.
    pub(super) fn publish(
        &mut self,
        now: Moment,
        event_type: &EventType,
        chat_id: &ChatId,
        trace_id: &TraceId,
        data: impl Fn(&Chat) -> Box<RawValue>,
    ) {
        let Some(chat) = self.conversations.chat(chat_id) else { return };
        let event = Event::about_chat(now, event_type, chat, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| data(chat));
    }
}
