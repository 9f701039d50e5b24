//! `/v3/chats`

use bytes::Bytes;
use linq_types::{
    ChatId, Handle, Operation,
    chats::{
        Chat, ChatCreateResponse, ChatListResponse, ChatUpdateResponse, NewChat, NewVoiceMemo, UpdateChat,
        VoiceMemoSendResponse,
    },
    json,
    messages::AcceptedResponse,
};

use crate::{
    Call, List,
    exchange::{DecodeError, reject_failed},
    request::RequestSpec,
};

mod background;
mod location;
mod messages;
mod open;
mod participants;
mod polls;
mod typing;

pub use background::ChatBackground;
pub use location::ChatLocation;
pub use messages::{ChatMessages, SendAll, SentAll};
pub use open::{OpenChat, OpenSend};
pub use participants::ChatParticipants;
pub use polls::ChatPolls;
pub use typing::{ChatTyping, KeepAlive, TypingGuard};

json_body! {
    NewChat, check;
    NewVoiceMemo, check;
    UpdateChat;
}

resource! {
    /// A handle on chats: conversations between one of your lines and one or more people.
    Chats
}

impl<'c, C> Chats<'c, C> {
    /// Creates a chat and sends its first message, or sends into the chat that the same line and people already have.
    ///
    /// `POST /v3/chats` ([reference](https://docs.linqapp.com/api/resources/chats/methods/create)).
    /// The service accepts the message before it is sent; webhooks report when it is sent, delivered and read,
    /// or why it failed. The idempotency key in the body keeps retries from sending it twice.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::INVALID_PARAMETER`] (1005): the first message has a link, an effect or a reply
    /// * [`ErrorCode::FOREIGN_PHONE_NUMBER`] (2006): the line is not yours
    /// * [`ErrorCode::RECIPIENT_NOT_ALLOWED`] (2008): in the service's sandbox, the person must write first
    /// * [`ErrorCode::RECIPIENT_OPTED_OUT`] (2024): the person opted out
    ///
    /// The kind is [`ErrorKind::FailedMessage`] if the idempotency key is that of an earlier send that failed.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::chats::NewChat;
    ///
    /// let created = client.chats().create(NewChat::new("+12025550100", ["+12025550199"], "Hello!")).await?;
    /// println!("sent {}", created.chat.message.id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "new")]
    pub fn create(&self, chat: NewChat) -> Call<'c, C, ChatCreateResponse> {
        let spec = RequestSpec::new(Operation::ChatsCreate, &[]);
        let spec = spec.keyed_body(chat, |chat| &mut chat.message.idempotency_key);
        Call::new(self.client, spec, decode)
    }

    /// Returns a handle on the chat of a line and people, whether it exists or not: the first message creates it.
    ///
    /// The chat that was found or created is remembered by the client, its clones and the clients made from it. See
    /// [`OpenChat`].
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// let chat = client.chats().open("+12025550100", ["+12025550199"]);
    /// chat.send("Your table is ready").await?;
    /// chat.send("See you at 8!").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open<H: Into<Handle>>(
        &self,
        line: impl Into<Handle>,
        people: impl IntoIterator<Item = H>,
    ) -> OpenChat<'c, C> {
        OpenChat::new(self.client, line.into(), people.into_iter().map(Into::into).collect())
    }

    /// Lists your chats, all of them or those of one line or with one person.
    ///
    /// `GET /v3/chats` ([reference](https://docs.linqapp.com/api/resources/chats/methods/list_chats)).
    /// Select with [`from_line`](List::from_line) and [`to_person`](List::to_person). A page has up to 100 chats, 20 by
    /// default.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// let mut chats = client.chats().list().from_line("+12025550100").to_person("+12025550199").items();
    /// while let Some(chat) = chats.next().await {
    ///     println!("{}", chat?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list_chats")]
    pub fn list(&self) -> List<'c, C, ChatListResponse> {
        List::new(self.client, RequestSpec::new(Operation::ChatsList, &[]))
    }

    /// Returns a chat: its participants, and its health score.
    ///
    /// `GET /v3/chats/{chatId}` ([reference](https://docs.linqapp.com/api/resources/chats/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_NOT_READY`] (2009): the chat is still being created, after all attempts
    pub fn retrieve(&self, chat: impl Into<ChatId>) -> Call<'c, C, Chat> {
        Call::json(self.client, RequestSpec::new(Operation::ChatsRetrieve, &[chat.into().as_str()]))
    }

    /// Updates the name or the icon of a group.
    ///
    /// `PUT /v3/chats/{chatId}` ([reference](https://docs.linqapp.com/api/resources/chats/methods/update)).
    /// The service responds before it makes the change; a `chat.group_name_updated`,
    /// `chat.group_name_update_failed`, `chat.group_icon_updated` or `chat.group_icon_update_failed` webhook reports the
    /// outcome. Creating a chat with the same people does not find a group that has a name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::DIRECT_CHAT`] (1006): the chat is not a group
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    /// * [`ErrorCode::MEDIA_TYPE_MISMATCH`] (5006): the URL does not return an image
    /// * [`ErrorCode::IMAGE_NOT_FETCHED`] (5007): the image could not be fetched
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq::types::chats::UpdateChat;
    ///
    /// client.chats().update(&chat, UpdateChat::new().display_name("Launch crew")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self, chat: impl Into<ChatId>, update: UpdateChat) -> Call<'c, C, ChatUpdateResponse> {
        let spec = RequestSpec::new(Operation::ChatsUpdate, &[chat.into().as_str()]);
        Call::json(self.client, spec.body(update))
    }

    /// Leaves a group.
    ///
    /// `POST /v3/chats/{chatId}/leave` ([reference](https://docs.linqapp.com/api/resources/chats/methods/leave_chat)).
    /// It must be an iMessage group of at least four active members, your line included. The service responds
    /// before it leaves; the `participant.removed` webhook reports when it has. From then on, every call for the chat is
    /// refused with [`ErrorCode::CHAT_LEFT`] (2013).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you already left the chat
    ///
    /// The status is 409 ([`is_conflict`](crate::Error::is_conflict)) if the chat is direct, too small or not an iMessage
    /// group.
    #[doc(alias = "leave_chat")]
    pub fn leave(&self, chat: impl Into<ChatId>) -> Call<'c, C, AcceptedResponse> {
        Call::json(self.client, RequestSpec::new(Operation::ChatsLeave, &[chat.into().as_str()]))
    }

    /// Marks all messages of a chat as read, so that the other person gets a read receipt.
    ///
    /// `POST /v3/chats/{chatId}/read` ([reference](https://docs.linqapp.com/api/resources/chats/methods/mark_as_read)).
    /// It has no effect in a group.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    pub fn mark_as_read(&self, chat: impl Into<ChatId>) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Operation::ChatsMarkAsRead, &[chat.into().as_str()]))
    }

    /// Sends a voice memo into a chat.
    ///
    /// `POST /v3/chats/{chatId}/voicememo` ([reference](https://docs.linqapp.com/api/resources/chats/methods/send_voicememo)).
    /// The service accepts the voice memo before it is sent; webhooks report when it is sent, delivered
    /// and read, or why it failed. The API takes no idempotency key here, so an attempt that may have been executed is not
    /// retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::ATTACHMENT_NOT_READY`] (2007): the attachment is not uploaded or processed yet, after all attempts
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    /// * [`ErrorCode::RECIPIENT_OPTED_OUT`] (2024): the person opted out
    /// * [`ErrorCode::LINE_SUSPENDED`] (2027): your line may not send
    /// * [`ErrorCode::UPLOAD_FAILED`] (5001): the file is too large
    /// * [`ErrorCode::FILE_TOO_LARGE`] (5005): the file is too large
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq::types::chats::NewVoiceMemo;
    ///
    /// client.chats().send_voicememo(&chat, NewVoiceMemo::from_url("https://example.com/hello.m4a")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_voicememo(
        &self,
        chat: impl Into<ChatId>,
        voice_memo: NewVoiceMemo,
    ) -> Call<'c, C, VoiceMemoSendResponse> {
        let spec = RequestSpec::new(Operation::ChatsSendVoicememo, &[chat.into().as_str()]);
        Call::json(self.client, spec.body(voice_memo))
    }

    /// Shares your line's contact card with the people of a chat.
    ///
    /// `POST /v3/chats/{chatId}/share_contact_card` ([reference](https://docs.linqapp.com/api/resources/chats/methods/share_contact_card)).
    /// The API allows it once in five minutes for each chat.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::RATE_LIMITED`] (1007): it was shared less than five minutes ago, after all attempts
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CONTACT_CARD_NOT_FOUND`] (2012): your line has no active contact card
    pub fn share_contact_card(&self, chat: impl Into<ChatId>) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Operation::ChatsShareContactCard, &[chat.into().as_str()]))
    }

    /// Returns a handle on the background of a chat.
    pub fn background(&self, chat: impl Into<ChatId>) -> ChatBackground<'c, C> {
        ChatBackground { client: self.client, chat: chat.into() }
    }

    /// Returns a handle on the locations that people share in a chat.
    pub fn location(&self, chat: impl Into<ChatId>) -> ChatLocation<'c, C> {
        ChatLocation { client: self.client, chat: chat.into() }
    }

    /// Returns a handle on the messages of a chat.
    pub fn messages(&self, chat: impl Into<ChatId>) -> ChatMessages<'c, C> {
        ChatMessages { client: self.client, chat: chat.into() }
    }

    /// Returns a handle on the participants of a group.
    pub fn participants(&self, chat: impl Into<ChatId>) -> ChatParticipants<'c, C> {
        ChatParticipants { client: self.client, chat: chat.into() }
    }

    /// Returns a handle on the polls of a chat.
    pub fn polls(&self, chat: impl Into<ChatId>) -> ChatPolls<'c, C> {
        ChatPolls { client: self.client, chat: chat.into() }
    }

    /// Returns a handle on the typing indicator of a chat.
    pub fn typing(&self, chat: impl Into<ChatId>) -> ChatTyping<'c, C> {
        ChatTyping { client: self.client, chat: chat.into() }
    }
}

/// The filters of [`Chats::list`].
impl<C> List<'_, C, ChatListResponse> {
    /// Lists only the chats of this line of yours.
    pub fn from_line(self, line: impl Into<Handle>) -> Self {
        self.with_handle("from", line)
    }

    /// Lists only the chats with this person.
    pub fn to_person(self, person: impl Into<Handle>) -> Self {
        self.with_handle("to", person)
    }
}

fn decode(body: &Bytes) -> Result<ChatCreateResponse, DecodeError> {
    let created: ChatCreateResponse = json::from_slice(body)?;
    reject_failed(created.chat.message.delivery_status.as_ref())?;
    Ok(created)
}
