use http::Method;
use linq_types::{
    ChatId,
    polls::{NewPoll, PollResponse},
};

use crate::{Call, request::RequestSpec};

json_body! {
    NewPoll => poll.idempotency_key;
}

resource! {
    /// The polls of one chat.
    ChatPolls { chat: ChatId }
}

impl<'c, C> ChatPolls<'c, C> {
    /// Sends a poll into the chat.
    ///
    /// `POST /v3/chats/{chatId}/polls`. iMessage only, with two options at least, and never as a chat's first message.
    /// The answer has the poll and its options' ids; the `poll.sent`, `poll.delivered`, `poll.read` and `poll.failed`
    /// webhooks tell what becomes of it, `poll.vote.added` and `poll.vote.removed` how people vote. It goes out once,
    /// however often the request must be repeated, by the idempotency key in it.
    ///
    /// # Errors
    ///
    /// Worth matching: 2001 (no such chat), 2013 (you left the chat), 2017 (not an iMessage chat), 2024 (the person
    /// opted out).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::polls::{NewPoll, NewPollVote};
    ///
    /// client.chats().messages(&chat).send("When shall we meet?").await?;
    /// let sent = client.chats().polls(&chat).create(NewPoll::new(["At six", "At seven"])).await?;
    /// if let Some(six) = sent.poll.options.first() {
    ///     client.messages().poll(&sent.message_id).vote(NewPollVote::add(&six.option_id)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(self, poll: impl Into<NewPoll>) -> Call<'c, C, PollResponse> {
        let spec = RequestSpec::new(Method::POST, "/v3/chats/{chatId}/polls", &[self.chat.as_str()]);
        Call::json(self.client, spec.body(poll.into()))
    }
}
