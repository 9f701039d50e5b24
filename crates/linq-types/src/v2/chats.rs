//! Chats and the messages in them: `/v2/chats`.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Id, Time};
use crate::{Handle, IdempotencyKey, Service, events::v2::Attachment};

/// A chat to find or create, and a message to send into it: the body of `POST /v2/chats`.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::v2::chats::NewChat;
///
/// let chat = NewChat::new("+12025550100", ["+12025550199"], "Hello!");
/// assert_eq!(
///     serde_json::to_value(&chat)?,
///     serde_json::json!({
///         "send_from": "+12025550100",
///         "chat": { "phone_numbers": ["+12025550199"] },
///         "message": { "text": "Hello!" },
///     })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewChat {
    /// The line to send from, in E.164 form or as a US number of ten digits.
    pub send_from: Handle,
    /// The chat.
    pub chat: ChatMembers,
    /// The message.
    pub message: MessageContent,
}

impl NewChat {
    /// Creates a chat of this line and these people, with this message.
    pub fn new<H: Into<Handle>>(
        send_from: impl Into<Handle>,
        phone_numbers: impl IntoIterator<Item = H>,
        message: impl Into<MessageContent>,
    ) -> Self {
        let phone_numbers = phone_numbers.into_iter().map(Into::into).collect();
        Self {
            send_from: send_from.into(),
            chat: ChatMembers { phone_numbers, display_name: None },
            message: message.into(),
        }
    }

    /// Sets the display name of the chat.
    #[must_use]
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.chat.display_name = Some(name.into());
        self
    }
}

/// The people of a chat to find or create.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatMembers {
    /// The phone numbers of the people, at least one and without your line, in E.164 form or as US numbers of ten digits.
    pub phone_numbers: Vec<Handle>,
    /// The display name; `None` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// A message to send into a chat: the body of `POST /v2/chats/{chatId}/chat_messages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewMessage {
    /// The message.
    pub message: MessageContent,
}

impl NewMessage {
    /// Creates a message with this content.
    pub fn new(message: impl Into<MessageContent>) -> Self {
        Self { message: message.into() }
    }
}

impl<M: Into<MessageContent>> From<M> for NewMessage {
    fn from(message: M) -> Self {
        Self::new(message)
    }
}

/// The content of a message to send.
///
/// V2 also takes files in a `multipart/form-data` body, which this crate does not write: upload them with V3, or send URLs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageContent {
    /// The text.
    pub text: String,
    /// The idempotency key, of the characters `a` to `z`, `A` to `Z`, `0` to `9`, `-` and `_`. The client sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// The public URLs of the files to send along, which the API downloads within 30 seconds each; `None` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_urls: Option<Vec<String>>,
}

impl MessageContent {
    /// Creates a message with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), idempotency_key: None, attachment_urls: None }
    }

    setters! {
        /// Sets the idempotency key, in place of the one that the client creates.
        idempotency_key: IdempotencyKey,
        /// Sets the public URLs of the files to send along.
        list attachment_urls: String,
    }
}

from_text! {
    MessageContent: new;
}

/// The response to `POST /v2/chats`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatCreateResponse {
    /// The chat, with the message that was sent; without any field if the API does not report it.
    #[serde(default, deserialize_with = "or_default")]
    pub data: Chat,
}

/// A chat.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Chat {
    /// The id of the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The name of a group, or else the names or numbers of the people; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The service of the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Whether it is a group chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<bool>,
    /// The people of the chat.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub chat_handles: Vec<ChatHandle>,
    /// The message that was sent, one despite the name of the field; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_messages: Option<Message>,
}

/// A participant of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatHandle {
    /// The id of the participant; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The phone number or email address; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Handle>,
    /// The service of the participant; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// When the participant joined; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Time>,
}

/// The response to `POST /v2/chats/{chatId}/chat_messages`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageSendResponse {
    /// The message that was sent; without any field if the API does not report it.
    #[serde(default, deserialize_with = "or_default")]
    pub data: Message,
}

/// Reads null as the default, like an absent field.
fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The id of the message; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The text; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When the message was sent; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    /// When the message was delivered; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Time>,
    /// The [delivery status](DeliveryStatus); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_status: Option<DeliveryStatus>,
    /// When the message was last edited; `None` if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Time>,
    /// Whether the message was read; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_read: Option<bool>,
    /// Who sent the message; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_from: Option<Handle>,
    /// The files of the message.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

open_enum! {
    /// The delivery status of a message.
    pub enum DeliveryStatus {
        /// The message is accepted.
        Pending = "pending",
        /// The message was delivered.
        Delivered = "delivered",
        /// The service is not available.
        ServiceUnavailable = "service_unavailable",
        /// The line is paused.
        Paused = "paused",
        /// There were too many messages.
        RateLimitExceeded = "rate_limit_exceeded",
    }
}
