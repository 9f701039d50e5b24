use linq_types::{
    ChatId, Operation,
    polls::{NewPoll, PollResponse},
};

use crate::{Call, request::RequestSpec};

json_body! {
    NewPoll;
}

resource! {
    /// A handle on the polls of one chat.
    ChatPolls { chat: ChatId }
}

impl<'c, C> ChatPolls<'c, C> {
    /// Sends a poll into the chat.
    ///
    /// `POST /v3/chats/{chatId}/polls` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/polls/methods/create)).
    /// It must be an iMessage chat that has a message already, and the poll needs at least two options. The
    /// response has the poll and the ids of its options. The `poll.sent`, `poll.delivered`, `poll.read` and `poll.failed`
    /// webhooks report its delivery, `poll.vote.added` and `poll.vote.removed` the votes. The idempotency key in the body
    /// keeps retries from sending it twice.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::CHAT_LEFT`] (2013): you left the chat
    /// * [`ErrorCode::SERVICE_NOT_SUPPORTED`] (2017): the chat is not an iMessage chat
    /// * [`ErrorCode::RECIPIENT_OPTED_OUT`] (2024): the person opted out
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq::types::polls::{NewPoll, NewPollVote};
    ///
    /// client.chats().messages(&chat).send("When shall we meet?").await?;
    /// let sent = client.chats().polls(&chat).create(NewPoll::new(["At six", "At seven"])).await?;
    /// if let Some(six) = sent.poll.options.first() {
    ///     client.messages().poll(&sent.message_id).vote(NewPollVote::add(&six.option_id)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, poll: impl Into<NewPoll>) -> Call<'c, C, PollResponse> {
        let spec = RequestSpec::new(Operation::ChatsPollsCreate, &[self.chat.as_str()]);
        Call::json(self.client, spec.keyed_body(poll.into(), |body| &mut body.poll.idempotency_key))
    }
}
