use linq_types::{
    MessageId, Operation,
    polls::{AddPollOptions, NewPollOption, NewPollVote, PollResponse},
};

use crate::{Call, request::RequestSpec};

json_body! {
    AddPollOptions;
    NewPollVote;
}

resource! {
    /// A handle on the poll of one message.
    MessagePoll { message: MessageId }
}

impl<'c, C> MessagePoll<'c, C> {
    /// Returns the poll: its options, and who voted for which.
    ///
    /// `GET /v3/messages/{messageId}/poll` ([reference](https://docs.linqapp.com/api/resources/messages/subresources/poll/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message, or it is no longer retained
    pub fn retrieve(&self) -> Call<'c, C, PollResponse> {
        Call::json(self.client, RequestSpec::new(Operation::MessagesPollRetrieve, &[self.message.as_str()]))
    }

    /// Adds options to the poll. They cannot be changed or removed.
    ///
    /// `POST /v3/messages/{messageId}/poll/options` ([reference](https://docs.linqapp.com/api/resources/messages/subresources/poll/methods/add_options)).
    /// On a line that retains no content, repeat the options of the poll before the new ones. The
    /// response has the whole poll. The API takes no idempotency key here, so an attempt that may have been executed is not
    /// retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, poll: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// client.messages().poll(&poll).add_options(["At eight"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_options<O: Into<NewPollOption>>(
        &self,
        options: impl IntoIterator<Item = O>,
    ) -> Call<'c, C, PollResponse> {
        let spec = RequestSpec::new(Operation::MessagesPollAddOptions, &[self.message.as_str()]);
        Call::json(self.client, spec.body(AddPollOptions::new(options)))
    }

    /// Votes for one option of the poll, or withdraws that vote. Votes for other options stay.
    ///
    /// `POST /v3/messages/{messageId}/poll/votes` ([reference](https://docs.linqapp.com/api/resources/messages/subresources/poll/methods/vote)).
    /// The response has the poll with the vote. The API takes no idempotency key here, so an attempt that may
    /// have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message
    pub fn vote(&self, vote: NewPollVote) -> Call<'c, C, PollResponse> {
        let spec = RequestSpec::new(Operation::MessagesPollVote, &[self.message.as_str()]);
        Call::json(self.client, spec.body(vote))
    }
}
