use linq_types::{ChatId, Handle, Operation, messages::AcceptedResponse, participants::Participant};

use crate::{Call, request::RequestSpec};

json_body! {
    Participant, check;
}

resource! {
    /// A handle on the participants of one group.
    ChatParticipants { chat: ChatId }
}

impl<'c, C> ChatParticipants<'c, C> {
    /// Adds a person to the group.
    ///
    /// `POST /v3/chats/{chatId}/participants` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/participants/methods/add)).
    /// The group must have three members already, and the person must be reachable by its service. The
    /// service responds before it adds the person; the `participant.added` webhook reports when it has. The API takes no
    /// idempotency key here, so an attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::INVALID_PHONE_NUMBER`] (1002): the number is not in E.164 format
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    ///
    /// The status is 409 ([`is_conflict`](crate::Error::is_conflict)) if the chat is direct, too small or not an iMessage
    /// group.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// client.chats().participants(&chat).add("+12025550199").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add(&self, handle: impl Into<Handle>) -> Call<'c, C, AcceptedResponse> {
        let spec = RequestSpec::new(Operation::ChatsParticipantsAdd, &[self.chat.as_str()]);
        Call::json(self.client, spec.body(Participant::new(handle)))
    }

    /// Removes a person from the group.
    ///
    /// `DELETE /v3/chats/{chatId}/participants` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/participants/methods/remove)).
    /// Three members must remain. The service responds before it removes the person; the
    /// `participant.removed` webhook reports when it has.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    ///
    /// The status is 409 ([`is_conflict`](crate::Error::is_conflict)) if the chat is direct or not an iMessage group, or
    /// too few members would remain.
    pub fn remove(&self, handle: impl Into<Handle>) -> Call<'c, C, AcceptedResponse> {
        let spec = RequestSpec::new(Operation::ChatsParticipantsRemove, &[self.chat.as_str()]);
        Call::json(self.client, spec.body(Participant::new(handle)))
    }
}
