use std::time::Duration;

use linq_types::{
    ChatId, Handle, IdempotencyKey, MessageId, Service, TraceId,
    error::ErrorCode,
    events::EventType,
    messages::{DeliveryStatus, FromSelectionReason, MessageContent},
    parts::{Effect, ReplyTo},
};

use super::{content::Content, poll::Poll, reaction::StoredReaction};
use crate::{clock::Moment, config::Delays, error::ApiError};

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
    /// The trace id of the request that sent it, shared by the webhooks about its delivery.
    pub(crate) trace_id: TraceId,
    /// The position in the chat.
    pub(crate) number: u64,
    /// The first message of the thread it is in.
    pub(crate) thread: Option<MessageId>,
    pub(crate) edits: u8,
    /// Why this line was selected; `None` if the request named the line.
    pub(crate) selection: Option<Box<Selection>>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) sent_at: Option<Moment>,
    pub(crate) delivered_at: Option<Moment>,
    pub(crate) read_at: Option<Moment>,
    /// Why it failed.
    pub(crate) failure: Option<ErrorCode>,
}

pub(crate) struct MessagePart {
    pub(crate) content: Content,
    pub(crate) reactions: Vec<StoredReaction>,
}

/// The ids of a new message.
pub(crate) struct Place {
    pub(crate) message_id: MessageId,
    pub(crate) chat_id: ChatId,
    pub(crate) number: u64,
}

/// A step in the delivery of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Received,
    Sent,
    Delivered,
    Read,
    Failed(ErrorCode),
}

/// A message that a request asks to send.
pub(crate) struct Outgoing {
    pub(crate) message: MessageContent,
    pub(crate) override_optout: bool,
    pub(crate) trace_id: TraceId,
}

impl Outgoing {
    pub(crate) fn new(message: MessageContent, override_optout: Option<bool>, trace_id: &TraceId) -> Self {
        Self { message, override_optout: override_optout == Some(true), trace_id: trace_id.clone() }
    }
}

impl Step {
    pub(crate) fn event_type(self, of_poll: bool) -> EventType {
        match (self, of_poll) {
            (Self::Received, false) => EventType::MessageReceived,
            (Self::Received, true) => EventType::PollReceived,
            (Self::Sent, false) => EventType::MessageSent,
            (Self::Sent, true) => EventType::PollSent,
            (Self::Delivered, false) => EventType::MessageDelivered,
            (Self::Delivered, true) => EventType::PollDelivered,
            (Self::Read, false) => EventType::MessageRead,
            (Self::Read, true) => EventType::PollRead,
            (Self::Failed(_), false) => EventType::MessageFailed,
            (Self::Failed(_), true) => EventType::PollFailed,
        }
    }
}

impl Message {
    pub(crate) fn is_edited(&self) -> bool {
        self.edits > 0
    }

    pub(crate) fn new(
        now: Moment,
        ids: Place,
        sender: Handle,
        content: Vec<Content>,
        trace_id: TraceId,
    ) -> Self {
        Self {
            id: ids.message_id,
            chat_id: ids.chat_id,
            number: ids.number,
            sender,
            is_from_me: true,
            parts: content
                .into_iter()
                .map(|content| MessagePart { content, reactions: Vec::new() })
                .collect(),
            status: DeliveryStatus::Pending,
            service: Service::IMessage,
            preferred_service: None,
            effect: None,
            reply_to: None,
            idempotency_key: None,
            trace_id,
            thread: None,
            edits: 0,
            selection: None,
            created_at: now,
            updated_at: now,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            failure: None,
        }
    }

    pub(crate) fn selection(&self) -> Result<&Selection, ApiError> {
        self.selection
            .as_deref()
            .ok_or_else(|| ApiError::invalid("the line of the message was not chosen by the API"))
    }

    /// The poll that it carries, if it carries one.
    pub(crate) fn poll(&self) -> Option<&Poll> {
        match &self.parts.first()?.content {
            Content::Poll(poll) => Some(poll),
            _ => None,
        }
    }

    pub(crate) fn poll_mut(&mut self) -> Option<&mut Poll> {
        match &mut self.parts.first_mut()?.content {
            Content::Poll(poll) => Some(poll),
            _ => None,
        }
    }

    pub(crate) fn is_poll(&self) -> bool {
        self.poll().is_some()
    }

    /// Returns the delay until the next delivery step; `None` after the last one. SMS has no receipts.
    pub(crate) fn until_next_step(&self, delays: &Delays) -> Option<Duration> {
        match self.status {
            DeliveryStatus::Pending => Some(delays.sent),
            DeliveryStatus::Sent if self.service != Service::Sms => Some(delays.delivered),
            DeliveryStatus::Delivered => Some(delays.read),
            _ => None,
        }
    }
}

/// Why a line was selected to send a message.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) reason: FromSelectionReason,
    pub(crate) created_new_chat: bool,
    pub(crate) previous_chat_id: Option<ChatId>,
}
