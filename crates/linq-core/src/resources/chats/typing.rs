use http::Method;
use linq_types::ChatId;

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/chats/{chatId}/typing";

resource! {
    /// The typing indicator of one chat.
    ChatTyping { chat: ChatId }
}

impl<'c, C> ChatTyping<'c, C> {
    /// Shows the other people that you are typing.
    ///
    /// `POST /v3/chats/{chatId}/typing`. It shows for 85 to 90 seconds or until you send; start it again every 60
    /// seconds to keep it. SMS and RCS chats accept it and show nothing, and so may a chat in which you sent nothing
    /// for some five minutes. The API takes no idempotency key here, so an attempt that may have been executed is not
    /// repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 2001 (no such chat), 2013 (you left the chat).
    pub fn start(self) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Method::POST, ROUTE, &[self.chat.as_str()]))
    }

    /// Takes the typing indicator away.
    ///
    /// `DELETE /v3/chats/{chatId}/typing`. Sending a message does so too.
    ///
    /// # Errors
    ///
    /// Worth matching: 2001 (no such chat), 2013 (you left the chat).
    pub fn stop(self) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Method::DELETE, ROUTE, &[self.chat.as_str()]))
    }
}
