//! `/v3/messages`

use bytes::Bytes;
use linq_types::{
    MessageId, Operation, ReactionId, json,
    messages::{
        AcceptedResponse, Message, MessageCreateResponse, MessageSendResponse, MessageThreadResponse,
        NewMessage, ThreadOrder, UpdateAppCard, UpdateMessage,
    },
    reactions::{Placement, Reaction, StickerPlacementUpdateResponse, UpdateStickerPlacement},
};

use crate::{
    Call, List,
    exchange::{DecodeError, reject_failed},
    request::RequestSpec,
};

mod delivery;
mod poll;

pub use delivery::Delivery;
pub use poll::MessagePoll;

json_body! {
    NewMessage, check;
    Reaction;
    UpdateAppCard;
    UpdateMessage;
    UpdateStickerPlacement;
}

resource! {
    /// A handle on messages by their ids.
    Messages
}

impl<'c, C> Messages<'c, C> {
    /// Sends a message to people and leaves the choice of the line and the chat to the service.
    ///
    /// `POST /v3/messages` ([reference](https://docs.linqapp.com/api/resources/messages/methods/create)).
    /// The service continues the newest chat with these people, creates one, or changes to another line if
    /// the last one is flagged; the response tells which. It accepts the message before it is sent; webhooks report when it is
    /// sent, delivered and read, or why it failed. The idempotency key in the header and the body keeps retries from sending it
    /// twice.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CONFLICT`] (2015): none of your lines can send
    /// * [`ErrorCode::RECIPIENT_OPTED_OUT`] (2024): the person opted out
    ///
    /// The kind is [`ErrorKind::FailedMessage`] if the idempotency key is that of an earlier send that failed.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::messages::NewMessage;
    ///
    /// let created = client.messages().create(NewMessage::new(["+12025550199"], "Hello!")).await?;
    /// println!("sent {} in {}", created.message.id, created.chat_id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "new")]
    pub fn create(&self, message: NewMessage) -> Call<'c, C, MessageCreateResponse> {
        let spec = RequestSpec::new(Operation::MessagesCreate, &[]);
        let spec = spec.keyed_body(message, |body| &mut body.message.idempotency_key);
        Call::new(self.client, spec, decode)
    }

    /// Returns a message: its parts and its delivery status.
    ///
    /// `GET /v3/messages/{messageId}` ([reference](https://docs.linqapp.com/api/resources/messages/methods/retrieve)).
    /// Only the `message.failed` webhook says why a message failed.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message, or it was deleted or is no longer retained
    #[doc(alias = "get")]
    pub fn retrieve(&self, message: impl Into<MessageId>) -> Call<'c, C, Message> {
        Call::json(self.client, RequestSpec::new(Operation::MessagesRetrieve, &[message.into().as_str()]))
    }

    /// Waits until a message that your line sent is delivered: see [`Delivery`].
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use std::time::Duration;
    ///
    /// let sent = client.chats().messages(&chat).send("Your table is ready").await?;
    /// let status = client.messages().delivery(&sent.message.id).timeout(Duration::from_secs(30)).await?;
    /// println!("{status}"); // such as delivered
    /// # Ok(())
    /// # }
    /// ```
    pub fn delivery(&self, message: impl Into<MessageId>) -> Delivery<'c, C> {
        Delivery::new(self.client, message.into())
    }

    /// Updates the text of a message that your line sent.
    ///
    /// `PATCH /v3/messages/{messageId}` ([reference](https://docs.linqapp.com/api/resources/messages/methods/update)).
    /// It must be a text part of an iMessage, and can be updated up to five times within 15 minutes of sending.
    /// The response has the message as it is now; the `message.edited` webhook reports when it is changed. The API takes no
    /// idempotency key here, so an attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message
    ///
    /// An update that comes too late, or after five others, is refused.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, message: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// client.messages().update(&message, "On my way, ten minutes").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(
        &self,
        message: impl Into<MessageId>,
        update: impl Into<UpdateMessage>,
    ) -> Call<'c, C, Message> {
        let spec = RequestSpec::new(Operation::MessagesUpdate, &[message.into().as_str()]);
        Call::json(self.client, spec.body(update.into()))
    }

    /// Deletes what the service stores of a message. It does not unsend it: people keep what they received.
    ///
    /// `DELETE /v3/messages/{messageId}` ([reference](https://docs.linqapp.com/api/resources/messages/methods/delete)).
    /// No webhook reports it. A send with the idempotency key of a deleted message gets a 404.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message
    pub fn delete(&self, message: impl Into<MessageId>) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Operation::MessagesDelete, &[message.into().as_str()]))
    }

    /// Lists the thread of a message, its first message and the replies, oldest first unless another order is set.
    ///
    /// `GET /v3/messages/{messageId}/thread` ([reference](https://docs.linqapp.com/api/resources/messages/methods/list_messages_thread)).
    /// Any message of the thread can be given; one without a thread is listed alone. The order is set by
    /// [`order`](List::order). A page has up to 100 messages, 50 by default.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message, or it is no longer retained
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, message: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// use linq::types::messages::ThreadOrder;
    ///
    /// let mut thread = client.messages().list_thread(&message).order(ThreadOrder::Desc).items();
    /// while let Some(message) = thread.next().await {
    ///     println!("{}", message?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list_messages_thread")]
    pub fn list_thread(&self, message: impl Into<MessageId>) -> List<'c, C, MessageThreadResponse> {
        List::new(self.client, RequestSpec::new(Operation::MessagesListThread, &[message.into().as_str()]))
    }

    /// Updates what an app card shows that your line sent.
    ///
    /// `POST /v3/messages/{messageId}/update` ([reference](https://docs.linqapp.com/api/resources/messages/methods/update_app_card)).
    /// The card must have been delivered; soon after its `message.sent` webhook the service may still
    /// refuse. The response has the message of the card. The API takes no idempotency key here, so an attempt that may have been
    /// executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::INVALID_APP_CARD`] (1008): the card shows nothing, or has the title of an image without the image
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message
    /// * [`ErrorCode::CONFLICT`] (2015): the card is not delivered yet: try again in a few seconds
    ///
    /// The status is 400 if the message is not an app card of yours.
    pub fn update_app_card(
        &self,
        message: impl Into<MessageId>,
        update: impl Into<UpdateAppCard>,
    ) -> Call<'c, C, MessageSendResponse> {
        let spec = RequestSpec::new(Operation::MessagesUpdateAppCard, &[message.into().as_str()]);
        Call::json(self.client, spec.body(update.into()))
    }

    /// Returns a handle on the poll of a message.
    pub fn poll(&self, message: impl Into<MessageId>) -> MessagePoll<'c, C> {
        MessagePoll { client: self.client, message: message.into() }
    }

    /// Adds a reaction to a message, or removes it.
    ///
    /// `POST /v3/messages/{messageId}/reactions` ([reference](https://docs.linqapp.com/api/resources/messages/methods/add_reaction)).
    /// The service responds before it reacts; the `reaction.added` or `reaction.removed` webhook reports
    /// when it has. The API takes no idempotency key here, so an attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message
    /// * [`ErrorCode::OPERATION_FAILED`] (3006): the message is not sent yet (observed): wait for its `message.sent` webhook
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, message: linq_core::types::MessageId) -> Result<(), linq_core::Error> {
    /// use linq::types::reactions::Reaction;
    ///
    /// client.messages().add_reaction(&message, Reaction::LOVE).await?;
    /// client.messages().add_reaction(&message, Reaction::emoji("🔥")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_reaction(
        &self,
        message: impl Into<MessageId>,
        reaction: impl Into<Reaction>,
    ) -> Call<'c, C, AcceptedResponse> {
        let spec = RequestSpec::new(Operation::MessagesAddReaction, &[message.into().as_str()]);
        Call::json(self.client, spec.body(reaction.into()))
    }

    /// Moves, rotates or scales a sticker that your line put on a message.
    ///
    /// `PATCH /v3/messages/{messageId}/reactions/{reactionId}` ([reference](https://docs.linqapp.com/api/resources/messages/methods/update_sticker_placement)).
    /// The API takes no idempotency key here, so an attempt that may have been executed is not
    /// retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::MESSAGE_NOT_FOUND`] (2002): there is no such message
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(
    /// #     client: linq_core::Client,
    /// #     message: linq_core::types::MessageId,
    /// #     sticker: linq_core::types::ReactionId,
    /// # ) -> Result<(), linq_core::Error> {
    /// use linq::types::reactions::Placement;
    ///
    /// client.messages().update_sticker_placement(&message, &sticker, Placement::new().x(-0.5).scale(1.5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_sticker_placement(
        &self,
        message: impl Into<MessageId>,
        reaction: impl Into<ReactionId>,
        placement: Placement,
    ) -> Call<'c, C, StickerPlacementUpdateResponse> {
        let (message, reaction) = (message.into(), reaction.into());
        let ids = [message.as_str(), reaction.as_str()];
        let spec = RequestSpec::new(Operation::MessagesUpdateStickerPlacement, &ids);
        Call::json(self.client, spec.body(UpdateStickerPlacement::from(placement)))
    }
}

/// The order of [`Messages::list_thread`].
impl<C> List<'_, C, MessageThreadResponse> {
    /// Lists the messages in this order.
    pub fn order(self, order: impl Into<ThreadOrder>) -> Self {
        self.with_query("order", order.into().as_str())
    }
}

fn decode(body: &Bytes) -> Result<MessageCreateResponse, DecodeError> {
    let created: MessageCreateResponse = json::from_slice(body)?;
    reject_failed(created.message.delivery_status.as_ref())?;
    Ok(created)
}
