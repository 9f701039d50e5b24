//! `/v2/chats`

use linq_types::v2::{
    Id, Operation,
    chats::{ChatCreateResponse, NewChat},
};

use self::messages::ChatMessages;
use crate::{Call, request::RequestSpec};

pub mod messages;

json_body! {
    NewChat;
}

resource! {
    /// A handle on chats of the V2 API.
    Chats
}

impl<'c, C> Chats<'c, C> {
    /// Sends a message into the chat of a line and people, which is created if there is none.
    ///
    /// `POST /v2/chats`. In V3: [`Chats::create`](crate::resources::chats::Chats::create).
    pub fn create(&self, chat: NewChat) -> Call<'c, C, ChatCreateResponse> {
        let spec = RequestSpec::v2(Operation::ChatsCreate, &[]);
        Call::json(self.client, spec.keyed_body(chat, |chat| &mut chat.message.idempotency_key))
    }

    /// Returns a handle on the messages of a chat. In V3: [`Chats::messages`](crate::resources::chats::Chats::messages).
    pub fn messages(&self, chat: impl Into<Id>) -> ChatMessages<'c, C> {
        ChatMessages { client: self.client, chat: chat.into() }
    }
}
