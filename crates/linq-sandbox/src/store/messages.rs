use std::borrow::Cow;

use linq_types::{
    ChatId, Handle, MessageId, Service, TraceId,
    error::ErrorCode,
    messages::{DeliveryStatus, MessageContent},
    parts::{Part, ReplyTo},
};

use super::{Store, effects::Event};
use crate::{
    check,
    clock::Moment,
    error::ApiError,
    events,
    model::{Chat, Content, Message, Outgoing, Place, Step, Timeline, Timer},
};

pub(super) const MAX_RECIPIENTS: usize = 31;

impl Store {
    pub(crate) fn message(&self, id: &str) -> Result<&Message, ApiError> {
        self.conversations
            .message(id)
            .ok_or_else(|| ApiError::not_found(ErrorCode::MESSAGE_NOT_FOUND, "message", id))
    }

    /// Sends into the chat of this line and these people, which is created if there is none.
    pub(crate) fn send_to(
        &mut self,
        now: Moment,
        line: &Handle,
        to: &[Handle],
        outgoing: Outgoing,
    ) -> Result<MessageId, ApiError> {
        self.check_line("from", line)?;
        if to.contains(line) {
            return Err(ApiError::invalid("`to` holds the line that `from` names"));
        }
        let others = recipients(to)?;
        if let Some(chat) = self.conversations.find(line, &others) {
            let chat_id = chat.id.clone();
            return self.send_into(now, &chat_id, outgoing);
        }
        self.check_first(&outgoing.message)?;
        self.open_and_send(now, line, &others, outgoing)
    }

    /// Sends into a new chat.
    pub(super) fn open_and_send(
        &mut self,
        now: Moment,
        line: &Handle,
        others: &[Handle],
        outgoing: Outgoing,
    ) -> Result<MessageId, ApiError> {
        self.check_recipients(now, line, others, outgoing.override_optout)?;
        check_mentions(&outgoing.message, others)?;
        self.check_new_chats(now, line)?;
        let content = self.accept(now, &outgoing.message)?;
        self.opened_chats.entry(line.clone()).or_default().count(now);
        let chat_id = self.create_chat(now, line, others);
        if self.config.assumptions.announce_opened_chats {
            self.announce_chat(now, &chat_id, &outgoing.trace_id);
        }
        Ok(self.push_outgoing(now, &chat_id, line.clone(), others, content, outgoing))
    }

    /// Sends into an existing chat.
    pub(crate) fn send_into(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        outgoing: Outgoing,
    ) -> Result<MessageId, ApiError> {
        let chat = self.active_chat(chat_id.as_str())?;
        let (line, others) = (chat.line.clone(), chat.others());
        if let Some(reply) = &outgoing.message.reply_to {
            self.check_reply(chat, reply)?;
        }
        self.check_recipients(now, &line, &others, outgoing.override_optout)?;
        check_mentions(&outgoing.message, &others)?;
        let content = self.accept(now, &outgoing.message)?;
        Ok(self.push_outgoing(now, chat_id, line, &others, content, outgoing))
    }

    /// Rejects what the first message of a new chat may not have.
    fn check_first(&self, message: &MessageContent) -> Result<(), ApiError> {
        if check::has_link(message.parts.as_deref().unwrap_or_default()) {
            return Err(ApiError::invalid("the first message of a chat may not hold a link"));
        }
        let code = self.config.assumptions.first_message_code;
        if message.reply_to.is_some() {
            return Err(ApiError::new(
                code,
                "`message.reply_to`: the first message of a chat answers nothing",
            ));
        }
        if message.effect.is_some() {
            let fault = "`message.effect`: the first message of a chat may not have an effect";
            return Err(ApiError::new(code, fault));
        }
        Ok(())
    }

    pub(super) fn check_reply(&self, chat: &Chat, reply: &ReplyTo) -> Result<(), ApiError> {
        let answered = reply.message_id.as_ref().and_then(|id| self.conversations.message(id));
        let answered = answered.filter(|message| message.chat_id == chat.id).ok_or_else(|| {
            ApiError::invalid("`message.reply_to.message_id` names no message of this chat")
        })?;
        match answered.parts.get(reply.part_index.unwrap_or(0) as usize) {
            Some(_) => Ok(()),
            None => Err(ApiError::invalid("`message.reply_to.part_index` names no part of that message")),
        }
    }

    pub(super) fn check_recipients(
        &self,
        now: Moment,
        line: &Handle,
        others: &[Handle],
        override_optout: bool,
    ) -> Result<(), ApiError> {
        self.check_line_can_send(line)?;
        self.check_people(now, others, override_optout)?;
        self.check_rate(now, line, others)
    }

    pub(super) fn accept(&mut self, now: Moment, message: &MessageContent) -> Result<Vec<Content>, ApiError> {
        if let Some(invoked) = &message.experience {
            return Ok(vec![self.run_experience(invoked)?]);
        }
        let parts = message.parts.clone().unwrap_or_default();
        self.intake(now).accept(parts)
    }

    pub(super) fn push_outgoing(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        line: Handle,
        others: &[Handle],
        content: Vec<Content>,
        outgoing: Outgoing,
    ) -> MessageId {
        self.count_sends(now, &line, others);
        self.daily_sends.count(now);
        let Outgoing { message: asked, trace_id, .. } = outgoing;
        let place = self.new_place(chat_id);
        let message = Message {
            service: self.carrier(others, asked.preferred_service.as_ref()),
            preferred_service: asked.preferred_service,
            effect: asked.effect,
            reply_to: asked.reply_to,
            idempotency_key: asked.idempotency_key,
            ..Message::new(now, place, line, content, trace_id)
        };
        let id = self.push(message);
        if let Some(chat) = self.conversations.chat_mut(chat_id) {
            chat.typing_until = None;
        }
        self.schedule_next_step(now, &id);
        id
    }

    /// Adds a message of a person.
    pub(super) fn push_incoming(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        sender: &Handle,
        content: Vec<Content>,
        written: MessageContent,
        trace_id: TraceId,
    ) -> MessageId {
        let place = self.new_place(chat_id);
        let message = Message {
            is_from_me: false,
            status: DeliveryStatus::Received,
            service: self.reach(std::slice::from_ref(sender)),
            effect: written.effect,
            reply_to: written.reply_to,
            sent_at: Some(now),
            ..Message::new(now, place, sender.clone(), content, trace_id)
        };
        let id = self.push(message);
        self.note_writing(sender);
        if let Some(chat) = self.conversations.chat_mut(chat_id) {
            chat.unread.push(id.clone());
        }
        self.publish_step(now, Step::Received, &id);
        id
    }

    fn new_place(&mut self, chat_id: &ChatId) -> Place {
        self.pushed_messages += 1;
        Place { message_id: self.ids.uuid().into(), chat_id: chat_id.clone(), number: self.pushed_messages }
    }

    fn push(&mut self, mut message: Message) -> MessageId {
        let id = message.id.clone();
        if let Some(answered) = message.reply_to.as_ref().and_then(|reply| reply.message_id.clone()) {
            message.thread = self.join_thread(&answered, message.number, &id);
        }
        self.conversations.add_message(message);
        id
    }

    /// Adds a reply to the thread of the message it replies to, and returns the first message of the thread.
    fn join_thread(&mut self, answered: &MessageId, number: u64, id: &MessageId) -> Option<MessageId> {
        let answered = self.conversations.message_mut(answered)?;
        let first = answered.thread.get_or_insert_with(|| answered.id.clone()).clone();
        let thread = self.threads.entry(first.clone()).or_default();
        thread.insert(answered.number, answered.id.clone());
        thread.insert(number, id.clone());
        Some(first)
    }

    /// Returns the thread of a message; only the message itself if it is in none.
    pub(crate) fn thread(&self, message: &Message) -> Cow<'_, Timeline> {
        let thread = message.thread.as_ref().and_then(|first| self.threads.get(first));
        thread.map_or_else(|| Cow::Owned([(message.number, message.id.clone())].into()), Cow::Borrowed)
    }

    /// Deletes a message for the API. The people keep it.
    pub(crate) fn delete_message(&mut self, id: &str) -> Result<(), ApiError> {
        self.message(id)?;
        let Some(message) = self.conversations.delete_message(id) else { return Ok(()) };
        if let Some(first) = &message.thread
            && let Some(thread) = self.threads.get_mut(first)
        {
            thread.remove(message.number);
            if thread.is_empty() {
                self.threads.remove(first);
            }
        }
        Ok(())
    }

    /// Advances a message by one step of pending, sent, delivered and read, or makes it fail. Does nothing if it is no
    /// longer in the state `from`.
    pub(crate) fn advance(&mut self, now: Moment, id: &MessageId, from: &DeliveryStatus) {
        let Some(message) = self.conversations.message(id).filter(|message| message.status == *from) else {
            return;
        };
        let step = match message.status {
            DeliveryStatus::Pending => self.obstacle(message).map_or(Step::Sent, Step::Failed),
            DeliveryStatus::Sent => Step::Delivered,
            _ => Step::Read,
        };
        self.take_step(now, id, step);
    }

    pub(super) fn take_step(&mut self, now: Moment, id: &MessageId, step: Step) {
        let Some(message) = self.conversations.message_mut(id) else { return };
        let was_silent = matches!(message.status, DeliveryStatus::Pending | DeliveryStatus::Failed);
        message.failure = None;
        match step {
            Step::Received => {}
            Step::Sent => (message.status, message.sent_at) = (DeliveryStatus::Sent, Some(now)),
            Step::Delivered => {
                (message.status, message.delivered_at) = (DeliveryStatus::Delivered, Some(now));
            }
            Step::Read => (message.status, message.read_at) = (DeliveryStatus::Read, Some(now)),
            Step::Failed(code) => (message.status, message.failure) = (DeliveryStatus::Failed, Some(code)),
        }
        message.updated_at = now;
        if was_silent && message.status != DeliveryStatus::Failed {
            self.make_audible(id);
        }
        self.schedule_next_step(now, id);
        self.publish_step(now, step, id);
    }

    fn schedule_next_step(&mut self, now: Moment, id: &MessageId) {
        let Some(message) = self.conversations.message(id) else { return };
        if let Some(wait) = message.until_next_step(&self.config.delays) {
            self.effects.schedule(now + wait, Timer::Advance(id.clone(), message.status.clone()));
        }
    }

    /// Returns why a message cannot be sent: it requires iMessage and somebody has none, or somebody cannot be reached.
    fn obstacle(&self, message: &Message) -> Option<ErrorCode> {
        let others = self.conversations.chat(&message.chat_id)?.others();
        let strict = message.preferred_service == Some(Service::IMessage) || message.is_poll();
        if strict && self.reach(&others) != Service::IMessage {
            return Some(ErrorCode::DELIVERY_FAILED);
        }
        others.iter().find_map(|person| self.delivery_failure(person))
    }

    fn publish_step(&mut self, now: Moment, step: Step, id: &MessageId) {
        let Some(message) = self.conversations.message(id) else { return };
        let Some(chat) = self.conversations.chat(&message.chat_id) else { return };
        let event_type = &step.event_type(message.is_poll());
        let event = Event::about_chat(now, event_type, chat, &message.trace_id);
        self.effects.publish(&self.subscriptions, event, |version| match (message.poll(), step) {
            (Some(poll), Step::Failed(code)) => events::poll_failure(chat, message, poll, code),
            (Some(poll), _) => events::poll(chat, message, poll, event_type),
            (None, Step::Failed(code)) => events::failure(message, code),
            (None, _) => events::message(chat, message, event_type, version),
        });
        self.publish_v2_step(now, step, id);
    }
}

/// Returns each person once.
pub(super) fn recipients(to: &[Handle]) -> Result<Vec<Handle>, ApiError> {
    let mut others = Vec::with_capacity(to.len().min(MAX_RECIPIENTS));
    for handle in to {
        if !others.contains(handle) {
            others.push(handle.clone());
        }
        if others.len() > MAX_RECIPIENTS {
            return Err(ApiError::invalid("`to` holds more than 31 handles"));
        }
    }
    if others.is_empty() { Err(ApiError::invalid("`to` is empty")) } else { Ok(others) }
}

fn check_mentions(message: &MessageContent, others: &[Handle]) -> Result<(), ApiError> {
    let mentioned = message.parts.iter().flatten().find_map(|part| match part {
        Part::Text(text) => text.mention.as_ref(),
        _ => None,
    });
    match mentioned {
        Some(_) if others.len() < 2 => {
            Err(ApiError::new(ErrorCode::MENTION_IN_DIRECT_CHAT, "mentions are possible in groups only"))
        }
        Some(handle) if !others.contains(handle) => {
            Err(ApiError::invalid("`mention` names nobody of this chat"))
        }
        _ => Ok(()),
    }
}
