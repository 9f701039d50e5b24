use linq_types::{Handle, MessageId, PollOptionId, Service, error::ErrorCode, events::EventType};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    chats::InChat,
    messages::{direction, reason},
};
use crate::{
    clock::Moment,
    json,
    model::{Chat, Message, Poll, PollOption},
    views::{HandleView, PollOptionView, PollView, micros},
};

/// What all events about a poll have.
#[derive(Serialize)]
struct OfPoll<'a> {
    message_id: &'a MessageId,
    chat: InChat<'a>,
    direction: &'static str,
    sender_handle: Option<HandleView<'a>>,
    service: &'a Service,
}

impl<'a> OfPoll<'a> {
    fn new(chat: &'a Chat, message: &'a Message, by: &Handle) -> Self {
        Self {
            message_id: &message.id,
            chat: InChat::new(chat),
            direction: direction(*by == chat.line),
            sender_handle: HandleView::of(chat, by),
            service: &message.service,
        }
    }
}

/// `data` of `poll.sent`, `poll.received`, `poll.delivered` and `poll.read`.
pub(crate) fn poll(chat: &Chat, message: &Message, poll: &Poll, event_type: &EventType) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        #[serde(flatten)]
        of: OfPoll<'a>,
        poll: PollView<'a>,
        #[serde(serialize_with = "micros")]
        created_at: Moment,
        updated_at: Moment,
        #[serde(flatten)]
        way: Way,
    }

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Way {
        In { received_at: Option<Moment> },
        Out { sent_at: Option<Moment>, delivered_at: Option<Moment>, read_at: Option<Moment> },
    }

    json::raw(&Data {
        of: OfPoll::new(chat, message, &message.sender),
        poll: PollView::new(chat, poll),
        created_at: message.created_at,
        updated_at: message.updated_at,
        way: match event_type {
            EventType::PollReceived => Way::In { received_at: message.sent_at },
            _ => Way::Out {
                sent_at: message.sent_at,
                delivered_at: message.delivered_at,
                read_at: message.read_at,
            },
        },
    })
}

/// `data` of `poll.failed`.
pub(crate) fn poll_failure(chat: &Chat, message: &Message, poll: &Poll, code: ErrorCode) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        #[serde(flatten)]
        of: OfPoll<'a>,
        poll: PollView<'a>,
        error: Failure,
        failed_at: Moment,
    }

    #[derive(Serialize)]
    struct Failure {
        code: ErrorCode,
        message: &'static str,
    }

    json::raw(&Data {
        of: OfPoll::new(chat, message, &message.sender),
        poll: PollView::new(chat, poll),
        error: Failure { code, message: reason(code) },
        failed_at: message.updated_at,
    })
}

/// `data` of `poll.updated`.
pub(crate) fn poll_update(
    chat: &Chat,
    message: &Message,
    by: &Handle,
    added: &[PollOption],
) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        #[serde(flatten)]
        of: OfPoll<'a>,
        added_options: Vec<PollOptionView<'a>>,
    }

    json::raw(&Data {
        of: OfPoll::new(chat, message, by),
        added_options: added.iter().map(|option| PollOptionView::new(chat, option)).collect(),
    })
}

/// `data` of `poll.vote.added` and `poll.vote.removed`.
pub(crate) fn vote(chat: &Chat, message: &Message, by: &Handle, option_id: &PollOptionId) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        #[serde(flatten)]
        of: OfPoll<'a>,
        option_id: &'a PollOptionId,
    }

    json::raw(&Data { of: OfPoll::new(chat, message, by), option_id })
}
