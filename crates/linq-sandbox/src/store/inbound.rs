use linq_types::{
    ChatId, Handle, MessageId,
    error::ErrorCode,
    messages::{MessageContent, UpdateMessage},
    parts::ReplyTo,
    reactions::Reaction,
};

use super::{Store, messages::recipients};
use crate::{
    clock::Moment,
    error::ApiError,
    model::{Chat, Content},
};

impl Store {
    /// A person writes to a line and to the others, in the chat of all of them, which is created
    /// if there is none.
    pub(crate) fn receive_among(
        &mut self,
        now: Moment,
        line: &Handle,
        sender: &Handle,
        others: &[Handle],
        message: MessageContent,
    ) -> Result<(ChatId, MessageId), ApiError> {
        self.check_line("line", line)?;
        let people = recipients(&[std::slice::from_ref(sender), others].concat())?;
        people.iter().try_for_each(|person| self.check_person(person))?;
        if others.is_empty() {
            self.check_not_blocked(sender)?;
        }
        let found = self.conversations.find(line, &people).map(|chat| chat.id.clone());
        if let Some(chat_id) = found {
            let message_id = self.receive_into(now, &chat_id, sender, message)?;
            return Ok((chat_id, message_id));
        }
        if message.reply_to.is_some() {
            return Err(ApiError::invalid("`reply_to`: the first message of a chat answers nothing"));
        }
        let content = self.accept_incoming(now, &message)?;
        let trace_id = self.ids.trace_id();
        let chat_id = self.create_chat(now, line, &people);
        self.announce_chat(now, &chat_id, &trace_id);
        self.note_opt_out(now, &chat_id, sender, &content);
        let message_id = self.push_incoming(now, &chat_id, sender, content, message, trace_id);
        Ok((chat_id, message_id))
    }

    /// A person writes into a chat that they are in.
    pub(crate) fn receive_into(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        sender: &Handle,
        message: MessageContent,
    ) -> Result<MessageId, ApiError> {
        self.check_member(chat_id, sender)?;
        if let Some(reply) = &message.reply_to {
            self.check_reply(self.chat(chat_id.as_str())?, reply)?;
        }
        let content = self.accept_incoming(now, &message)?;
        let trace_id = self.ids.trace_id();
        self.note_opt_out(now, chat_id, sender, &content);
        Ok(self.push_incoming(now, chat_id, sender, content, message, trace_id))
    }

    /// A person replies to a message in its chat.
    pub(crate) fn receive_reply(
        &mut self,
        now: Moment,
        answered: &MessageId,
        sender: &Handle,
        message: MessageContent,
    ) -> Result<(ChatId, MessageId), ApiError> {
        let chat_id = self.message(answered.as_str())?.chat_id.clone();
        let message_id =
            self.receive_into(now, &chat_id, sender, message.reply_to(ReplyTo::new(answered)))?;
        Ok((chat_id, message_id))
    }

    fn accept_incoming(&mut self, now: Moment, message: &MessageContent) -> Result<Vec<Content>, ApiError> {
        match self.accept(now, message)? {
            content if content.is_empty() => Err(ApiError::missing("parts")),
            content => Ok(content),
        }
    }

    /// A person reacts to a message of a chat they are in.
    pub(crate) fn receive_reaction(
        &mut self,
        now: Moment,
        message_id: &str,
        by: &Handle,
        reacting: Reaction,
    ) -> Result<(), ApiError> {
        self.check_sees(message_id, by)?;
        let trace_id = self.ids.trace_id();
        self.react(now, message_id, by, reacting, &trace_id)
    }

    /// A person edits a message of their own.
    pub(crate) fn receive_edit(
        &mut self,
        now: Moment,
        message_id: &str,
        by: &Handle,
        edit: UpdateMessage,
    ) -> Result<(), ApiError> {
        self.check_sees(message_id, by)?;
        let trace_id = self.ids.trace_id();
        self.edit(now, message_id, Some(by), edit, &trace_id)
    }

    /// A person leaves a group.
    pub(crate) fn receive_leave(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        who: &Handle,
    ) -> Result<(), ApiError> {
        self.check_member(chat_id, who)?;
        let trace_id = self.ids.trace_id();
        self.leave(now, chat_id.as_str(), Some(who), &trace_id)
    }

    /// A person adds somebody to a group.
    pub(crate) fn receive_participant(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        by: &Handle,
        handle: &Handle,
    ) -> Result<(), ApiError> {
        self.check_member(chat_id, by)?;
        let trace_id = self.ids.trace_id();
        self.add_participant(now, chat_id.as_str(), handle, &trace_id)
    }

    /// Rejects a person who is not in the chat, and one who is blocked if the chat is direct.
    pub(super) fn check_member(&self, chat_id: &ChatId, person: &Handle) -> Result<(), ApiError> {
        let chat = self.active_chat(chat_id.as_str())?;
        if !chat.has(person) {
            return Err(ApiError::not_found(ErrorCode::CHAT_NOT_FOUND, "chat", chat_id));
        }
        if chat.is_group() { Ok(()) } else { self.check_not_blocked(person) }
    }

    /// Rejects a person who does not see the message.
    pub(super) fn check_sees(&self, message_id: &str, person: &Handle) -> Result<(), ApiError> {
        let chat_id = &self.message(message_id)?.chat_id;
        match self.check_member(chat_id, person) {
            Err(error) if error.code() != ErrorCode::HANDLE_BLOCKED => {
                Err(ApiError::not_found(ErrorCode::MESSAGE_NOT_FOUND, "message", message_id))
            }
            seen => seen,
        }
    }

    /// Opts the person out on every line after a keyword, and in after any other message. Messages in groups
    /// have no effect.
    fn note_opt_out(&mut self, now: Moment, chat_id: &ChatId, sender: &Handle, content: &[Content]) {
        if self.conversations.chat(chat_id).is_none_or(Chat::is_group) {
            return;
        }
        let text = match content {
            [Content::Text(text)] => text.value(),
            _ => "",
        };
        self.set_opted_out(now, chat_id, sender, text);
    }
}
