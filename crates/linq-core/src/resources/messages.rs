//! `/v3/messages`

use http::Method;
use linq_types::{
    MessageId,
    messages::{Accepted, Message},
    reactions::Reacting,
};

use crate::{Call, request::RequestSpec};

json_body! {
    Reacting;
}

resource! {
    /// Messages by their ids.
    Messages
}

impl<'c, C> Messages<'c, C> {
    /// Gets a message: what it consists of and how far it has got.
    ///
    /// `GET /v3/messages/{messageId}`. Of a failed message only the `message.failed` webhook says why.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message, or it was deleted or is no longer retained).
    pub fn retrieve(self, message: impl Into<MessageId>) -> Call<'c, C, Message> {
        let message = message.into();
        let spec = RequestSpec::new(Method::GET, "/v3/messages/{messageId}", &[message.as_str()]);
        Call::json(self.client, spec)
    }

    /// Puts a reaction on a message, or takes it off.
    ///
    /// `POST /v3/messages/{messageId}/reactions`. The service answers before it reacts; the `reaction.added` or
    /// `reaction.removed` webhook tells when it has. The API gives reactions no idempotency key, so an attempt that
    /// may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message), 3006 (observed when the message is not sent yet: wait for its
    /// `message.sent` webhook).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, message: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::reactions::{Reacting, ReactionType};
    ///
    /// client.messages().add_reaction(&message, ReactionType::Love).await?;
    /// client.messages().add_reaction(&message, Reacting::emoji("🔥")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_reaction(
        self,
        message: impl Into<MessageId>,
        reaction: impl Into<Reacting>,
    ) -> Call<'c, C, Accepted> {
        let message = message.into();
        let spec = RequestSpec::new(Method::POST, "/v3/messages/{messageId}/reactions", &[message.as_str()]);
        Call::json(self.client, spec.body(reaction.into()))
    }
}
