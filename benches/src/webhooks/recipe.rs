//! What one writes by hand for message events: the check by the crate `standardwebhooks`, the types with what serde derives.

#![expect(dead_code, reason = "only read")]

use anyhow::Result;
use http::HeaderMap;
use linq_types::{
    AttachmentId, ChatHandle, EventId, Handle, HealthStatus, MessageId, Timestamp,
    parts::{Effect, InlineStickerResponse, Mention, ReplyTo, TextDecoration, Utf16Range},
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(tag = "event_type")]
pub(crate) enum Event {
    #[serde(rename = "message.received")]
    Received(Envelope),
    #[serde(rename = "message.sent")]
    Sent(Envelope),
    #[serde(rename = "message.delivered")]
    Delivered(Envelope),
    #[serde(rename = "message.read")]
    Read(Envelope),
}

#[derive(Deserialize)]
pub(crate) struct Envelope {
    api_version: String,
    created_at: Timestamp,
    data: Message,
    event_id: EventId,
    partner_id: Option<String>,
    trace_id: Option<String>,
    webhook_version: String,
}

#[derive(Deserialize)]
struct Message {
    id: MessageId,
    chat: Chat,
    direction: String,
    parts: Vec<Part>,
    sender_handle: Option<ChatHandle>,
    service: Option<String>,
    preferred_service: Option<String>,
    effect: Option<Effect>,
    reply_to: Option<ReplyTo>,
    idempotency_key: Option<String>,
    sent_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    read_at: Option<Timestamp>,
    reconciled_at: Option<Timestamp>,
    zero_retention: Option<bool>,
}

#[derive(Deserialize)]
struct Chat {
    id: String,
    is_group: Option<bool>,
    owner_handle: Option<ChatHandle>,
    health_status: Option<HealthStatus>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part {
    Text {
        value: String,
        text_decorations: Option<Vec<TextDecoration>>,
        inline_stickers: Option<Vec<InlineStickerResponse>>,
        mentions: Option<Vec<Mention>>,
        mention: Option<Handle>,
        mention_range: Option<Utf16Range>,
    },
    Media {
        id: AttachmentId,
        filename: String,
        mime_type: String,
        size_bytes: u64,
        url: String,
    },
    Link {
        value: String,
    },
}

pub(crate) struct Recipe(standardwebhooks::Webhook);

impl Recipe {
    pub(crate) fn new(secret: &str) -> Result<Self> {
        Ok(Self(standardwebhooks::Webhook::new(secret)?))
    }

    pub(crate) fn read(&self, headers: &HeaderMap, body: &[u8]) -> Result<Event> {
        self.0.verify(body, headers)?;
        Ok(serde_json::from_slice(body)?)
    }
}
