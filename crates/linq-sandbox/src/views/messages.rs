use linq_types::{
    ChatId, Handle, MessageId, Service,
    messages::DeliveryStatus,
    parts::{Effect, ReplyTo},
    reactions::ReactionType,
};
use serde::Serialize;

use super::handles::HandleView;
use crate::{
    clock::Moment,
    model::{Chat, Content, Media, Message, MessagePart, StoredReaction},
};

/// A message in the response to its sending.
#[derive(Serialize)]
pub(crate) struct SentMessageView<'a> {
    id: &'a MessageId,
    created_at: Moment,
    delivery_status: &'a DeliveryStatus,
    is_read: bool,
    parts: Vec<PartView<'a>>,
    sent_at: Option<Moment>,
    delivered_at: Option<Moment>,
    effect: Option<&'a Effect>,
    from_handle: Option<HandleView<'a>>,
    preferred_service: Option<&'a Service>,
    reply_to: Option<&'a ReplyTo>,
    service: &'a Service,
}

impl<'a> SentMessageView<'a> {
    pub(crate) fn new(chat: &'a Chat, message: &'a Message) -> Self {
        Self {
            id: &message.id,
            created_at: message.created_at,
            delivery_status: &message.status,
            is_read: message.read_at.is_some(),
            parts: PartView::all(chat, message),
            sent_at: message.sent_at,
            delivered_at: message.delivered_at,
            effect: message.effect.as_ref(),
            from_handle: HandleView::of(chat, &message.sender),
            preferred_service: message.preferred_service.as_ref(),
            reply_to: message.reply_to.as_ref(),
            service: &message.service,
        }
    }
}

/// A message in the response to its retrieval.
#[derive(Serialize)]
pub(crate) struct MessageView<'a> {
    id: &'a MessageId,
    chat_id: &'a ChatId,
    created_at: Moment,
    updated_at: Moment,
    delivery_status: &'a DeliveryStatus,
    is_delivered: bool,
    is_from_me: bool,
    is_read: bool,
    sent_at: Option<Moment>,
    delivered_at: Option<Moment>,
    read_at: Option<Moment>,
    effect: Option<&'a Effect>,
    from: &'a Handle,
    from_handle: Option<HandleView<'a>>,
    parts: Vec<PartView<'a>>,
    preferred_service: Option<&'a Service>,
    reply_to: Option<&'a ReplyTo>,
    service: &'a Service,
}

impl<'a> MessageView<'a> {
    pub(crate) fn new(chat: &'a Chat, message: &'a Message) -> Self {
        Self {
            id: &message.id,
            chat_id: &message.chat_id,
            created_at: message.created_at,
            updated_at: message.updated_at,
            delivery_status: &message.status,
            is_delivered: message.delivered_at.is_some(),
            is_from_me: message.is_from_me,
            is_read: message.read_at.is_some(),
            sent_at: message.sent_at,
            delivered_at: message.delivered_at,
            read_at: message.read_at,
            effect: message.effect.as_ref(),
            from: &message.sender,
            from_handle: HandleView::of(chat, &message.sender),
            parts: PartView::all(chat, message),
            preferred_service: message.preferred_service.as_ref(),
            reply_to: message.reply_to.as_ref(),
            service: &message.service,
        }
    }
}

#[derive(Serialize)]
struct PartView<'a> {
    #[serde(flatten)]
    content: &'a Content,
    reactions: Option<Vec<ReactionView<'a>>>,
}

impl<'a> PartView<'a> {
    /// Returns the parts of a message without a poll, which has an endpoint of its own.
    fn all(chat: &'a Chat, message: &'a Message) -> Vec<Self> {
        let parts = message.parts.iter().filter(|part| !matches!(part.content, Content::Poll(_)));
        parts.map(|part| Self::new(chat, part)).collect()
    }

    fn new(chat: &'a Chat, part: &'a MessagePart) -> Self {
        let reactions = ReactionView::all(chat, part);
        Self { content: &part.content, reactions: Some(reactions).filter(|reactions| !reactions.is_empty()) }
    }
}

#[derive(Serialize)]
pub(crate) struct ReactionView<'a> {
    id: &'a str,
    handle: HandleView<'a>,
    is_me: bool,
    r#type: &'a ReactionType,
    custom_emoji: Option<&'a str>,
    sticker: Option<StickerView<'a>>,
}

impl<'a> ReactionView<'a> {
    pub(crate) fn all(chat: &'a Chat, part: &'a MessagePart) -> Vec<Self> {
        part.reactions.iter().filter_map(|reaction| Self::new(chat, reaction)).collect()
    }

    fn new(chat: &'a Chat, reaction: &'a StoredReaction) -> Option<Self> {
        let handle = HandleView::of(chat, &reaction.by)?;
        Some(Self {
            id: &reaction.id,
            is_me: handle.is_me,
            handle,
            r#type: &reaction.kind,
            custom_emoji: reaction.custom_emoji.as_deref(),
            sticker: reaction.sticker.as_ref().map(StickerView::new),
        })
    }
}

#[derive(Serialize)]
pub(crate) struct StickerView<'a> {
    file_name: &'a str,
    mime_type: &'a str,
    url: &'a str,
}

impl<'a> StickerView<'a> {
    pub(crate) fn new(media: &'a Media) -> Self {
        Self { file_name: &media.filename, mime_type: &media.mime_type, url: &media.url }
    }
}
