//! Messages: `/v3/messages` and `/v3/chats/{chatId}/messages`.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::{
    ChatHandle, ChatId, Handle, IdempotencyKey, MessageId, Service, Timestamp, TraceId,
    page::Page,
    parts::{
        AppClipPart, Effect, IMessageApp, IMessageAppLayout, IMessageAppPart, LinkPart, MediaPart,
        MediaPartResponse, Part, PartResponse, ReplyTo, RunExperience, TextPart,
    },
};

/// The content of a message to send: its parts, effect, reply target and options.
///
/// Text and single parts convert into it.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::{messages::MessageContent, parts::{Effect, Part}};
///
/// let plain = MessageContent::from("On my way");
/// let festive = MessageContent::new([Part::text("We won!"), Part::media_url("https://example.com/cup.jpg")])
///     .effect(Effect::CONFETTI);
/// # let _ = (plain, festive);
/// ```
#[doc(alias = "MessageContentParam")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(
        description = "The content of a message to send: its parts, effect, reply target and options.",
        example = Self::from("Hello!")
    )
)]
#[non_exhaustive]
pub struct MessageContent {
    /// The [parts](Part) of the message, 1 to 100; `None` if an [`experience`](Self::experience) creates them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<Part>>,
    /// The [effect](Effect) that plays when the message arrives. Not allowed in the first message of a chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The [message](ReplyTo) that this one replies to. Not allowed in the first message of a chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The [service](Service) to send by; `None` lets the API choose. iMessage has no fallback, RCS may fall back to
    /// SMS, and SMS may be upgraded to RCS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<Service>,
    /// The [idempotency key](IdempotencyKey), at most 255 characters; if `None`, the client generates one for each
    /// call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// The [action of an installed experience](RunExperience) that creates the message, instead of
    /// [`parts`](Self::parts).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<RunExperience>,
}

impl MessageContent {
    /// Creates a message of these parts.
    pub fn new(parts: impl IntoIterator<Item = Part>) -> Self {
        Self { parts: Some(parts.into_iter().collect()), ..Self::default() }
    }

    /// Creates a message from an action of an installed experience.
    #[must_use]
    pub fn from_experience(experience: RunExperience) -> Self {
        Self { experience: Some(experience), ..Self::default() }
    }

    setters! {
        /// Sets the effect that plays when the message arrives.
        effect: Effect,
        /// Sets the message to reply to: a [`MessageId`], or one of its parts with `ReplyTo::new(id).part_index(1)`.
        reply_to: ReplyTo,
        /// Sets the service to send by.
        preferred_service: Service,
        /// Sets the idempotency key.
        idempotency_key: IdempotencyKey,
    }
}

impl From<Vec<Part>> for MessageContent {
    fn from(parts: Vec<Part>) -> Self {
        Self::new(parts)
    }
}

/// A single part is a message.
macro_rules! content_from_part {
    ($($part:ty,)+) => {$(
        impl From<$part> for MessageContent {
            fn from(part: $part) -> Self {
                Self::new([part.into()])
            }
        }
    )+};
}

content_from_part! {
    &str, String, &String, Part, TextPart, MediaPart, LinkPart, IMessageAppPart, AppClipPart,
}

/// A message to send into a chat: the body of `POST /v3/chats/{chatId}/messages`.
///
/// Everything that converts into a [`MessageContent`] converts into it.
#[doc(alias = "MessageSendParams")]
#[doc(alias = "ChatMessageSendParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(
        description = "A message to send into a chat: the body of `POST /v3/chats/{chatId}/messages`.",
        example = Self::new("Hello!")
    )
)]
#[non_exhaustive]
pub struct NewChatMessage {
    /// The [content](MessageContent) of the message.
    pub message: MessageContent,
    /// Whether to send although the recipient opted out, for this request only; otherwise the API responds with
    /// [`RECIPIENT_OPTED_OUT`](crate::error::ErrorCode::RECIPIENT_OPTED_OUT) (2024).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewChatMessage {
    /// Creates the body for this message.
    pub fn new(message: impl Into<MessageContent>) -> Self {
        Self { message: message.into(), override_optout: None }
    }

    setters! {
        /// Sets whether to send although the recipient opted out, for this request only.
        plain override_optout: bool,
    }
}

/// What converts into the content of a message converts into the body as well.
macro_rules! chat_message_from {
    ($($message:ty,)+) => {$(
        impl From<$message> for NewChatMessage {
            fn from(message: $message) -> Self {
                Self::new(message)
            }
        }
    )+};
}

chat_message_from! {
    MessageContent, &str, String, &String, Vec<Part>, Part, TextPart, MediaPart, LinkPart, IMessageAppPart, AppClipPart,
}

checks! {
    NewChatMessage: message;
    NewMessage: to, message, exclude_from;
}

/// The response to sending a message into a chat, and to updating an app card.
#[doc(alias = "ChatMessageSendResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageSendResponse {
    /// The id of the chat.
    pub chat_id: ChatId,
    /// The [message](SentMessage): accepted but not sent yet, or the message with the updated app card.
    pub message: SentMessage,
}

/// A message to people, sent from the line that the API selects: the body of `POST /v3/messages`.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::messages::NewMessage;
///
/// let message = NewMessage::new(["+12025550199"], "Hello!").exclude_from(["+12025550100"]);
/// assert_eq!(message.to, ["+12025550199"]);
/// ```
#[doc(alias = "MessageCreateParams")]
#[doc(alias = "MessageNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::new(vec!["+12025550199"], "Hello!"))
)]
#[non_exhaustive]
pub struct NewMessage {
    /// The recipients: phone numbers in E.164 form, or email addresses.
    pub to: Vec<Handle>,
    /// The [content](MessageContent) of the message. Unlike the first message of `POST /v3/chats` it may be a link.
    pub message: MessageContent,
    /// The [message](ContinuationMessage) to send instead if another line takes over the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuation_message: Option<ContinuationMessage>,
    /// The lines not to send from; `None` excludes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude_from: Option<Vec<Handle>>,
    /// Whether to send although the recipient opted out, for this request only; otherwise the API responds with
    /// [`RECIPIENT_OPTED_OUT`](crate::error::ErrorCode::RECIPIENT_OPTED_OUT) (2024).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewMessage {
    /// Creates a message to these recipients.
    pub fn new<H: Into<Handle>>(to: impl IntoIterator<Item = H>, message: impl Into<MessageContent>) -> Self {
        Self {
            to: to.into_iter().map(Into::into).collect(),
            message: message.into(),
            continuation_message: None,
            exclude_from: None,
            override_optout: None,
        }
    }

    setters! {
        /// Sets the message to send instead if another line takes over the conversation.
        continuation_message: ContinuationMessage,
        /// Excludes these lines from the selection.
        list exclude_from: Handle,
        /// Sets whether to send although the recipient opted out, for this request only.
        plain override_optout: bool,
    }
}

/// The message that a line sends when it takes over a conversation from another line.
#[doc(alias = "MessageNewParamsContinuationMessage")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContinuationMessage {
    /// The text of the message.
    pub text: String,
}

impl ContinuationMessage {
    /// Creates a continuation message with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// The response to sending a message whose line the API selected.
#[doc(alias = "MessageNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageCreateResponse {
    /// The id of the chat that the message was sent into.
    pub chat_id: ChatId,
    /// Whether the request created the chat; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_new_chat: Option<bool>,
    /// The line that the API selected, in E.164 form; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// [Why](FromSelection) the API selected the line; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_selection: Option<FromSelection>,
    /// The [participants](ChatHandle) of the chat, your line included.
    #[serde(default, deserialize_with = "crate::list::or_empty")]
    pub handles: Vec<ChatHandle>,
    /// Whether the chat is a group; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_group: Option<bool>,
    /// The [message](SentMessage), accepted but not sent yet.
    pub message: SentMessage,
    /// The [service](Service) that carries the message; `None` if it is not selected yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The id of the earlier chat of another line with these people; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_chat_id: Option<ChatId>,
}

/// Why the API selected a line.
#[doc(alias = "MessageNewResponseFromSelection")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FromSelection {
    /// The [reason](FromSelectionReason); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FromSelectionReason>,
    /// Whether the message went into a chat that the line already had; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused_existing_chat: Option<bool>,
}

open_enum! {
    /// A reason for selecting a line.
    pub enum FromSelectionReason {
        /// The line has an active chat with these people.
        ReusedActiveChat = "reused_active_chat",
        /// The line is the best one for people you have not written to before.
        NewBestNumber = "new_best_number",
        /// The line replaces one that is flagged.
        FailoverFlagged = "failover_flagged",
    }
}

/// A message that the API has accepted for sending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SentMessage {
    /// The id of the message, as in webhooks and in `GET /v3/messages/{messageId}`.
    pub id: MessageId,
    /// The [delivery status](DeliveryStatus); usually [`Pending`](DeliveryStatus::Pending). `None` if the API does
    /// not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_status: Option<DeliveryStatus>,
    /// The [parts](PartResponse) of the message.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub parts: Vec<PartResponse>,
    /// When the message was accepted; `None` in responses of early 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the message was sent; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When the message was delivered; `None` until then and always for SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// The [effect](Effect) that plays when the message arrives; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The [line](ChatHandle) that sends the message; `None` if the response does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_handle: Option<ChatHandle>,
    /// The [service](Service) that the request asked for; `None` if it asked for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<Service>,
    /// The [message](ReplyTo) that this one replies to; `None` if it is not a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The [service](Service) that carries the message; `None` if it is not selected yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Whether the message was read; `None` if the API does not report it.
    #[deprecated(note = "use `delivery_status`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_read: Option<bool>,
}

open_enum! {
    /// The delivery status of a message.
    pub enum DeliveryStatus {
        /// The message is accepted.
        Pending = "pending",
        /// The message is queued for sending.
        Queued = "queued",
        /// The message is sent. SMS never gets beyond this status.
        Sent = "sent",
        /// The message is on the recipient's device.
        Delivered = "delivered",
        /// The message was received from another person.
        Received = "received",
        /// The recipient has read the message.
        Read = "read",
        /// The message could not be sent. Only the `message.failed` webhook has the reason.
        Failed = "failed",
    }
}

/// A message in a chat, sent or received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The id of the message.
    pub id: MessageId,
    /// The id of the chat that the message is in.
    pub chat_id: ChatId,
    /// Whether your line sent the message; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_from_me: Option<bool>,
    /// The [delivery status](DeliveryStatus); `None` in responses of early 2026.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_status: Option<DeliveryStatus>,
    /// The [parts](PartResponse) of the message; empty if your account retains no content.
    #[serde(default, deserialize_with = "crate::list::identifying", skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartResponse>,
    /// The [sender](ChatHandle); `None` if the response does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_handle: Option<ChatHandle>,
    /// The address of the sender.
    #[deprecated(note = "use `from_handle`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// When the API created the record of the message; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the message last changed; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// When the message was sent; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When the message was delivered; `None` until then and always for SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When the message was read; `None` until then and always for SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// When the API recovered the message after a delay; `None` if it arrived in time. Treat a recovered message as
    /// history and do not reply to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled_at: Option<Timestamp>,
    /// The [effect](Effect) that plays when the message arrives; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The [service](Service) that the request asked for; `None` if it asked for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<Service>,
    /// The [message](ReplyTo) that this one replies to; `None` if it is not a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The [service](Service) that carried the message; `None` if it is not selected yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Whether the message was delivered; `None` if the API does not report it.
    #[deprecated(note = "use `delivery_status`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_delivered: Option<bool>,
    /// Whether the message was read; `None` if the API does not report it.
    #[deprecated(note = "use `delivery_status`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_read: Option<bool>,
}

impl Message {
    /// Returns the text of all text parts, separated by newlines.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.parts.iter().filter_map(PartResponse::as_text).collect();
        texts.join("\n")
    }

    /// Returns the files of all media parts.
    pub fn media(&self) -> impl Iterator<Item = &MediaPartResponse> {
        self.parts.iter().filter_map(PartResponse::as_media)
    }
}

/// One page of the messages of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageListResponse {
    /// The [messages](Message) of this page.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub messages: Vec<Message>,
    /// The cursor of the next page; `None` on the last page.
    #[serde(default, deserialize_with = "crate::list::identifying", skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl Page for MessageListResponse {
    type Item = Message;

    fn into_parts(self, _: Option<&str>) -> (Vec<Message>, Option<String>) {
        (self.messages, self.next_cursor)
    }
}

/// One page of a thread: a message and the replies to it.
///
/// A newtype of [`MessageListResponse`] that dereferences to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct MessageThreadResponse(pub MessageListResponse);

impl Deref for MessageThreadResponse {
    type Target = MessageListResponse;

    fn deref(&self) -> &MessageListResponse {
        &self.0
    }
}

impl Page for MessageThreadResponse {
    type Item = Message;

    fn into_parts(self, cursor: Option<&str>) -> (Vec<Message>, Option<String>) {
        self.0.into_parts(cursor)
    }
}

open_enum! {
    /// The order of the messages of a thread.
    pub enum ThreadOrder {
        /// Oldest first.
        Asc = "asc",
        /// Newest first.
        Desc = "desc",
    }
}

/// A new text for a text part of a message: the body of `PATCH /v3/messages/{messageId}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schemars-1",
    derive(schemars::JsonSchema),
    schemars(example = Self::new("See you at 9!"))
)]
#[non_exhaustive]
pub struct UpdateMessage {
    /// The new text.
    pub text: String,
    /// The index of the part to edit, counted from 0; `None` means the first part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
}

impl UpdateMessage {
    /// Creates an edit of the first part.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), part_index: None }
    }

    setters! {
        /// Sets the index of the part to edit, counted from 0.
        plain part_index: u32,
    }
}

from_text! {
    ContinuationMessage: new;
    UpdateMessage: new;
}

/// A new content for an app card: the body of `POST /v3/messages/{messageId}/update`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpdateAppCard {
    /// The new [layout](IMessageAppLayout): at least one text or an image. The image's title and subtitle require the
    /// image.
    pub layout: IMessageAppLayout,
    /// The [app](IMessageApp) that renders the card; `None` keeps the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<IMessageApp>,
    /// The [action of an installed experience](RunExperience) to run, instead of [`url`](Self::url).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<RunExperience>,
    /// The text shown where the card cannot be rendered, such as on the lock screen; `None` means the caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Whether the installed app renders the card. `None` means `true`, even if the card was sent with `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactive: Option<bool>,
    /// The URL passed to the app when the card is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl UpdateAppCard {
    /// Creates an update to this layout.
    #[must_use]
    pub fn new(layout: IMessageAppLayout) -> Self {
        Self { layout, app: None, experience: None, fallback_text: None, interactive: None, url: None }
    }

    setters! {
        /// Sets the app that renders the card.
        app: IMessageApp,
        /// Sets the action of an installed experience to run.
        experience: RunExperience,
        /// Sets the text shown where the card cannot be rendered.
        fallback_text: String,
        /// Sets whether the installed app renders the card.
        plain interactive: bool,
        /// Sets the URL passed to the app when the card is opened.
        url: String,
    }
}

impl From<IMessageAppLayout> for UpdateAppCard {
    fn from(layout: IMessageAppLayout) -> Self {
        Self::new(layout)
    }
}

/// The response to a request that the API executes asynchronously, such as a reaction.
#[doc(alias = "MessageAddReactionResponse")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AcceptedResponse {
    /// The status of the request, usually `accepted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A human-readable message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The trace id of the request; the webhooks that it causes have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<TraceId>,
}
