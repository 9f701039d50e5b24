//! Chats: `/v3/chats`.

use serde::{Deserialize, Serialize};

use crate::{
    AttachmentId, ChatHandle, ChatId, Handle, HealthStatus, MessageId, Service, Timestamp,
    messages::{MessageContent, SentMessage},
    page::Page,
};

/// A chat to open, with its first message: the body of `POST /v3/chats`.
///
/// One recipient makes a direct chat, several make a group (31 at most). The same line and the same set of
/// recipients find the chat they already have. The first message of a new chat must not have a link, an effect
/// or a reply.
#[doc(alias = "ChatCreateParams")]
#[doc(alias = "ChatNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewChat {
    /// Your line.
    pub from: Handle,
    /// The other people.
    pub to: Vec<Handle>,
    /// The first message.
    pub message: MessageContent,
    /// Whether to send although the person opted out (error 2024 otherwise), for this request only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewChat {
    /// A chat between your line and these people, opened with this message.
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
        /// Sends although the person opted out, for this request only.
        override_optout: bool,
    }
}

checks! {
    NewChat: from, to, message;
}

/// The answer to opening a chat.
#[doc(alias = "ChatNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatCreateResponse {
    /// The chat, with the message sent.
    pub chat: CreatedChat,
}

/// A chat just opened or found.
#[doc(alias = "ChatNewResponseChat")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedChat {
    /// The chat's id.
    pub id: ChatId,
    /// A group's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Everybody in it, your line included.
    pub handles: Vec<ChatHandle>,
    /// Whether it has more than one other person.
    pub is_group: bool,
    /// The message, accepted but not sent yet.
    pub message: SentMessage,
    /// The service that carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// How likely messages are to get through. Answers of 2026-02 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_status: Option<HealthStatus>,
}

/// A chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Chat {
    /// The chat's id.
    pub id: ChatId,
    /// A group's name; without one, the addresses joined by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Everybody in it, your line and those who left included.
    pub handles: Vec<ChatHandle>,
    /// Whether it has more than one other person.
    pub is_group: bool,
    /// Whether it is archived. The `chat.created` webhook does not say.
    #[deprecated(note = "use `health_status` to tell how a chat stands")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// The service that carried the last message. The next may take another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// How likely messages are to get through. Answers of 2026-02 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_status: Option<HealthStatus>,
    /// The address of a group's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_chat_icon: Option<String>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One page of your chats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatListResponse {
    /// The chats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chats: Option<Vec<Chat>>,
    /// Asks for the page after this one; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl Page for ChatListResponse {
    type Item = Chat;

    fn into_parts(self) -> (Vec<Chat>, Option<String>) {
        (self.chats.unwrap_or_default(), self.next_cursor)
    }
}

/// What to change about a group: the body of `PUT /v3/chats/{chatId}`. What is not set stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateChat {
    /// The group's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The `https` address of the group's picture, which the service fetches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_chat_icon: Option<String>,
}

impl UpdateChat {
    /// Changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Renames the group.
        display_name: String,
        /// Gives the group this picture.
        group_chat_icon: String,
    }
}

/// The answer to changing a group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatUpdateResponse {
    /// The chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<ChatId>,
    /// `accepted`, as a rule: the change is made later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A voice memo to send: exactly one of `voice_memo_url` and `attachment_id`.
///
/// MP3, M4A, AAC, CAF, WAV, AIFF or AMR.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewVoiceMemo {
    /// An `https` address that the service fetches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_memo_url: Option<String>,
    /// A sound file uploaded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
    /// Whether to send although the person opted out (error 2024 otherwise), for this request only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewVoiceMemo {
    /// A sound file that the service fetches.
    pub fn url(url: impl Into<String>) -> Self {
        Self { voice_memo_url: Some(url.into()), ..Self::default() }
    }

    /// A sound file uploaded before.
    pub fn attachment(id: impl Into<AttachmentId>) -> Self {
        Self { attachment_id: Some(id.into()), ..Self::default() }
    }

    setters! {
        /// Sends although the person opted out, for this request only.
        override_optout: bool,
    }
}

/// The answer to sending a voice memo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemoSendResponse {
    /// The voice memo, accepted but not sent yet.
    pub voice_memo: VoiceMemo,
}

/// A voice memo just accepted for sending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemo {
    /// The id of the message that carries it.
    pub id: MessageId,
    /// The chat it goes into.
    pub chat: VoiceMemoChat,
    /// Your line.
    pub from: Handle,
    /// The other people.
    pub to: Vec<Handle>,
    /// How far it has got, such as `accepted`.
    pub status: String,
    /// The sound file.
    pub voice_memo: VoiceMemoFile,
    /// The service that carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// When it was accepted.
    pub created_at: Timestamp,
}

/// The chat of a voice memo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemoChat {
    /// The chat's id.
    pub id: ChatId,
    /// Everybody in it, your line included.
    pub handles: Vec<ChatHandle>,
    /// Whether messages can be sent into it.
    pub is_active: bool,
    /// Whether it has more than one other person.
    pub is_group: bool,
    /// The service of the chat.
    pub service: Service,
}

/// The sound file of a voice memo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceMemoFile {
    /// The file's id.
    pub id: AttachmentId,
    /// The file's name.
    pub filename: String,
    /// The file's media type, such as `audio/x-m4a`.
    pub mime_type: String,
    /// The file's size in bytes.
    pub size_bytes: u64,
    /// Where to download it.
    pub url: String,
    /// How long it plays, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}
