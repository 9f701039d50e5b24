//! The JSON shapes of V2.

use linq_types::{Handle, Service};
use serde::Serialize;

use crate::{
    clock::Moment,
    model::{Chat, Content, Line, Media, Member, Message, Subscription},
};

/// Returns the id in V2 of what has this id in V3: an integer, which JavaScript can hold, of the first digits of the UUID.
pub(crate) fn number(id: &str) -> u64 {
    let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(12).collect();
    u64::from_str_radix(&digits, 16).unwrap_or_default()
}

/// Returns the text of a message, without its files.
pub(crate) fn text(message: &Message) -> String {
    let texts = message.parts.iter().filter_map(|part| match &part.content {
        Content::Text(text) => Some(text.value()),
        Content::Link { value } | Content::AppClip { value } => Some(value),
        Content::Media(_) | Content::IMessageApp(_) | Content::Poll(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Returns the files of a message.
pub(crate) fn files(message: &Message) -> impl Iterator<Item = &Media> {
    message.parts.iter().filter_map(|part| match &part.content {
        Content::Media(media) => Some(media),
        _ => None,
    })
}

#[derive(Serialize)]
pub(crate) struct ChatView<'a> {
    id: u64,
    display_name: String,
    service: &'a Service,
    group: bool,
    chat_handles: Vec<ChatHandleView<'a>>,
    chat_messages: MessageView<'a>,
}

#[derive(Serialize)]
struct ChatHandleView<'a> {
    id: u64,
    phone_number: &'a Handle,
    service: &'a Service,
    joined_at: Moment,
}

impl<'a> ChatView<'a> {
    /// The chat with the message that was sent into it.
    pub(crate) fn new(chat: &'a Chat, sent: &'a Message) -> Self {
        let people = || chat.members.iter().filter(|member| !member.is_me && member.is_active());
        let names: Vec<_> = people().map(|member| member.handle.as_str()).collect();
        Self {
            id: number(chat.id.as_str()),
            display_name: chat.display_name.clone().unwrap_or_else(|| names.join(", ")),
            service: &chat.service,
            group: chat.is_group(),
            chat_handles: people().map(|member| ChatHandleView::new(chat, member)).collect(),
            chat_messages: MessageView::new(sent),
        }
    }
}

impl<'a> ChatHandleView<'a> {
    fn new(chat: &'a Chat, member: &'a Member) -> Self {
        Self {
            id: number(&member.id),
            phone_number: &member.handle,
            service: &chat.service,
            joined_at: member.joined_at,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct MessageView<'a> {
    id: u64,
    text: String,
    sent_at: Moment,
    delivered_at: Option<Moment>,
    delivery_status: &'static str,
    edited_at: Option<Moment>,
    is_read: bool,
    sent_from: &'a Handle,
    attachments: Vec<AttachmentView<'a>>,
}

#[derive(Serialize)]
struct AttachmentView<'a> {
    id: &'a str,
    url: &'a str,
    filename: &'a str,
    mime_type: &'a str,
    file_size: u64,
}

impl<'a> MessageView<'a> {
    pub(crate) fn new(message: &'a Message) -> Self {
        let attachments = files(message).map(|media| AttachmentView {
            id: &media.id,
            url: &media.url,
            filename: &media.filename,
            mime_type: &media.mime_type,
            file_size: media.size_bytes,
        });
        Self {
            id: number(message.id.as_str()),
            text: text(message),
            sent_at: message.sent_at.unwrap_or(message.created_at),
            delivered_at: message.delivered_at,
            delivery_status: match (&message.delivered_at, &message.failure) {
                (Some(_), _) => "delivered",
                (None, Some(_)) => "service_unavailable",
                (None, None) => "pending",
            },
            edited_at: message.is_edited().then_some(message.updated_at),
            is_read: message.read_at.is_some(),
            sent_from: &message.sender,
            attachments: attachments.collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct PhoneNumberView<'a> {
    id: u64,
    phone_number: &'a Handle,
    forwarding_number: Option<&'a Handle>,
}

impl<'a> PhoneNumberView<'a> {
    pub(crate) fn new(line: &'a Line) -> Self {
        Self {
            id: number(line.id.as_str()),
            phone_number: &line.phone_number,
            forwarding_number: line.forwarding_number.as_ref(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct SubscriptionView<'a> {
    id: u64,
    webhook_url: &'a str,
    version: u32,
    events: Vec<&'a str>,
    active: bool,
    secret_configured: bool,
    last_delivered_at: Option<Moment>,
    delivery_attempts: u64,
    created_at: Moment,
    updated_at: Moment,
}

impl<'a> SubscriptionView<'a> {
    pub(crate) fn new(subscription: &'a Subscription) -> Self {
        Self {
            id: number(subscription.id.as_str()),
            webhook_url: &subscription.target_url,
            version: 2,
            events: subscription.events.iter().map(|event_type| event_type.as_str()).collect(),
            active: subscription.is_active,
            secret_configured: subscription.signer.is_some(),
            last_delivered_at: subscription.deliveries.last_success,
            delivery_attempts: subscription.deliveries.attempts,
            created_at: subscription.created_at,
            updated_at: subscription.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_id_is_exact_in_a_float() {
        assert_eq!(number("00000000-000a-4000-8000-000000000000"), 10);
        let largest = number("ffffffff-ffff-4fff-8fff-ffffffffffff");
        assert!(largest < 1 << 53, "{largest}");
        assert_eq!(number("no id"), 13);
    }
}
