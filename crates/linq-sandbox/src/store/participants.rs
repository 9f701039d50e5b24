use linq_types::{ChatId, Handle, TraceId, error::ErrorCode, events::EventType};

use super::{Store, effects::Event, messages::MAX_RECIPIENTS};
use crate::{
    clock::Moment,
    error::ApiError,
    events,
    model::{Chat, Departure, Member},
};

/// The minimum size of a group to join, and after somebody left.
const SMALLEST_GROUP: usize = 3;

impl Store {
    /// Somebody joins a group.
    pub(crate) fn add_participant(
        &mut self,
        now: Moment,
        chat_id: &str,
        handle: &Handle,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let chat = self.check_group(chat_id)?;
        if chat.active_members() < SMALLEST_GROUP {
            return Err(conflict("a group must have three members for somebody to join"));
        }
        if chat.member(handle).is_some_and(Member::is_active) {
            return Err(conflict(&format!("`{handle}` is in the chat already")));
        }
        if chat.active_members() > MAX_RECIPIENTS {
            return Err(conflict("the group has 32 members, which is the most there can be"));
        }
        if self.is_line(handle) {
            return Err(ApiError::invalid("`handle` is one of your lines"));
        }
        if self.reach(std::slice::from_ref(handle)) != chat.service {
            return Err(ApiError::new(
                ErrorCode::SERVICE_NOT_SUPPORTED,
                format!("`{handle}` cannot be reached on the group's service"),
            ));
        }
        let (id, line) = (chat.id.clone(), chat.line.clone());
        self.conversations.unlist(&id);
        let member = self.new_member(now, handle, false);
        let Some(chat) = self.conversations.chat_mut(&id) else { return Ok(()) };
        match chat.members.iter_mut().find(|member| member.handle == *handle) {
            Some(former) => *former = member,
            None => {
                chat.members.push(member);
                self.listings.insert_person(&id, &line, handle);
                self.note_person(handle);
            }
        }
        self.publish_participant(now, &EventType::ParticipantAdded, &id, handle, trace_id);
        Ok(())
    }

    /// Your line removes somebody from a group.
    pub(crate) fn remove_participant(
        &mut self,
        now: Moment,
        chat_id: &str,
        handle: &Handle,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let chat = self.check_group(chat_id)?;
        if !chat.has(handle) {
            return Err(ApiError::invalid(format!("`handle`: `{handle}` is nobody of this chat")));
        }
        if chat.active_members() <= SMALLEST_GROUP {
            return Err(conflict("three members must remain in a group"));
        }
        let id = chat.id.clone();
        self.depart(now, &id, handle, true, trace_id);
        Ok(())
    }

    /// Your line or somebody else leaves a group.
    pub(crate) fn leave(
        &mut self,
        now: Moment,
        chat_id: &str,
        who: Option<&Handle>,
        trace_id: &TraceId,
    ) -> Result<(), ApiError> {
        let chat = self.check_group(chat_id)?;
        if chat.active_members() <= SMALLEST_GROUP {
            return Err(conflict("a group must have four members for one to leave"));
        }
        let (id, who) = (chat.id.clone(), who.unwrap_or(&chat.line).clone());
        self.depart(now, &id, &who, false, trace_id);
        Ok(())
    }

    fn depart(&mut self, now: Moment, id: &ChatId, who: &Handle, removed: bool, trace_id: &TraceId) {
        self.conversations.unlist(id);
        let chat = self.conversations.chat_mut(id);
        let member = chat.and_then(|chat| chat.members.iter_mut().find(|member| member.handle == *who));
        if let Some(member) = member {
            member.departure = Some(Departure { removed, at: now });
            self.publish_participant(now, &EventType::ParticipantRemoved, id, who, trace_id);
        }
    }

    fn publish_participant(
        &mut self,
        now: Moment,
        event_type: &EventType,
        id: &ChatId,
        who: &Handle,
        trace_id: &TraceId,
    ) {
        if let Some(chat) = self.conversations.chat_mut(id) {
            chat.updated_at = now;
        }
        let Some(chat) = self.conversations.chat(id) else { return };
        let Some(member) = chat.member(who) else { return };
        let event = Event::about_chat(now, event_type, chat, trace_id);
        self.effects.publish(&self.subscriptions, event, |_| events::participant(chat, member));
        self.publish_v2_participant(now, event_type, id, who);
    }

    /// Returns a group on iMessage that your line is in; the members of other chats cannot change.
    fn check_group(&self, chat_id: &str) -> Result<&Chat, ApiError> {
        let chat = self.active_chat(chat_id)?;
        if !chat.is_group() {
            let code = self.config.assumptions.direct_chat_participants_code;
            return Err(ApiError::new(code, "nobody joins or leaves a direct chat"));
        }
        chat.check_imessage()?;
        Ok(chat)
    }
}

fn conflict(message: &str) -> ApiError {
    ApiError::new(ErrorCode::CONFLICT, message)
}
