//! `/v3/chats`

use bytes::Bytes;
use http::Method;
use linq_types::{
    ChatId, Handle,
    chats::{
        Chat, ChatCreateResponse, ChatListResponse, VoiceMemoSendResponse, ChatUpdateResponse, NewChat,
        NewVoiceMemo, UpdateChat,
    },
    json,
    messages::AcceptedResponse,
};

use crate::{
    Call, List,
    exchange::{Rejected, refuse_failed},
    request::RequestSpec,
};

mod background;
mod location;
mod messages;
mod participants;
mod polls;
mod typing;

pub use background::ChatBackground;
pub use location::ChatLocation;
pub use messages::ChatMessages;
pub use participants::ChatParticipants;
pub use polls::ChatPolls;
pub use typing::ChatTyping;

const CHATS: &str = "/v3/chats";
const CHAT: &str = "/v3/chats/{chatId}";

json_body! {
    NewChat => message.idempotency_key, check;
    NewVoiceMemo;
    UpdateChat;
}

resource! {
    /// Chats: conversations between one of your lines and one or more people.
    Chats
}

impl<'c, C> Chats<'c, C> {
    /// Opens a chat and sends its first message, or sends into the chat that the same line and people have.
    ///
    /// `POST /v3/chats`. The message is accepted, not yet sent: webhooks tell when it is sent, delivered, read or
    /// has failed. It goes out once, however often the request must be repeated, by the idempotency key in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FailedMessage`](crate::ErrorKind::FailedMessage) when the key is that of an earlier send that
    /// failed. Worth matching: 1005 (the first message must have no link, effect or reply), 2006 (not your line), 2008 (in
    /// the service's sandbox the person must write first), 2024 (the person opted out).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::chats::NewChat;
    ///
    /// let created = client.chats().create(NewChat::new("+12025550100", ["+12025550199"], "Hello!")).await?;
    /// println!("{} is {}", created.chat.message.id, created.chat.message.delivery_status);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "new")]
    pub fn create(self, chat: NewChat) -> Call<'c, C, ChatCreateResponse> {
        Call::new(self.client, RequestSpec::new(Method::POST, CHATS, &[]).body(chat), decode)
    }

    /// Lists your chats; [`from_line`](List::from_line) and [`to_person`](List::to_person) narrow the list down.
    ///
    /// `GET /v3/chats`. A page has up to 100 chats, 20 unless a limit is set.
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
    pub fn list(self) -> List<'c, C, ChatListResponse> {
        List::new(self.client, RequestSpec::new(Method::GET, CHATS, &[]))
    }

    /// Gets a chat: who is in it, and how likely messages are to get through.
    ///
    /// `GET /v3/chats/{chatId}`
    ///
    /// # Errors
    ///
    /// Worth matching: 2001 (no such chat), 2009 (still being opened, after all attempts).
    pub fn retrieve(self, chat: impl Into<ChatId>) -> Call<'c, C, Chat> {
        Call::json(self.client, RequestSpec::new(Method::GET, CHAT, &[chat.into().as_str()]))
    }

    /// Renames a group or gives it a picture.
    ///
    /// `PUT /v3/chats/{chatId}`. The service answers before it makes the change; the `chat.group_name_updated`,
    /// `chat.group_name_update_failed`, `chat.group_icon_updated` or `chat.group_icon_update_failed` webhook tells the
    /// outcome. A group with a name is not found again by opening a chat with the same people.
    ///
    /// # Errors
    ///
    /// Worth matching: 1006 (a direct chat), 2001 (no such chat), 2013 (you left the chat), 5006 (the address gives no
    /// picture), 5007 (the picture could not be fetched).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::chats::UpdateChat;
    ///
    /// client.chats().update(&chat, UpdateChat::new().display_name("Launch crew")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(self, chat: impl Into<ChatId>, update: UpdateChat) -> Call<'c, C, ChatUpdateResponse> {
        let spec = RequestSpec::new(Method::PUT, CHAT, &[chat.into().as_str()]);
        Call::json(self.client, spec.body(update))
    }

    /// Leaves a group.
    ///
    /// `POST /v3/chats/{chatId}/leave`. iMessage groups of four active members or more, your line included. The service
    /// answers before it leaves; the `participant.removed` webhook tells when it has. From then on every call for the
    /// chat is refused with 2013.
    ///
    /// # Errors
    ///
    /// Status 409 when the chat is direct, too small or no iMessage group. Worth matching: 2001 (no such chat), 2013 (you
    /// left it already).
    #[doc(alias = "leave_chat")]
    pub fn leave(self, chat: impl Into<ChatId>) -> Call<'c, C, AcceptedResponse> {
        let route = "/v3/chats/{chatId}/leave";
        Call::json(self.client, RequestSpec::new(Method::POST, route, &[chat.into().as_str()]))
    }

    /// Marks all messages of a chat as read, so that the other person sees it.
    ///
    /// `POST /v3/chats/{chatId}/read`. In a group it does nothing.
    ///
    /// # Errors
    ///
    /// Worth matching: 2001 (no such chat), 2013 (you left the chat).
    pub fn mark_as_read(self, chat: impl Into<ChatId>) -> Call<'c, C, ()> {
        let route = "/v3/chats/{chatId}/read";
        Call::empty(self.client, RequestSpec::new(Method::POST, route, &[chat.into().as_str()]))
    }

    /// Sends a voice memo into a chat.
    ///
    /// `POST /v3/chats/{chatId}/voicememo`. The voice memo is accepted, not yet sent: webhooks tell when it is sent,
    /// delivered, read or has failed. The API takes no idempotency key here, so an attempt that may have been executed
    /// is not repeated.
    ///
    /// # Errors
    ///
    /// Status 400 when there is neither an address nor an attachment, or both. Worth matching: 2001 (no such chat), 2007
    /// (the attachment is not uploaded or processed yet, after all attempts), 2013 (you left the chat), 2024 (the person
    /// opted out), 2027 (your line may not send), 5001 and 5005 (the file is too large).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::chats::NewVoiceMemo;
    ///
    /// client.chats().send_voicememo(&chat, NewVoiceMemo::from_url("https://example.com/hello.m4a")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_voicememo(
        self,
        chat: impl Into<ChatId>,
        voice_memo: NewVoiceMemo,
    ) -> Call<'c, C, VoiceMemoSendResponse> {
        let route = "/v3/chats/{chatId}/voicememo";
        let spec = RequestSpec::new(Method::POST, route, &[chat.into().as_str()]);
        Call::json(self.client, spec.body(voice_memo))
    }

    /// Shares your line's contact card with the people of a chat.
    ///
    /// `POST /v3/chats/{chatId}/share_contact_card`. Once in five minutes for each chat.
    ///
    /// # Errors
    ///
    /// Worth matching: 1007 (shared less than five minutes ago, after all attempts), 2001 (no such chat), 2012 (your line
    /// has no active contact card).
    pub fn share_contact_card(self, chat: impl Into<ChatId>) -> Call<'c, C, ()> {
        let route = "/v3/chats/{chatId}/share_contact_card";
        Call::empty(self.client, RequestSpec::new(Method::POST, route, &[chat.into().as_str()]))
    }

    /// The background of a chat.
    pub fn background(self, chat: impl Into<ChatId>) -> ChatBackground<'c, C> {
        ChatBackground { client: self.client, chat: chat.into() }
    }

    /// The locations that people share in a chat.
    pub fn location(self, chat: impl Into<ChatId>) -> ChatLocation<'c, C> {
        ChatLocation { client: self.client, chat: chat.into() }
    }

    /// The messages of a chat.
    pub fn messages(self, chat: impl Into<ChatId>) -> ChatMessages<'c, C> {
        ChatMessages { client: self.client, chat: chat.into() }
    }

    /// The participants of a group.
    pub fn participants(self, chat: impl Into<ChatId>) -> ChatParticipants<'c, C> {
        ChatParticipants { client: self.client, chat: chat.into() }
    }

    /// The polls of a chat.
    pub fn polls(self, chat: impl Into<ChatId>) -> ChatPolls<'c, C> {
        ChatPolls { client: self.client, chat: chat.into() }
    }

    /// The typing indicator of a chat.
    pub fn typing(self, chat: impl Into<ChatId>) -> ChatTyping<'c, C> {
        ChatTyping { client: self.client, chat: chat.into() }
    }
}

impl<C> List<'_, C, ChatListResponse> {
    /// Only chats of this line of yours.
    pub fn from_line(self, line: impl Into<Handle>) -> Self {
        self.with_query("from", line.into())
    }

    /// Only chats with this person.
    pub fn to_person(self, person: impl Into<Handle>) -> Self {
        self.with_query("to", person.into())
    }
}

fn decode(body: &Bytes) -> Result<ChatCreateResponse, Rejected> {
    let created: ChatCreateResponse = json::from_slice(body)?;
    refuse_failed(&created.chat.message)?;
    Ok(created)
}
