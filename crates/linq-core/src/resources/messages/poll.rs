use http::Method;
use linq_types::{
    MessageId,
    polls::{AddPollOptions, NewPollOption, PollResponse, NewPollVote},
};

use crate::{Call, request::RequestSpec};

json_body! {
    AddPollOptions;
    NewPollVote;
}

resource! {
    /// The poll that one message carries.
    MessagePoll { message: MessageId }
}

impl<'c, C> MessagePoll<'c, C> {
    /// Gets how the poll stands: its options, and who voted for which.
    ///
    /// `GET /v3/messages/{messageId}/poll`
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message, or it is no longer retained).
    pub fn retrieve(self) -> Call<'c, C, PollResponse> {
        Call::json(self.client, self.spec(Method::GET, "/v3/messages/{messageId}/poll"))
    }

    /// Adds options to the poll. None can be changed or taken away again.
    ///
    /// `POST /v3/messages/{messageId}/poll/options`. On a line that retains no content, repeat the options that the poll
    /// has in front of the new ones. The answer has the whole poll. The API takes no idempotency key here, so an
    /// attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, poll: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// client.messages().poll(&poll).add_options(["At eight"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_options<O: Into<NewPollOption>>(
        self,
        options: impl IntoIterator<Item = O>,
    ) -> Call<'c, C, PollResponse> {
        let spec = self.spec(Method::POST, "/v3/messages/{messageId}/poll/options");
        Call::json(self.client, spec.body(AddPollOptions::new(options)))
    }

    /// Votes for one option of the poll, or takes that vote back. Votes for other options stay.
    ///
    /// `POST /v3/messages/{messageId}/poll/votes`. The answer has the poll with the vote. The API takes no idempotency
    /// key here, so an attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message).
    pub fn vote(self, vote: NewPollVote) -> Call<'c, C, PollResponse> {
        let spec = self.spec(Method::POST, "/v3/messages/{messageId}/poll/votes");
        Call::json(self.client, spec.body(vote))
    }

    fn spec(&self, method: Method, route: &'static str) -> RequestSpec {
        RequestSpec::new(method, route, &[self.message.as_str()])
    }
}
