//! The bodies of V2 webhooks. The fields are in the order of their names at every level: the canonical form that V2 signs.

use linq_types::{EventId, Handle, Service, events::v2::EventType, reactions::ReactionType};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    json,
    model::{Chat, Member, Message, StoredReaction},
    views::v2::{files, number, text},
};

#[derive(Serialize)]
pub(crate) struct V2Envelope<'a> {
    api_version: &'static str,
    created_at: String,
    data: Box<RawValue>,
    event_id: &'a EventId,
    event_type: &'a EventType,
}

impl<'a> V2Envelope<'a> {
    pub(crate) fn new(
        now: Moment,
        event_type: &'a EventType,
        event_id: &'a EventId,
        data: Box<RawValue>,
    ) -> Self {
        Self { api_version: "v2", created_at: rfc3339(now), data, event_id, event_type }
    }
}

/// An id in webhooks, where ids are text.
fn id(id: &str) -> String {
    number(id).to_string()
}

/// A time with an offset: `2025-05-21T15:30:00+00:00`.
fn rfc3339(time: Moment) -> String {
    seconds(time).replace('Z', "+00:00")
}

/// A time as Ruby writes it: `2025-05-21 15:30:00 +0000`.
fn ruby(time: Moment) -> String {
    seconds(time).replace('T', " ").replace('Z', " +0000")
}

fn seconds(time: Moment) -> String {
    let text = time.timestamp().to_string();
    match text.split_once('.') {
        Some((whole, _)) => format!("{whole}Z"),
        None => text,
    }
}

#[derive(Serialize)]
struct ChatHandle<'a> {
    display_name: &'a Handle,
    identifier: &'a Handle,
    is_me: bool,
}

fn chat_handles(chat: &Chat) -> Vec<ChatHandle<'_>> {
    let active = chat.members.iter().filter(|member| member.is_active());
    active
        .map(|Member { handle, is_me, .. }| ChatHandle {
            display_name: handle,
            identifier: handle,
            is_me: *is_me,
        })
        .collect()
}

/// `data` of `message.sent` and `message.received`.
pub(crate) fn message(chat: &Chat, message: &Message) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        attachments: Vec<Attachment<'a>>,
        chat_handles: Vec<ChatHandle<'a>>,
        chat_id: String,
        from_phone: &'a Handle,
        id: String,
        is_read: bool,
        reaction_id: Option<&'a str>,
        sent_at: String,
        service: &'a Service,
        text: String,
    }

    #[derive(Serialize)]
    struct Attachment<'a> {
        filename: &'a str,
        id: &'a str,
        mime_type: &'a str,
        url: &'a str,
    }

    let attachments = files(message).map(|media| Attachment {
        filename: &media.filename,
        id: &media.id,
        mime_type: &media.mime_type,
        url: &media.url,
    });
    json::raw(&Data {
        attachments: attachments.collect(),
        chat_handles: chat_handles(chat),
        chat_id: id(chat.id.as_str()),
        from_phone: &message.sender,
        id: id(message.id.as_str()),
        is_read: message.read_at.is_some(),
        reaction_id: None,
        sent_at: ruby(message.sent_at.unwrap_or(message.created_at)),
        service: &message.service,
        text: text(message),
    })
}

/// `data` of `message.read`.
pub(crate) fn read(now: Moment, message: &Message) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data {
        chat_id: String,
        id: String,
        read_at: String,
    }

    json::raw(&Data {
        chat_id: id(message.chat_id.as_str()),
        id: id(message.id.as_str()),
        read_at: rfc3339(message.read_at.unwrap_or(now)),
    })
}

#[derive(Serialize)]
struct Participant<'a> {
    id: String,
    identifier: &'a Handle,
}

impl<'a> Participant<'a> {
    fn new(member: &'a Member) -> Self {
        Self { id: id(&member.id), identifier: &member.handle }
    }
}

/// `data` of `reaction.sent` and `reaction.received`.
pub(crate) fn reaction(
    now: Moment,
    chat: &Chat,
    message: &Message,
    reaction: &StoredReaction,
) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        associated_message: AssociatedMessage,
        chat_handle: Option<Participant<'a>>,
        chat_handles: Vec<ChatHandle<'a>>,
        chat_id: String,
        chat_message_id: String,
        created_at: String,
        id: String,
        is_from_me: bool,
        reaction: &'a ReactionType,
        sent_at: String,
    }

    #[derive(Serialize)]
    struct AssociatedMessage {
        id: String,
        sent_at: String,
        text: String,
    }

    let message_id = id(message.id.as_str());
    json::raw(&Data {
        associated_message: AssociatedMessage {
            id: message_id.clone(),
            sent_at: ruby(message.sent_at.unwrap_or(message.created_at)),
            text: text(message),
        },
        chat_handle: chat.member(&reaction.by).map(Participant::new),
        chat_handles: chat_handles(chat),
        chat_id: id(chat.id.as_str()),
        chat_message_id: message_id,
        created_at: ruby(now),
        id: id(&reaction.id),
        is_from_me: reaction.by == chat.line,
        reaction: &reaction.kind,
        sent_at: ruby(now),
    })
}

/// `data` of `typing_indicator.received` and `typing_indicator.removed`.
pub(crate) fn typing(now: Moment, chat: &Chat, display: bool) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat_handles: Vec<ChatHandle<'a>>,
        chat_id: String,
        display: bool,
        timestamp: String,
    }

    json::raw(&Data {
        chat_handles: chat_handles(chat),
        chat_id: id(chat.id.as_str()),
        display,
        timestamp: ruby(now),
    })
}

/// `data` of `participant.added` and `participant.removed`, which the reference does not show.
pub(crate) fn participant(chat: &Chat, member: &Member) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat_handle: Participant<'a>,
        chat_handles: Vec<ChatHandle<'a>>,
        chat_id: String,
    }

    json::raw(&Data {
        chat_handle: Participant::new(member),
        chat_handles: chat_handles(chat),
        chat_id: id(chat.id.as_str()),
    })
}
