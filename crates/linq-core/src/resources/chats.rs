//! `/v3/chats`

use bytes::Bytes;
use http::Method;
use linq_types::{
    ChatId, json,
    chats::{ChatCreateResponse, NewChat},
};

use crate::{
    Call,
    exchange::{Rejected, refuse_failed},
    request::RequestSpec,
};

mod messages;

pub use messages::ChatMessages;

json_body! {
    NewChat => message.idempotency_key, check;
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
        Call::new(self.client, RequestSpec::new(Method::POST, "/v3/chats", &[]).body(chat), decode)
    }

    /// The messages of a chat.
    pub fn messages(self, chat: impl Into<ChatId>) -> ChatMessages<'c, C> {
        ChatMessages { client: self.client, chat: chat.into() }
    }
}

fn decode(body: &Bytes) -> Result<ChatCreateResponse, Rejected> {
    let created: ChatCreateResponse = json::from_slice(body)?;
    refuse_failed(&created.chat.message)?;
    Ok(created)
}
