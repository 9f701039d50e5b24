use linq_types::{ChatId, Operation, backgrounds::Background};

use crate::{Call, request::RequestSpec};

json_body! {
    Background;
}

resource! {
    /// A handle on the background image or theme of one chat.
    ChatBackground { chat: ChatId }
}

impl<'c, C> ChatBackground<'c, C> {
    /// Sets the background of the chat, for everybody in it.
    ///
    /// `POST /v3/chats/{chatId}/background` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/background/methods/set)).
    /// The service fetches an image before it responds, and sets the background afterwards; the
    /// `chat.background_updated` or `chat.background_update_failed` webhook reports the outcome. The API takes no idempotency
    /// key here, so an attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::FEATURE_NOT_ENABLED`] (2011): backgrounds are not enabled for your account
    /// * [`ErrorCode::MEDIA_TYPE_MISMATCH`] (5006): the URL does not return an image
    /// * [`ErrorCode::IMAGE_NOT_FETCHED`] (5007): the image could not be fetched
    ///
    /// The status is 400 for an unknown variant.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq::types::backgrounds::{Background, BackgroundStyle};
    ///
    /// client.chats().background(&chat).set(Background::dynamic(BackgroundStyle::Sky, "dusk")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(&self, background: Background) -> Call<'c, C, ()> {
        let spec = RequestSpec::new(Operation::ChatsBackgroundSet, &[self.chat.as_str()]);
        Call::empty(self.client, spec.body(background))
    }

    /// Removes the background of the chat.
    ///
    /// `DELETE /v3/chats/{chatId}/background` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/background/methods/remove)).
    /// The `chat.background_updated` or `chat.background_update_failed` webhook reports the outcome.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::FEATURE_NOT_ENABLED`] (2011): backgrounds are not enabled for your account
    pub fn remove(&self) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Operation::ChatsBackgroundRemove, &[self.chat.as_str()]))
    }
}
