use std::time::Duration;

use linq_types::{
    ChatId, Handle, IdempotencyKey, MessageId, Service, TraceId,
    error::ErrorCode,
    events::EventType,
    messages::{DeliveryStatus, NewMessage},
    parts::{Effect, Part, ReplyTo},
};

use super::{Chat, Store, StoredReaction, subscriptions::Occurrence};
use crate::{
    clock::Moment,
    error::ApiError,
    events,
    parts::{self, Content},
    scheduler::Action,
};

const MAX_RECIPIENTS: usize = 31;

pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) chat_id: ChatId,
    pub(crate) sender: Handle,
    pub(crate) is_from_me: bool,
    pub(crate) parts: Vec<MessagePart>,
    pub(crate) status: DeliveryStatus,
    pub(crate) service: Service,
    pub(crate) preferred_service: Option<Service>,
    pub(crate) effect: Option<Effect>,
    pub(crate) reply_to: Option<ReplyTo>,
    pub(crate) idempotency_key: Option<IdempotencyKey>,
    /// Of the request that sent it; every webhook about its way has the same.
    pub(crate) trace_id: TraceId,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) sent_at: Option<Moment>,
    pub(crate) delivered_at: Option<Moment>,
    pub(crate) read_at: Option<Moment>,
}

pub(crate) struct MessagePart {
    pub(crate) content: Content,
    pub(crate) reactions: Vec<StoredReaction>,
}

/// A message that a request asks to send.
pub(crate) struct Outgoing {
    pub(crate) message: NewMessage,
    pub(crate) override_optout: bool,
    pub(crate) trace_id: TraceId,
}

impl Message {
    /// How long until the next step on the message's way; `None` at its end. SMS has no receipts.
    fn until_next_step(&self, delays: &crate::Delays) -> Option<Duration> {
        match self.status {
            DeliveryStatus::Pending => Some(delays.sent),
            DeliveryStatus::Sent if self.service != Service::Sms => Some(delays.delivered),
            DeliveryStatus::Delivered => Some(delays.read),
            _ => None,
        }
    }
}

impl Store {
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
            return Err(parameter("`to` holds the line that `from` names"));
        }
        let mut others = Vec::with_capacity(to.len().min(MAX_RECIPIENTS));
        for handle in to {
            if !others.contains(handle) {
                others.push(handle.clone());
            }
            if others.len() > MAX_RECIPIENTS {
                return Err(parameter("`to` holds more than 31 handles"));
            }
        }
        if others.is_empty() {
            return Err(parameter("`to` is empty"));
        }
        if let Some(chat) = self.find_chat(line, &others) {
            let chat_id = chat.id.clone();
            return self.send_into(now, &chat_id, outgoing);
        }
        check_first(&outgoing.message)?;
        self.check_recipients(now, line, &others, outgoing.override_optout)?;
        check_mentions(&outgoing.message, &others)?;
        let content = self.accept(&outgoing.message)?;
        let chat_id = self.create_chat(now, &outgoing.trace_id, line, &others);
        Ok(self.push_outgoing(now, &chat_id, line.clone(), &others, content, outgoing))
    }

    /// Sends into an existing chat.
    pub(crate) fn send_into(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        outgoing: Outgoing,
    ) -> Result<MessageId, ApiError> {
        let chat = self.chat(chat_id.as_str())?;
        let (line, others) = (chat.line.clone(), chat.others());
        if let Some(reply) = &outgoing.message.reply_to {
            self.check_reply(chat, reply)?;
        }
        self.check_recipients(now, &line, &others, outgoing.override_optout)?;
        check_mentions(&outgoing.message, &others)?;
        let content = self.accept(&outgoing.message)?;
        Ok(self.push_outgoing(now, chat_id, line, &others, content, outgoing))
    }

    fn check_reply(&self, chat: &Chat, reply: &ReplyTo) -> Result<(), ApiError> {
        let answered = reply.message_id.as_ref().and_then(|id| self.messages.get(id));
        let answered = answered
            .filter(|message| message.chat_id == chat.id)
            .ok_or_else(|| parameter("`message.reply_to.message_id` names no message of this chat"))?;
        match answered.parts.get(reply.part_index.unwrap_or(0) as usize) {
            Some(_) => Ok(()),
            None => Err(parameter("`message.reply_to.part_index` names no part of that message")),
        }
    }

    fn check_recipients(
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

    fn accept(&mut self, message: &NewMessage) -> Result<Vec<Content>, ApiError> {
        let parts = message.parts.clone().unwrap_or_default();
        parts::accept(parts, &mut self.ids, &self.attachments)
    }

    fn push_outgoing(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        line: Handle,
        others: &[Handle],
        content: Vec<Content>,
        outgoing: Outgoing,
    ) -> MessageId {
        self.count_sends(now, &line, others);
        self.count_daily(now);
        let Outgoing { message: asked, trace_id, .. } = outgoing;
        let message = Message {
            id: self.ids.uuid().into(),
            chat_id: chat_id.clone(),
            sender: line,
            is_from_me: true,
            parts: parts_without_reactions(content),
            status: DeliveryStatus::Pending,
            service: self.carrier(others, asked.preferred_service.as_ref()),
            preferred_service: asked.preferred_service,
            effect: asked.effect,
            reply_to: asked.reply_to,
            idempotency_key: asked.idempotency_key,
            trace_id,
            created_at: now,
            updated_at: now,
            sent_at: None,
            delivered_at: None,
            read_at: None,
        };
        let id = self.push(message);
        self.schedule_next_step(now, &id);
        id
    }

    /// Takes in what a person wrote.
    pub(super) fn push_incoming(
        &mut self,
        now: Moment,
        chat_id: &ChatId,
        sender: &Handle,
        text: &str,
        trace_id: TraceId,
    ) -> MessageId {
        let message = Message {
            id: self.ids.uuid().into(),
            chat_id: chat_id.clone(),
            sender: sender.clone(),
            is_from_me: false,
            parts: parts_without_reactions(vec![Content::words(text)]),
            status: DeliveryStatus::Received,
            service: self.reach(std::slice::from_ref(sender)),
            preferred_service: None,
            effect: None,
            reply_to: None,
            idempotency_key: None,
            trace_id,
            created_at: now,
            updated_at: now,
            sent_at: Some(now),
            delivered_at: None,
            read_at: None,
        };
        let id = self.push(message);
        self.publish_message(now, &EventType::MessageReceived, &id);
        id
    }

    fn push(&mut self, message: Message) -> MessageId {
        let id = message.id.clone();
        if let Some(chat) = self.chats.get_mut(&message.chat_id) {
            chat.service = message.service.clone();
            chat.updated_at = message.created_at;
            chat.messages.push(id.clone());
        }
        self.messages.insert(id.clone(), message);
        id
    }

    /// Takes a message one step along pending, sent, delivered, read; or lets it fail.
    pub(crate) fn advance(&mut self, now: Moment, id: &MessageId) {
        let fails = self.messages.get(id).is_some_and(|message| !self.can_carry(message));
        let Some(message) = self.messages.get_mut(id) else { return };
        let event_type = match message.status {
            DeliveryStatus::Pending if fails => {
                message.status = DeliveryStatus::Failed;
                EventType::MessageFailed
            }
            DeliveryStatus::Pending => {
                (message.status, message.sent_at) = (DeliveryStatus::Sent, Some(now));
                EventType::MessageSent
            }
            DeliveryStatus::Sent => {
                (message.status, message.delivered_at) = (DeliveryStatus::Delivered, Some(now));
                EventType::MessageDelivered
            }
            _ => {
                (message.status, message.read_at) = (DeliveryStatus::Read, Some(now));
                EventType::MessageRead
            }
        };
        message.updated_at = now;
        self.schedule_next_step(now, id);
        self.publish_message(now, &event_type, id);
    }

    fn schedule_next_step(&mut self, now: Moment, id: &MessageId) {
        let message = self.messages.get(id);
        if let Some(wait) = message.and_then(|message| message.until_next_step(&self.config.delays)) {
            self.queue.push(now + wait, Action::Advance(id.clone()));
        }
    }

    /// A message that insists on iMessage fails where somebody has none.
    fn can_carry(&self, message: &Message) -> bool {
        let Some(chat) = self.chats.get(&message.chat_id) else { return false };
        message.preferred_service != Some(Service::IMessage)
            || self.reach(&chat.others()) == Service::IMessage
    }

    fn publish_message(&mut self, now: Moment, event_type: &EventType, id: &MessageId) {
        let Some(message) = self.messages.get(id) else { return };
        let Some(chat) = self.chats.get(&message.chat_id) else { return };
        let occurrence = Occurrence { now, event_type, chat, trace_id: &message.trace_id };
        self.subscriptions.publish(&mut self.queue, occurrence, |version| match event_type {
            EventType::MessageFailed => events::failure(message),
            _ => events::message(chat, message, event_type, version),
        });
    }
}

fn parts_without_reactions(content: Vec<Content>) -> Vec<MessagePart> {
    content.into_iter().map(|content| MessagePart { content, reactions: Vec::new() }).collect()
}

/// What the first message of a new chat may not have.
fn check_first(message: &NewMessage) -> Result<(), ApiError> {
    if parts::has_link(message.parts.as_deref().unwrap_or_default()) {
        return Err(parameter("the first message of a chat may not hold a link"));
    }
    if message.reply_to.is_some() {
        return Err(parameter("`message.reply_to`: the first message of a chat answers nothing"));
    }
    if message.effect.is_some() {
        return Err(parameter("`message.effect`: the first message of a chat may not have an effect"));
    }
    Ok(())
}

fn check_mentions(message: &NewMessage, others: &[Handle]) -> Result<(), ApiError> {
    let mentioned = message.parts.iter().flatten().find_map(|part| match part {
        Part::Text(text) => text.mention.as_ref(),
        _ => None,
    });
    match mentioned {
        Some(_) if others.len() < 2 => {
            Err(ApiError::new(ErrorCode::MENTION_IN_DIRECT_CHAT, "mentions are possible in groups only"))
        }
        Some(handle) if !others.contains(handle) => Err(parameter("`mention` names nobody of this chat")),
        _ => Ok(()),
    }
}

fn parameter(message: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_PARAMETER, message)
}
