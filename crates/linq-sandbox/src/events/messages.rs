use linq_types::{
    ChatId, Handle, IdempotencyKey, MessageId, Service,
    error::ErrorCode,
    events::{EventType, WebhookVersion},
    parts::{Effect, ReplyTo},
    reactions::ReactionType,
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    clock::Moment,
    json,
    model::{Chat, Content, Message, StoredReaction},
    views::{HandleView, HealthView, StickerView},
};

/// `data` of `message.sent`, `message.received`, `message.delivered` and `message.read`.
pub(crate) fn message(
    chat: &Chat,
    message: &Message,
    event_type: &EventType,
    version: &WebhookVersion,
) -> Box<RawValue> {
    match version {
        WebhookVersion::V2025_01_01 => message_2025_01_01(chat, message, event_type),
        _ => message_2026_02_03(chat, message),
    }
}

#[derive(Serialize)]
struct EventChat<'a> {
    id: &'a ChatId,
    is_group: bool,
    owner_handle: Option<HandleView<'a>>,
    health_status: HealthView,
}

impl<'a> EventChat<'a> {
    fn new(chat: &'a Chat) -> Self {
        Self {
            id: &chat.id,
            is_group: chat.is_group(),
            owner_handle: HandleView::of(chat, &chat.line),
            health_status: HealthView::new(chat),
        }
    }
}

pub(super) fn direction(is_from_me: bool) -> &'static str {
    if is_from_me { "outbound" } else { "inbound" }
}

fn message_2026_02_03(chat: &Chat, message: &Message) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        id: &'a MessageId,
        chat: EventChat<'a>,
        direction: &'static str,
        sender_handle: Option<HandleView<'a>>,
        parts: Vec<&'a Content>,
        service: &'a Service,
        preferred_service: Option<&'a str>,
        effect: Option<&'a Effect>,
        reply_to: Option<&'a ReplyTo>,
        sent_at: Option<Moment>,
        delivered_at: Option<Moment>,
        read_at: Option<Moment>,
        idempotency_key: Option<&'a IdempotencyKey>,
    }

    json::raw(&Data {
        id: &message.id,
        chat: EventChat::new(chat),
        direction: direction(message.is_from_me),
        sender_handle: HandleView::of(chat, &message.sender),
        parts: contents(message),
        service: &message.service,
        preferred_service: preferred_service(message),
        effect: message.effect.as_ref(),
        reply_to: message.reply_to.as_ref(),
        sent_at: message.sent_at,
        delivered_at: message.delivered_at,
        read_at: message.read_at,
        idempotency_key: message.idempotency_key.as_ref(),
    })
}

fn message_2025_01_01(chat: &Chat, message: &Message, event_type: &EventType) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        chat_id: &'a ChatId,
        is_group: bool,
        is_from_me: bool,
        from: &'a Handle,
        from_handle: Option<HandleView<'a>>,
        recipient_phone: Option<&'a Handle>,
        recipient_handle: Option<HandleView<'a>>,
        service: &'a Service,
        preferred_service: Option<&'a str>,
        received_at: Option<Moment>,
        idempotency_key: Option<&'a IdempotencyKey>,
        message: Inner<'a>,
        #[serde(flatten)]
        receipt: Option<Receipt<'a>>,
    }

    #[derive(Serialize)]
    struct Inner<'a> {
        id: &'a MessageId,
        parts: Vec<&'a Content>,
        effect: Option<&'a Effect>,
        reply_to: Option<&'a ReplyTo>,
        is_delivered: bool,
        is_read: bool,
        sent_at: Option<Moment>,
        delivered_at: Option<Moment>,
        read_at: Option<Moment>,
        created_at: Moment,
        updated_at: Moment,
    }

    #[derive(Serialize)]
    struct Receipt<'a> {
        message_id: &'a MessageId,
        #[serde(skip_serializing_if = "Option::is_none")]
        delivered_at: Option<Moment>,
        #[serde(skip_serializing_if = "Option::is_none")]
        read_at: Option<Moment>,
    }

    let receipt = |delivered_at, read_at| Receipt { message_id: &message.id, delivered_at, read_at };
    let recipient = Some(&chat.line).filter(|_| !message.is_from_me);
    json::raw(&Data {
        chat_id: &chat.id,
        is_group: chat.is_group(),
        is_from_me: message.is_from_me,
        from: &message.sender,
        from_handle: HandleView::of(chat, &message.sender),
        recipient_phone: recipient,
        recipient_handle: recipient.and_then(|line| HandleView::of(chat, line)),
        service: &message.service,
        preferred_service: preferred_service(message),
        received_at: message.sent_at.filter(|_| !message.is_from_me),
        idempotency_key: message.idempotency_key.as_ref(),
        message: Inner {
            id: &message.id,
            parts: contents(message),
            effect: message.effect.as_ref(),
            reply_to: message.reply_to.as_ref(),
            is_delivered: message.delivered_at.is_some(),
            is_read: message.read_at.is_some(),
            sent_at: message.sent_at,
            delivered_at: message.delivered_at,
            read_at: message.read_at,
            created_at: message.created_at,
            updated_at: message.updated_at,
        },
        receipt: match event_type {
            EventType::MessageDelivered => Some(receipt(message.delivered_at, None)),
            EventType::MessageRead => Some(receipt(None, message.read_at)),
            _ => None,
        },
    })
}

fn contents(message: &Message) -> Vec<&Content> {
    message.parts.iter().map(|part| &part.content).collect()
}

fn preferred_service(message: &Message) -> Option<&str> {
    let asked = message.preferred_service.as_ref().map_or("auto", Service::as_str);
    message.is_from_me.then_some(asked)
}

/// `data` of `message.failed`.
pub(crate) fn failure(message: &Message, code: ErrorCode) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        code: ErrorCode,
        reason: &'static str,
        chat_id: &'a ChatId,
        message_id: &'a MessageId,
        service: &'a Service,
        preferred_service: Option<&'a str>,
        failed_at: Moment,
    }

    json::raw(&Data {
        code,
        reason: reason(code),
        chat_id: &message.chat_id,
        message_id: &message.id,
        service: &message.service,
        preferred_service: preferred_service(message),
        failed_at: message.updated_at,
    })
}

pub(super) fn reason(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::DELIVERY_FAILED => "the recipient cannot be reached on this service",
        _ => code.meaning().unwrap_or("the message could not be delivered"),
    }
}

/// `data` of `message.edited`.
pub(crate) fn edit(chat: &Chat, message: &Message, part_index: usize, text: &str) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        id: &'a MessageId,
        chat: EventChat<'a>,
        direction: &'static str,
        sender_handle: Option<HandleView<'a>>,
        part: EditedPart<'a>,
        edited_at: Moment,
    }

    #[derive(Serialize)]
    struct EditedPart<'a> {
        index: usize,
        text: &'a str,
    }

    json::raw(&Data {
        id: &message.id,
        chat: EventChat::new(chat),
        direction: direction(message.is_from_me),
        sender_handle: HandleView::of(chat, &message.sender),
        part: EditedPart { index: part_index, text },
        edited_at: message.updated_at,
    })
}

/// `data` of `reaction.added`, `reaction.removed` and `poll.reaction.added`.
pub(crate) fn reaction(
    now: Moment,
    chat: &Chat,
    message: &Message,
    part_index: usize,
    reaction: &StoredReaction,
) -> Box<RawValue> {
    #[derive(Serialize)]
    struct Data<'a> {
        is_from_me: bool,
        reaction_type: &'a ReactionType,
        chat_id: &'a ChatId,
        message_id: &'a MessageId,
        part_index: usize,
        custom_emoji: Option<&'a str>,
        from: &'a Handle,
        from_handle: Option<HandleView<'a>>,
        reacted_at: Moment,
        reaction_id: &'a str,
        service: &'a Service,
        sticker: Option<StickerView<'a>>,
    }

    json::raw(&Data {
        is_from_me: reaction.by == chat.line,
        reaction_type: &reaction.kind,
        chat_id: &chat.id,
        message_id: &message.id,
        part_index,
        custom_emoji: reaction.custom_emoji.as_deref(),
        from: &reaction.by,
        from_handle: HandleView::of(chat, &reaction.by),
        reacted_at: now,
        reaction_id: &reaction.id,
        service: &message.service,
        sticker: reaction.sticker.as_ref().map(StickerView::new),
    })
}
