use bytes::Bytes;
use http::Method;
use linq_types::{
    ChatId, json,
    messages::{MessageListResponse, MessageSendResponse, NewChatMessage},
};

use crate::{
    Call, List,
    exchange::{Rejected, refuse_failed},
    request::RequestSpec,
};

const ROUTE: &str = "/v3/chats/{chatId}/messages";

json_body! {
    NewChatMessage => message.idempotency_key, check;
}

resource! {
    /// The messages of one chat.
    ChatMessages { chat: ChatId }
}

impl<'c, C> ChatMessages<'c, C> {
    /// Sends a message into the chat.
    ///
    /// `POST /v3/chats/{chatId}/messages`. The message is accepted, not yet sent: webhooks tell when it is sent,
    /// delivered, read or has failed. It goes out once, however often the request must be repeated, by the
    /// idempotency key in it. At most 30 messages in 60 seconds reach one person from one line.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FailedMessage`](crate::ErrorKind::FailedMessage) when the key is that of an earlier send that
    /// failed. Worth matching: 1007 (too many messages, after all attempts), 2001 (no such chat), 2013 (you left the
    /// chat), 2024 (the person opted out), 2026 (the person is on your block list).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::{messages::MessageContent, parts::{Effect, Part}};
    ///
    /// client.chats().messages(&chat).send("On my way").await?;
    /// client.chats().messages(&chat).send(MessageContent::from("There!").effect(Effect::CONFETTI)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(self, message: impl Into<NewChatMessage>) -> Call<'c, C, MessageSendResponse> {
        let spec = RequestSpec::new(Method::POST, ROUTE, &[self.chat.as_str()]);
        Call::new(self.client, spec.body(message.into()), decode)
    }

    /// Lists the chat's messages.
    ///
    /// `GET /v3/chats/{chatId}/messages`. A page has up to 100 messages, 50 unless a limit is set.
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
    pub fn list(self) -> List<'c, C, MessageListResponse> {
        List::new(self.client, RequestSpec::new(Method::GET, ROUTE, &[self.chat.as_str()]))
    }
}

fn decode(body: &Bytes) -> Result<MessageSendResponse, Rejected> {
    let sent: MessageSendResponse = json::from_slice(body)?;
    refuse_failed(&sent.message)?;
    Ok(sent)
}
