use serde::{Deserialize, Deserializer, Serialize};

use super::super::{
    Direction,
    message_view::{MessageView, message_methods},
    table::event_payloads,
};
use crate::{
    AttachmentId, ChatHandle, ChatId, Handle, IdempotencyKey, MessageId, PreferredService, Service,
    Timestamp,
    json::{Tagged, tagged},
    parts::{Effect, MediaPartResponse, PartResponse, ReplyTo},
    reactions::ReactionResponse,
};

/// A message in its webhooks, in the 2025-01-01 format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageEvent {
    /// The message; `None` if the event does not have it.
    #[serde(default, deserialize_with = "crate::list::identifying", skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<MessagePayload>>,
    /// The message's id; `None` except in delivered and read events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The id of the chat; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// Whether the chat has more than two participants; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// Whether your line sent the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_from_me: Option<bool>,
    /// Who sent the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_handle: Option<ChatHandle>,
    /// The handle of who sent the message; `None` if the event does not have it.
    #[deprecated(note = "use `from_handle`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// Your line that received the message; `None` for outbound messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_handle: Option<ChatHandle>,
    /// The number of your line that received the message; `None` for outbound and for some inbound messages.
    #[deprecated(note = "use `recipient_handle`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_phone: Option<Handle>,
    /// The service that carried the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The service that was requested; `None` if none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<PreferredService>,
    /// The idempotency key that the message was sent with; `None` for inbound messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// When the message was received; `None` for outbound messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// When the message was delivered; `None` except in delivered events, and in some of these too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When the message was read; `None` except in read events, and in some of these too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
}

impl MessageEvent {
    /// Returns the message as [`Event::message`](crate::events::Event::message) does.
    #[must_use]
    #[expect(deprecated, reason = "some events have only the deprecated fields")]
    pub fn view(&self) -> MessageView<'_> {
        let message = self.message.as_deref();
        let direction = self.direction();
        let sender = self.from_handle.as_ref().map(|sender| &sender.handle).or(self.from.as_ref());
        let recipient = self.recipient_handle.as_ref().map(|recipient| &recipient.handle);
        let recipient = recipient.or(self.recipient_phone.as_ref());
        let sent_at = message.and_then(|message| message.sent_at);
        MessageView {
            id: message.and_then(|message| message.id.as_ref()).or(self.message_id.as_ref()),
            chat_id: self.chat_id.as_ref(),
            is_group: self.is_group,
            direction,
            sender,
            line: if direction == Some(&Direction::Outbound) { sender } else { recipient },
            parts: message.map(|message| &*message.parts).unwrap_or_default(),
            service: self.service.as_ref(),
            preferred_service: self.preferred_service.as_ref(),
            effect: message.and_then(|message| message.effect.as_ref()),
            reply_to: message.and_then(|message| message.reply_to.as_ref()),
            idempotency_key: self.idempotency_key.as_ref(),
            sent_at,
            received_at: self.received_at.or(sent_at.filter(|_| direction == Some(&Direction::Inbound))),
            delivered_at: self.delivered_at.or(message.and_then(|message| message.delivered_at)),
            read_at: self.read_at.or(message.and_then(|message| message.read_at)),
            reconciled_at: None,
            zero_retention: false,
        }
    }

    fn direction(&self) -> Option<&'static Direction> {
        let is_me = self.from_handle.as_ref().and_then(|sender| sender.is_me);
        self.is_from_me.or(is_me).map(Direction::of_sender)
    }
}

message_methods!(MessageEvent);

/// The message in a message event of the 2025-01-01 format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessagePayload {
    /// The message's id; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MessageId>,
    /// The parts of the message; empty if the event does not have them.
    #[serde(default, deserialize_with = "parts", skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartResponse>,
    /// The effect that plays when the message arrives; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The message that this message replies to; `None` if it is not a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// Whether the message was delivered; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_delivered: Option<bool>,
    /// Whether the message was read; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_read: Option<bool>,
    /// When the message was sent; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When the message was delivered; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When the message was read; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// When the service recorded the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the service last updated the message; `None` if the event does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

event_payloads! {
    MessageEvent: {
        /// A message was received on one of your lines.
        MessageReceived;
        /// A message was sent from one of your lines.
        MessageSent;
        /// A message that one of your lines sent was delivered. SMS has no such event.
        MessageDelivered;
        /// A message that one of your lines sent was read. SMS has no such event.
        MessageRead;
    }
}

fn parts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PartResponse>, D::Error> {
    let parts: Vec<Part> = crate::list::identifying(deserializer)?;
    Ok(parts.into_iter().map(|Part(part)| part).collect())
}

/// A part whose media type can be named `content_type` instead of `mime_type`.
struct Part(PartResponse);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged(deserializer)
    }
}

impl Tagged for Part {
    fn read<'de, D: Deserializer<'de>>(tag: Option<&str>, object: D) -> Result<Self, D::Error> {
        match tag {
            Some("media") => {
                let media = MediaPartResponse::from(Media::deserialize(object)?).identified()?;
                Ok(Self(PartResponse::Media(media)))
            }
            _ => PartResponse::read(tag, object).map(Self),
        }
    }
}

#[derive(Deserialize)]
struct Media {
    id: Option<AttachmentId>,
    filename: Option<String>,
    mime_type: Option<String>,
    content_type: Option<String>,
    size_bytes: Option<u64>,
    url: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    reactions: Vec<ReactionResponse>,
}

impl From<Media> for MediaPartResponse {
    fn from(media: Media) -> Self {
        Self {
            id: media.id,
            filename: media.filename,
            mime_type: media.mime_type.or(media.content_type),
            size_bytes: media.size_bytes,
            url: media.url,
            width: media.width,
            height: media.height,
            reactions: media.reactions,
        }
    }
}
