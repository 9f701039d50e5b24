use http::Method;
use linq_types::{ChatId, backgrounds::Background};

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/chats/{chatId}/background";

json_body! {
    Background;
}

resource! {
    /// What stands behind the messages of one chat.
    ChatBackground { chat: ChatId }
}

impl<'c, C> ChatBackground<'c, C> {
    /// Sets the background of the chat, for everybody in it.
    ///
    /// `POST /v3/chats/{chatId}/background`. The service answers before it is set; the `chat.background_updated` or
    /// `chat.background_update_failed` webhook tells the outcome. A picture is fetched before the answer. The API takes
    /// no idempotency key here, so an attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Status 400 for an unknown variant. Worth matching: 2001 (no such chat), 2011 (your account has no backgrounds),
    /// 5006 (the address gives no picture), 5007 (the picture could not be fetched).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::backgrounds::{Background, BackgroundStyle};
    ///
    /// client.chats().background(&chat).set(Background::dynamic(BackgroundStyle::Sky, "dusk")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(self, background: Background) -> Call<'c, C, ()> {
        let spec = RequestSpec::new(Method::POST, ROUTE, &[self.chat.as_str()]);
        Call::empty(self.client, spec.body(background))
    }

    /// Takes the background of the chat away.
    ///
    /// `DELETE /v3/chats/{chatId}/background`. The `chat.background_updated` or `chat.background_update_failed` webhook
    /// tells the outcome.
    ///
    /// # Errors
    ///
    /// Worth matching: 2001 (no such chat), 2011 (your account has no backgrounds).
    pub fn remove(self) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Method::DELETE, ROUTE, &[self.chat.as_str()]))
    }
}
