//! Chats: `/v3/chats`.

use serde::{Deserialize, Serialize};

use crate::{
    ChatHandle, ChatId, Handle, HealthStatus, Service,
    messages::{NewMessage, SentMessage},
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
    pub message: NewMessage,
    /// Whether to send although the person opted out (error 2024 otherwise), for this request only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewChat {
    /// A chat between your line and these people, opened with this message.
    pub fn new<H: Into<Handle>>(
        from: impl Into<Handle>,
        to: impl IntoIterator<Item = H>,
        message: impl Into<NewMessage>,
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
