//! Messages: `/v3/messages` and `/v3/chats/{chatId}/messages`.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::{
    ChatHandle, ChatId, Handle, IdempotencyKey, MessageId, Service, Timestamp, TraceId,
    page::Page,
    parts::{
        AppClipPart, Effect, IMessageApp, IMessageAppLayout, IMessageAppPart, LinkPart, MediaPart, Part,
        PartResponse, ReplyTo, RunExperience, TextPart,
    },
};

/// A message to send: the API's message content.
///
/// ```
/// use linq_types::{messages::MessageContent, parts::{Effect, Part}};
///
/// let plain = MessageContent::from("On my way");
/// let festive = MessageContent::new([Part::text("We won!"), Part::media_url("https://example.com/cup.jpg")])
///     .effect(Effect::CONFETTI);
/// # let _ = (plain, festive);
/// ```
#[doc(alias = "MessageContentParam")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageContent {
    /// What the message consists of; absent when it is an [`experience`](Self::experience).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<Part>>,
    /// Plays when the message arrives. Not in the first message of a chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The message that this one answers. Not in the first message of a chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The service to use. iMessage is strict, RCS may fall back to SMS, SMS may be upgraded to RCS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<Service>,
    /// Makes the service send once, however often the request arrives. The client makes one up where there is
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// Runs an installed experience in place of sending parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<RunExperience>,
}

impl MessageContent {
    /// A message of these parts.
    pub fn new(parts: impl IntoIterator<Item = Part>) -> Self {
        Self { parts: Some(parts.into_iter().collect()), ..Self::default() }
    }

    /// A message that an installed experience makes.
    #[must_use]
    pub fn from_experience(experience: RunExperience) -> Self {
        Self { experience: Some(experience), ..Self::default() }
    }

    setters! {
        /// Plays an effect when the message arrives.
        effect: Effect,
        /// Answers a message, given by its id, or one part of it: `ReplyTo::new(id).part_index(1)`.
        reply_to: ReplyTo,
        /// Asks for a service.
        preferred_service: Service,
        /// Sets the key that makes the service send once.
        idempotency_key: IdempotencyKey,
    }
}

impl From<Vec<Part>> for MessageContent {
    fn from(parts: Vec<Part>) -> Self {
        Self::new(parts)
    }
}

impl From<&str> for MessageContent {
    fn from(text: &str) -> Self {
        Part::text(text).into()
    }
}

impl From<String> for MessageContent {
    fn from(text: String) -> Self {
        Part::text(text).into()
    }
}

/// A single part is a message.
macro_rules! message_from_part {
    ($($part:ty,)+) => {$(
        impl From<$part> for MessageContent {
            fn from(part: $part) -> Self {
                Self::new([part.into()])
            }
        }
    )+};
}

message_from_part! { Part, TextPart, MediaPart, LinkPart, IMessageAppPart, AppClipPart, }

/// The body of `POST /v3/chats/{chatId}/messages`: a message and how to send it.
#[doc(alias = "MessageSendParams")]
#[doc(alias = "ChatMessageSendParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewChatMessage {
    /// The message.
    pub message: MessageContent,
    /// Whether to send although the person opted out (error 2024 otherwise), for this request only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewChatMessage {
    /// Sends this message.
    pub fn new(message: impl Into<MessageContent>) -> Self {
        Self { message: message.into(), override_optout: None }
    }

    setters! {
        /// Sends although the person opted out, for this request only.
        override_optout: bool,
    }
}

/// What makes a message can be sent.
macro_rules! send_message_from {
    ($($message:ty,)+) => {$(
        impl From<$message> for NewChatMessage {
            fn from(message: $message) -> Self {
                Self::new(message)
            }
        }
    )+};
}

send_message_from! {
    MessageContent, &str, String, Vec<Part>, Part, TextPart, MediaPart, LinkPart, IMessageAppPart, AppClipPart,
}

checks! {
    NewChatMessage: message;
    NewMessage: to, message, exclude_from;
}

/// The answer to a send into a chat, and to updating an app card.
#[doc(alias = "ChatMessageSendResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageSendResponse {
    /// The chat.
    pub chat_id: ChatId,
    /// The message, accepted but not sent yet; of an updated app card as it stands.
    pub message: SentMessage,
}

/// A message to people, with the line left to the service: the body of `POST /v3/messages`.
#[doc(alias = "MessageCreateParams")]
#[doc(alias = "MessageNewParams")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewMessage {
    /// The other people.
    pub to: Vec<Handle>,
    /// The message. Unlike the first message of `POST /v3/chats` it may have a link.
    pub message: MessageContent,
    /// Sent in place of the message when it must go out from another line than the last one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuation_message: Option<ContinuationMessage>,
    /// Lines of yours that must not be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude_from: Option<Vec<Handle>>,
    /// Whether to send although the person opted out (error 2024 otherwise), for this request only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_optout: Option<bool>,
}

impl NewMessage {
    /// This message to these people.
    pub fn new<H: Into<Handle>>(to: impl IntoIterator<Item = H>, message: impl Into<MessageContent>) -> Self {
        Self {
            to: to.into_iter().map(Into::into).collect(),
            message: message.into(),
            continuation_message: None,
            exclude_from: None,
            override_optout: None,
        }
    }

    /// Does not use these lines.
    #[must_use]
    pub fn exclude_from<H: Into<Handle>>(mut self, lines: impl IntoIterator<Item = H>) -> Self {
        self.exclude_from = Some(lines.into_iter().map(Into::into).collect());
        self
    }

    setters! {
        /// Sets what is sent in place of the message from another line.
        continuation_message: ContinuationMessage,
        /// Sends although the person opted out, for this request only.
        override_optout: bool,
    }
}

/// What a line says when it takes a conversation over from another.
#[doc(alias = "MessageNewParamsContinuationMessage")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContinuationMessage {
    /// The text.
    pub text: String,
}

impl From<&str> for ContinuationMessage {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

impl From<String> for ContinuationMessage {
    fn from(text: String) -> Self {
        Self { text }
    }
}

/// The answer to a message whose line the service chose.
#[doc(alias = "MessageNewResponse")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageCreateResponse {
    /// The chat that it went into.
    pub chat_id: ChatId,
    /// Whether the chat is new.
    pub created_new_chat: bool,
    /// Your line that sends it.
    pub from: Handle,
    /// Why it was that line.
    pub from_selection: FromSelection,
    /// Everybody in the chat, your line included.
    pub handles: Vec<ChatHandle>,
    /// Whether the chat has more than one other person.
    pub is_group: bool,
    /// The message, accepted but not sent yet.
    pub message: SentMessage,
    /// The service that carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The chat that another line had with these people before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_chat_id: Option<ChatId>,
}

/// Why the service chose a line.
#[doc(alias = "MessageNewResponseFromSelection")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FromSelection {
    /// The reason.
    pub reason: FromSelectionReason,
    /// Whether a chat of that line was there already.
    pub reused_existing_chat: bool,
}

open_enum! {
    /// The reasons for choosing a line.
    pub enum FromSelectionReason {
        /// It has the active chat with these people.
        ReusedActiveChat = "reused_active_chat",
        /// It is the best line for people you have not written to.
        NewBestNumber = "new_best_number",
        /// It steps in for a line that is flagged.
        FailoverFlagged = "failover_flagged",
    }
}

/// A message just accepted for sending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SentMessage {
    /// The message's id: webhooks and `GET /v3/messages/{messageId}` name it.
    pub id: MessageId,
    /// How far it has got: [`Pending`](DeliveryStatus::Pending) as a rule.
    pub delivery_status: DeliveryStatus,
    /// What it consists of.
    pub parts: Vec<PartResponse>,
    /// When it was accepted. Answers of 2026-02 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was sent; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When it was delivered; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// Plays when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Your line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_handle: Option<ChatHandle>,
    /// The service asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<Service>,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The service that carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Whether it was read.
    #[deprecated(note = "use `delivery_status`")]
    pub is_read: bool,
}

open_enum! {
    /// How far a message has got.
    pub enum DeliveryStatus {
        /// Accepted.
        Pending = "pending",
        /// Waiting to be sent.
        Queued = "queued",
        /// Sent. SMS gets no further.
        Sent = "sent",
        /// On the other person's device.
        Delivered = "delivered",
        /// Received from the other person.
        Received = "received",
        /// Read by the other person.
        Read = "read",
        /// Not sent; only the `message.failed` webhook says why.
        Failed = "failed",
    }
}

/// A message in a chat, sent or received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The message's id.
    pub id: MessageId,
    /// The chat it is in.
    pub chat_id: ChatId,
    /// Whether your line sent it.
    pub is_from_me: bool,
    /// How far it has got. Answers of 2026-02 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_status: Option<DeliveryStatus>,
    /// What it consists of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<PartResponse>>,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_handle: Option<ChatHandle>,
    /// The address it came from.
    #[deprecated(note = "use `from_handle`")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// When the service took it up.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// When the service recovered it late: treat it as history and do not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled_at: Option<Timestamp>,
    /// Plays when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The service asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_service: Option<Service>,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The service that carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Whether it was delivered.
    #[deprecated(note = "use `delivery_status`")]
    pub is_delivered: bool,
    /// Whether it was read.
    #[deprecated(note = "use `delivery_status`")]
    pub is_read: bool,
}

/// One page of the messages of a chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageListResponse {
    /// The messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Message>>,
    /// Asks for the page after this one; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl Page for MessageListResponse {
    type Item = Message;

    fn into_parts(self) -> (Vec<Message>, Option<String>) {
        (self.messages.unwrap_or_default(), self.next_cursor)
    }
}

/// One page of a thread: a message and the replies to it.
///
/// It is a [`MessageListResponse`], and dereferences to it.
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

    fn into_parts(self) -> (Vec<Message>, Option<String>) {
        self.0.into_parts()
    }
}

open_enum! {
    /// The order of the messages of a thread.
    pub enum ThreadOrder {
        /// The oldest first.
        Asc = "asc",
        /// The newest first.
        Desc = "desc",
    }
}

/// A new text for a text part of a message: the body of `PATCH /v3/messages/{messageId}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateMessage {
    /// The new text.
    pub text: String,
    /// Which part of the message, from 0; absent means the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_index: Option<u32>,
}

impl UpdateMessage {
    /// The new text of the first part.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), part_index: None }
    }

    /// Changes this part of the message instead, counted from 0.
    #[must_use]
    pub fn part_index(mut self, part_index: u32) -> Self {
        self.part_index = Some(part_index);
        self
    }
}

impl From<&str> for UpdateMessage {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for UpdateMessage {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// What an app card shows from now on: the body of `POST /v3/messages/{messageId}/update`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpdateAppCard {
    /// What the card shows: at least one line of text or a picture. A picture's title and subtitle need the picture.
    pub layout: IMessageAppLayout,
    /// The app that draws the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<IMessageApp>,
    /// Runs an action of an installed experience, in place of [`url`](Self::url).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience: Option<RunExperience>,
    /// Shown where the card cannot be, as on the lock screen; absent means the caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_text: Option<String>,
    /// Whether the installed app draws the card. Absent means that it does, even if the card was sent with `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactive: Option<bool>,
    /// Handed to the app when the card is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl UpdateAppCard {
    /// Shows this layout from now on.
    #[must_use]
    pub fn new(layout: IMessageAppLayout) -> Self {
        Self { layout, app: None, experience: None, fallback_text: None, interactive: None, url: None }
    }

    setters! {
        /// Sets the app that draws the card.
        app: IMessageApp,
        /// Runs an action of an installed experience.
        experience: RunExperience,
        /// Sets what is shown where the card cannot be.
        fallback_text: String,
        /// Sets whether the installed app draws the card.
        interactive: bool,
        /// Sets what is handed to the app when the card is opened.
        url: String,
    }
}

impl From<IMessageAppLayout> for UpdateAppCard {
    fn from(layout: IMessageAppLayout) -> Self {
        Self::new(layout)
    }
}

/// The answer to a request that the service carries out later, such as a reaction.
#[doc(alias = "MessageAddReactionResponse")]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AcceptedResponse {
    /// `accepted`, as a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The request's trace id; the webhooks it causes carry the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<TraceId>,
}
