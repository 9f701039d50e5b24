//! Chats: `/v3/chats`.

use serde::{Deserialize, Serialize};

use crate::{
    AttachmentId, ChatHandle, ChatId, Handle, HealthStatus, MessageId, Service, Timestamp,
    messages::{MessageContent, MessageSendResponse, SentMessage},
    page::Page,
};

/// A chat to create, with its first message: the body of `POST /v3/chats`.
///
/// One recipient makes a direct chat, 2 to 31 make a group. If the line already has a chat with these recipients, the
/// API uses that one. The first message of a new chat must not have a link, an effect or a reply.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::{chats::NewChat, messages::MessageContent, parts::Part};
///
/// let direct = NewChat::new("+12025550100", ["+12025550199"], "Hello!");
/// let team = MessageContent::new([Part::text("We are:"), Part::media_url("https://example.com/team.jpg")]);
/// let group = NewChat::new("+12025550100", ["+12025550199", "casey@example.com"], team);
/// assert_eq!(group.to.len(), 2);
/// # drop(direct);
/// ```
#[doc(alias = "ChatCreateParams")]
#[doc(alias = "ChatNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::new("+12025550100", vec!["+12025550199"], "Hello!"))
)]
#[non_exhaustive]
pub struct NewChat {
    /// The line to send from, in E.164 form.
    pub from: Handle,
    /// The recipients: phone numbers in E.164 form, or email addresses.
    pub to: Vec<Handle>,
    /// The [content](MessageContent) of the first message.
    pub message: MessageContent,
    /// Whether to send although the recipient opted out, for this request only; otherwise the API responds with
    /// [`RECIPIENT_OPTED_OUT`](crate::error::ErrorCode::RECIPIENT_OPTED_OUT) (2024).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewChat {
    /// Creates a chat between a line and these recipients, with this first message.
    pub fn new<H: Into<Handle>>(
        from: impl Into<Handle>,
        to: impl IntoIterator<Item = H>,
        message: impl Into<MessageContent>,
    ) -> Self {
        Self {
            from: from.into(),
            to: to.into_iter().map(Into::into).collect(),
            message: message.into(),
            override_optout: None,
        }
    }

    setters! {
        /// Sets whether to send although the recipient opted out, for this request only.
        plain override_optout: bool,
    }
}

checks! {
    NewChat: from, to, message;
}

/// The response to creating a chat.
#[doc(alias = "ChatNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatCreateResponse {
    /// The [chat](CreatedChat), with its first message.
    pub chat: CreatedChat,
}

/// A chat that was created, or that existed for these participants.
#[doc(alias = "ChatNewResponseChat")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedChat {
    /// The id of the chat.
    pub id: ChatId,
    /// The name of a group; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The [participants](ChatHandle), your line included.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub handles: Vec<ChatHandle>,
    /// Whether the chat is a group; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// The [message](SentMessage), accepted but not sent yet.
    pub message: SentMessage,
    /// The [service](Service) that carries the message; `None` if it is not selected yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The [health](HealthStatus) of the chat; `None` in responses of early 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_status: Option<HealthStatus>,
}

impl From<ChatCreateResponse> for MessageSendResponse {
    fn from(created: ChatCreateResponse) -> Self {
        Self { chat_id: created.chat.id, message: created.chat.message }
    }
}

/// A chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Chat {
    /// The id of the chat.
    pub id: ChatId,
    /// The name of a group, or the handles joined by commas; `None` if there is neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The [participants](ChatHandle), your line and those who left included.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub handles: Vec<ChatHandle>,
    /// Whether the chat is a group; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// Whether the chat is archived; `None` in the `chat.created` webhook.
    #[deprecated(note = "use `health_status`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// The [service](Service) that carried the last message; `None` before the first. The next message may use
    /// another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The [health](HealthStatus) of the chat; `None` in responses of early 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_status: Option<HealthStatus>,
    /// The URL of the group icon; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_chat_icon: Option<String>,
    /// When the chat was created; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the chat last changed; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// One page of chats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatListResponse {
    /// The [chats](Chat) of this page.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub chats: Vec<Chat>,
    /// The cursor of the next page; `None` on the last page.
    #[serde(default, deserialize_with = "crate::list::identifying", skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl Page for ChatListResponse {
    type Item = Chat;

    fn into_parts(self, _: Option<&str>) -> (Vec<Chat>, Option<String>) {
        (self.chats, self.next_cursor)
    }
}

/// Changes to a group: the body of `PUT /v3/chats/{chatId}`. Fields that are not set keep their values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::new().display_name("Book club"))
)]
#[non_exhaustive]
pub struct UpdateChat {
    /// The new name of the group; `None` keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The `https` URL of the new group icon, which the API downloads; `None` keeps the icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_chat_icon: Option<String>,
}

impl UpdateChat {
    /// Creates an update without changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the name of the group.
        display_name: String,
        /// Sets the URL of the group icon.
        group_chat_icon: String,
    }
}

/// The response to changing a group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatUpdateResponse {
    /// The id of the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// The status of the request, usually `accepted`: the API changes the group asynchronously.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A voice memo to send, from exactly one of `voice_memo_url` and `attachment_id`: the body of `POST
/// /v3/chats/{chatId}/voicememo`.
///
/// The formats are MP3, M4A, AAC, CAF, WAV, AIFF and AMR.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::from_url("https://example.com/memo.m4a"))
)]
#[non_exhaustive]
pub struct NewVoiceMemo {
    /// The `https` URL that the API downloads the audio file from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_memo_url: Option<String>,
    /// The id of an uploaded audio file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
    /// Whether to send although the recipient opted out, for this request only; otherwise the API responds with
    /// [`RECIPIENT_OPTED_OUT`](crate::error::ErrorCode::RECIPIENT_OPTED_OUT) (2024).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewVoiceMemo {
    /// Creates a voice memo from an `https` URL that the API downloads.
    pub fn from_url(url: impl Into<String>) -> Self {
        Self { voice_memo_url: Some(url.into()), ..Self::default() }
    }

    /// Creates a voice memo from an uploaded audio file.
    pub fn from_attachment(id: impl Into<AttachmentId>) -> Self {
        Self { attachment_id: Some(id.into()), ..Self::default() }
    }

    setters! {
        /// Sets whether to send although the recipient opted out, for this request only.
        plain override_optout: bool,
    }
}

/// The response to sending a voice memo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemoSendResponse {
    /// The [voice memo](VoiceMemo), accepted but not sent yet.
    pub voice_memo: VoiceMemo,
}

/// A voice memo that the API has accepted for sending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemo {
    /// The id of the message that carries the voice memo.
    pub id: MessageId,
    /// The [chat](VoiceMemoChat) that the voice memo is sent into.
    pub chat: VoiceMemoChat,
    /// The line to send from, in E.164 form; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// The recipients: phone numbers in E.164 form, or email addresses.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub to: Vec<Handle>,
    /// The status of the request, such as `accepted`; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The [audio file](VoiceMemoFile); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_memo: Option<VoiceMemoFile>,
    /// The [service](Service) that carries the message; `None` if it is not selected yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// When the voice memo was accepted; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// The chat of a voice memo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemoChat {
    /// The id of the chat.
    pub id: ChatId,
    /// The [participants](ChatHandle), your line included.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub handles: Vec<ChatHandle>,
    /// Whether messages can be sent into the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// Whether the chat is a group; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// The [service](Service) of the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
}

/// The audio file of a voice memo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemoFile {
    /// The id of the file; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AttachmentId>,
    /// The name of the file; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// The media type of the file, such as `audio/x-m4a`; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The size of the file in bytes; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// The URL to download the file from; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The duration of the recording in milliseconds; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}
