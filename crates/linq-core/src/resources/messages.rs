//! `/v3/messages`

use bytes::Bytes;
use http::Method;
use linq_types::{
    MessageId, ReactionId, json,
    messages::{
        AcceptedResponse, NewMessage, Message, MessageCreateResponse, MessageSendResponse, MessageThreadResponse,
        ThreadOrder, UpdateAppCard, UpdateMessage,
    },
    reactions::{StickerPlacementUpdateResponse, Placement, Reaction, UpdateStickerPlacement},
};

use crate::{
    Call, List,
    exchange::{Rejected, refuse_failed},
    request::RequestSpec,
};

mod poll;

pub use poll::MessagePoll;

const MESSAGE: &str = "/v3/messages/{messageId}";

json_body! {
    NewMessage => message.idempotency_key, check;
    Reaction;
    UpdateAppCard;
    UpdateMessage;
    UpdateStickerPlacement;
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
    /// use linq_core::types::messages::NewMessage;
    ///
    /// let created = client.messages().create(NewMessage::new(["+12025550199"], "Hello!")).await?;
    /// println!("{} wrote in {}", created.from, created.chat_id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "new")]
    pub fn create(self, message: NewMessage) -> Call<'c, C, MessageCreateResponse> {
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
        let spec = RequestSpec::new(Method::GET, MESSAGE, &[message.as_str()]);
        Call::json(self.client, spec)
    }

    /// Changes the text of a message that your line sent.
    ///
    /// `PATCH /v3/messages/{messageId}`. One text part of an iMessage, at most five times and within 15 minutes of
    /// sending. The answer has the message as it is now; the `message.edited` webhook tells when it is changed. The API
    /// takes no idempotency key here, so an attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message). A change that comes too late, or after five others, is refused.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, message: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// client.messages().update(&message, "On my way, ten minutes").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(
        self,
        message: impl Into<MessageId>,
        update: impl Into<UpdateMessage>,
    ) -> Call<'c, C, Message> {
        let spec = RequestSpec::new(Method::PATCH, MESSAGE, &[message.into().as_str()]);
        Call::json(self.client, spec.body(update.into()))
    }

    /// Deletes what the service stores of a message. Nothing is unsent: people keep what they received.
    ///
    /// `DELETE /v3/messages/{messageId}`. No webhook tells of it. A send with the idempotency key of a deleted message is
    /// answered with 404.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message).
    pub fn delete(self, message: impl Into<MessageId>) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Method::DELETE, MESSAGE, &[message.into().as_str()]))
    }

    /// Lists the thread that a message belongs to: the first message and the replies to it.
    ///
    /// `GET /v3/messages/{messageId}/thread`. Any message of the thread will do; one without a thread is listed alone.
    /// The oldest comes first unless an order is set. A page has up to 100 messages, 50 unless a limit is set.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message, or it is no longer retained).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, message: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::messages::ThreadOrder;
    ///
    /// let mut thread = client.messages().list_thread(&message).order(ThreadOrder::Desc).items();
    /// while let Some(message) = thread.next().await {
    ///     println!("{}", message?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list_messages_thread")]
    pub fn list_thread(self, message: impl Into<MessageId>) -> List<'c, C, MessageThreadResponse> {
        let route = "/v3/messages/{messageId}/thread";
        List::new(self.client, RequestSpec::new(Method::GET, route, &[message.into().as_str()]))
    }

    /// Changes what an app card shows that your line sent.
    ///
    /// `POST /v3/messages/{messageId}/update`. The card must have been delivered; soon after its `message.sent` webhook
    /// the service may still refuse. The answer has the message that carries the card. The API takes no idempotency key
    /// here, so an attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 1008 (the card shows nothing, or a picture's title without the picture), 2002 (no such message),
    /// 2015 (the card is not delivered yet: try again in a few seconds). Status 400 when the message is no app card of
    /// yours.
    pub fn update_app_card(
        self,
        message: impl Into<MessageId>,
        update: impl Into<UpdateAppCard>,
    ) -> Call<'c, C, MessageSendResponse> {
        let route = "/v3/messages/{messageId}/update";
        let spec = RequestSpec::new(Method::POST, route, &[message.into().as_str()]);
        Call::json(self.client, spec.body(update.into()))
    }

    /// The poll that a message carries.
    pub fn poll(self, message: impl Into<MessageId>) -> MessagePoll<'c, C> {
        MessagePoll { client: self.client, message: message.into() }
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
    /// client.messages().add_reaction(&message, Reaction::LOVE).await?;
    /// client.messages().add_reaction(&message, Reaction::emoji("🔥")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_reaction(
        self,
        message: impl Into<MessageId>,
        reaction: impl Into<Reaction>,
    ) -> Call<'c, C, AcceptedResponse> {
        let message = message.into();
        let spec = RequestSpec::new(Method::POST, "/v3/messages/{messageId}/reactions", &[message.as_str()]);
        Call::json(self.client, spec.body(reaction.into()))
    }

    /// Moves, turns or resizes a sticker that your line put on a message.
    ///
    /// `PATCH /v3/messages/{messageId}/reactions/{reactionId}`. The API takes no idempotency key here, so an attempt that
    /// may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 2002 (no such message).
    ///
    /// ```
    /// # async fn doc(
    /// #     client: linq_core::Client,
    /// #     message: linq_core::types::MessageId,
    /// #     sticker: linq_core::types::ReactionId,
    /// # ) -> Result<(), linq_core::Error> {
    /// use linq_core::types::reactions::Placement;
    ///
    /// client.messages().update_sticker_placement(&message, &sticker, Placement::new().x(-0.5).scale(1.5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_sticker_placement(
        self,
        message: impl Into<MessageId>,
        reaction: impl Into<ReactionId>,
        placement: Placement,
    ) -> Call<'c, C, StickerPlacementUpdateResponse> {
        let (message, reaction) = (message.into(), reaction.into());
        let route = "/v3/messages/{messageId}/reactions/{reactionId}";
        let spec = RequestSpec::new(Method::PATCH, route, &[message.as_str(), reaction.as_str()]);
        Call::json(self.client, spec.body(UpdateStickerPlacement::from(placement)))
    }
}

impl<C> List<'_, C, MessageThreadResponse> {
    /// Lists the messages in this order.
    pub fn order(self, order: impl Into<ThreadOrder>) -> Self {
        self.with_query("order", order.into().as_str())
    }
}

fn decode(body: &Bytes) -> Result<MessageCreateResponse, Rejected> {
    let created: MessageCreateResponse = json::from_slice(body)?;
    refuse_failed(&created.message)?;
    Ok(created)
}
