use linq_types::{ChatId, Operation};

use crate::{Call, request::RequestSpec};

mod keep_alive;

pub use keep_alive::{KeepAlive, TypingGuard};
pub(crate) use keep_alive::{Presence, REFRESH_INTERVAL};

resource! {
    /// A handle on the typing indicator of one chat.
    ChatTyping { chat: ChatId }
}

impl<'c, C> ChatTyping<'c, C> {
    /// Shows a typing indicator to the other people.
    ///
    /// `POST /v3/chats/{chatId}/typing` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/typing/methods/start)).
    /// It is shown for 85 to 90 seconds or until you send a message; start it again every 60 seconds to keep
    /// it. SMS and RCS chats accept it and show nothing, and so may a chat in which you sent nothing for about five minutes. The
    /// API takes no idempotency key here, so an attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    pub fn start(&self) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Operation::ChatsTypingStart, &[self.chat.as_str()]))
    }

    /// Removes the typing indicator.
    ///
    /// `DELETE /v3/chats/{chatId}/typing` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/typing/methods/stop)).
    /// Sending a message removes it too.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    pub fn stop(&self) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Operation::ChatsTypingStop, &[self.chat.as_str()]))
    }

    /// Shows a typing indicator for as long as something else takes, such as an answer of a language model.
    ///
    /// It is started, started again every 60 seconds, and removed at the end, unless a message that was sent has removed it.
    /// Nothing fails because of it: errors are traced. After an error that is not [transient](crate::Error::is_transient), it is
    /// not started again.
    ///
    /// ```
    /// # async fn think() -> String { String::new() }
    /// # async fn doc(
    /// #     client: linq_core::Client,
    /// #     message: linq_core::types::events::MessageReceived,
    /// # ) -> Result<(), linq_core::Error> {
    /// let chat = &message.chat.id;
    /// let typing = client.chats().typing(chat).keep_alive().mark_read().service(&message.service);
    /// let answer = typing.during(think()).await;
    /// client.chats().messages(chat).send(answer).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn keep_alive(&self) -> KeepAlive<'c, C> {
        KeepAlive::new(self.client, self.chat.clone())
    }
}
