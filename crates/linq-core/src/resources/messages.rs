//! `/v3/messages`

use bytes::Bytes;
use http::Method;
use linq_types::{
    MessageId, json,
    messages::{Accepted, CreateMessage, Message, MessageCreateResponse},
    reactions::Reaction,
};

use crate::{
    Call,
    exchange::{Rejected, refuse_failed},
    request::RequestSpec,
};

json_body! {
    CreateMessage => message.idempotency_key, check;
    Reaction;
}

resource! {
    /// Messages by their ids.
    Messages
}

impl<'c, C> Messages<'c, C> {
    /// Sends a message to people and leaves the choice of the line and the chat to the service.
    ///
    /// `POST /v3/messages`. The service goes on in the newest chat with these people, or opens one, or steps over to
    /// another line when the last one is flagged; the answer says which. The message is accepted, not yet sent:
    /// webhooks tell the rest. It goes out once: the idempotency key is sent as a header and in the message.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FailedMessage`](crate::ErrorKind::FailedMessage) when the key is that of an earlier send that
    /// failed. Worth matching: 2015 (none of your lines can send), 2024 (the person opted out).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::messages::CreateMessage;
    ///
    /// let created = client.messages().create(CreateMessage::new(["+12025550199"], "Hello!")).await?;
    /// println!("{} wrote in {}", created.from, created.chat_id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "new")]
    pub fn create(self, message: CreateMessage) -> Call<'c, C, MessageCreateResponse> {
        let spec = RequestSpec::new(Method::POST, "/v3/messages", &[]).body(message).with_key_header();
        Call::new(self.client, spec, decode)
    }

    /// Gets a message: what it consists of and how far it has got.
    ///
    /// `GET /v3/messages/{messageId}`. Of a failed message only the `message.failed` webhook says why.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message, or it was deleted or is no longer retained).
    #[doc(alias = "get")]
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
    /// use linq_core::types::reactions::Reaction;
    ///
    /// client.messages().add_reaction(&message, Reaction::Love).await?;
    /// client.messages().add_reaction(&message, Reaction::emoji("🔥")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_reaction(
        self,
        message: impl Into<MessageId>,
        reaction: impl Into<Reaction>,
    ) -> Call<'c, C, Accepted> {
        let message = message.into();
        let spec = RequestSpec::new(Method::POST, "/v3/messages/{messageId}/reactions", &[message.as_str()]);
        Call::json(self.client, spec.body(reaction.into()))
    }
}

fn decode(body: &Bytes) -> Result<MessageCreateResponse, Rejected> {
    let created: MessageCreateResponse = json::from_slice(body)?;
    refuse_failed(&created.message)?;
    Ok(created)
}
