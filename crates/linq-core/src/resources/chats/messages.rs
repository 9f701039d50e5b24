use std::time::Duration;

use bytes::Bytes;
use linq_types::{
    ChatId, Operation, json,
    messages::{MessageListResponse, MessageSendResponse, NewChatMessage},
};

use crate::{
    Call, List,
    exchange::{DecodeError, reject_failed},
    request::RequestSpec,
};

mod send_all;

pub use send_all::{SendAll, SentAll};

json_body! {
    NewChatMessage, check;
}

resource! {
    /// A handle on the messages of one chat.
    ChatMessages { chat: ChatId }
}

impl<'c, C> ChatMessages<'c, C> {
    /// Sends a message into the chat.
    ///
    /// `POST /v3/chats/{chatId}/messages` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/messages/methods/send)).
    /// The service accepts the message before it is sent; webhooks report when it is sent, delivered and
    /// read, or why it failed. The idempotency key in the body keeps retries from sending it twice. A line can send at most 30
    /// messages in 60 seconds to one person.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::RATE_LIMITED`] (1007): there were too many messages, after all attempts
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    /// * [`ErrorCode::RECIPIENT_OPTED_OUT`] (2024): the person opted out
    /// * [`ErrorCode::HANDLE_BLOCKED`] (2026): the person is on your block list
    ///
    /// The kind is [`ErrorKind::FailedMessage`] if the idempotency key is that of an earlier send that failed.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq::types::{messages::MessageContent, parts::{Effect, Part}};
    ///
    /// let chat = client.chats().messages(&chat);
    /// chat.send("On my way").await?;
    /// chat.send(MessageContent::from("There!").effect(Effect::CONFETTI)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(&self, message: impl Into<NewChatMessage>) -> Call<'c, C, MessageSendResponse> {
        let spec = RequestSpec::new(Operation::ChatsMessagesSend, &[self.chat.as_str()]);
        let spec = spec.keyed_body(message.into(), |body| &mut body.message.idempotency_key);
        Call::new(self.client, spec, decode)
    }

    /// Sends several messages one after another, each after a pause in which the line is typing.
    ///
    /// The parts are pairs of the pause and the message after it. A message is sent when the one before is accepted. The first
    /// error ends it, and so does an answer, if asked for: see [`SendAll`].
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use std::time::Duration;
    ///
    /// let second = Duration::from_secs(1);
    /// let parts = [(second, "Good news!"), (second * 2, "Your order is on its way"), (second * 3, "Questions?")];
    /// client.chats().messages(&chat).send_all(parts).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_all<M: Into<NewChatMessage>>(
        &self,
        parts: impl IntoIterator<Item = (Duration, M)>,
    ) -> SendAll<'c, C> {
        let parts = parts.into_iter().map(|(pause, message)| (pause, message.into())).collect();
        SendAll::new(self.client, self.chat.clone(), parts)
    }

    /// Lists the messages of the chat.
    ///
    /// `GET /v3/chats/{chatId}/messages` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/messages/methods/list)).
    /// A page has up to 100 messages, 50 by default.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// let mut messages = client.chats().messages(&chat).list().limit(100).items();
    /// while let Some(message) = messages.next().await {
    ///     println!("{}", message?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> List<'c, C, MessageListResponse> {
        List::new(self.client, RequestSpec::new(Operation::ChatsMessagesList, &[self.chat.as_str()]))
    }
}

fn decode(body: &Bytes) -> Result<MessageSendResponse, DecodeError> {
    let sent: MessageSendResponse = json::from_slice(body)?;
    reject_failed(sent.message.delivery_status.as_ref())?;
    Ok(sent)
}
