//! `/v2/chats/{chatId}/chat_messages`

use linq_types::v2::{
    Id, Operation,
    chats::{MessageSendResponse, NewMessage},
};

use crate::{Call, request::RequestSpec};

json_body! {
    NewMessage;
}

resource! {
    /// A handle on the messages of a chat of the V2 API.
    ChatMessages { chat: Id }
}

impl<'c, C> ChatMessages<'c, C> {
    /// Sends a message into the chat.
    ///
    /// `POST /v2/chats/{chatId}/chat_messages`. In V3:
    /// [`ChatMessages::send`](crate::resources::chats::ChatMessages::send).
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq::Client) -> Result<(), linq::Error> {
    /// use linq::types::v2::chats::MessageContent;
    ///
    /// let chat = client.v2().chats().messages(12345_u64);
    /// chat.send("Hello!").await?;
    /// chat.send(MessageContent::new("Look").attachment_urls(["https://example.com/cat.jpg"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(&self, message: impl Into<NewMessage>) -> Call<'c, C, MessageSendResponse> {
        let spec = RequestSpec::v2(Operation::ChatsMessagesSend, &[self.chat.as_str()]);
        let spec = spec.keyed_body(message.into(), |message| &mut message.message.idempotency_key);
        Call::json(self.client, spec)
    }
}
