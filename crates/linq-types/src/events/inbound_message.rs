use super::{
    Direction, Event, EventData, FromEvent, Interest, MessageReceived,
    from_event::Sealed,
    message_view::{MessageView, message_methods},
    v2025_01_01,
};
use crate::{
    ChatId, Handle, MessageId, Service, Timestamp,
    parts::{Effect, PartResponse, ReplyTo},
};

/// A message that one of your lines received, in one shape for both formats of V3.
///
/// A handler that takes it, or `Event<InboundMessage>`, gets every `message.received` of V3, whichever format the
/// subscription has. A message without its id or that of its chat, which only the older format allows, does not match.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::{Event, FromEvent, InboundMessage};
///
/// let older = r#"{
///     "api_version": "v3", "webhook_version": "2025-01-01", "event_type": "message.received", "event_id": "e1",
///     "data": { "chat_id": "c1", "is_from_me": false, "from": "+12025550199",
///               "message": { "id": "m1", "parts": [{ "type": "text", "value": "Hello" }] } }
/// }"#;
/// let message = InboundMessage::from_event(Event::parse_unverified(older.to_owned())?).expect("a received message");
/// assert_eq!((message.chat_id.as_str(), message.text().as_str()), ("c1", "Hello"));
/// # Ok::<(), linq_types::events::ParseEventError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InboundMessage {
    /// The message's id.
    pub id: MessageId,
    /// The id of the chat.
    pub chat_id: ChatId,
    /// Whether the chat has more than two participants; `None` if the event does not have it.
    pub is_group: Option<bool>,
    /// The direction, which is outbound for a message from another one of your lines; `None` if the event does not have it.
    pub direction: Option<Direction>,
    /// The handle of who sent the message; `None` if the event does not have it.
    pub sender: Option<Handle>,
    /// Your line, which received the message; `None` if the event does not have it.
    pub line: Option<Handle>,
    /// The parts of the message; empty if your account retains no content.
    pub parts: Vec<PartResponse>,
    /// The service that carried the message; `None` if the event does not have it.
    pub service: Option<Service>,
    /// The effect that plays when the message arrives; `None` if it has none.
    pub effect: Option<Effect>,
    /// The message that this message replies to; `None` if it is not a reply.
    pub reply_to: Option<ReplyTo>,
    /// When the message was sent; `None` if the event does not have it.
    pub sent_at: Option<Timestamp>,
    /// When the message was received; `None` if the event does not have it.
    pub received_at: Option<Timestamp>,
    /// When the service recovered the message late; `None` for messages that arrived in time, and always in the
    /// older format.
    pub reconciled_at: Option<Timestamp>,
    /// Whether your account retains no content, in which case [`parts`](Self::parts) is empty. Always `false` in the
    /// older format.
    pub zero_retention: bool,
}

impl InboundMessage {
    fn from_data(data: &EventData) -> Option<Self> {
        let message = received(data)?;
        Some(Self {
            id: message.id?.clone(),
            chat_id: message.chat_id?.clone(),
            is_group: message.is_group,
            direction: message.direction.cloned(),
            sender: message.sender.cloned(),
            line: message.line.cloned(),
            parts: message.parts.to_vec(),
            service: message.service.cloned(),
            effect: message.effect.cloned(),
            reply_to: message.reply_to.cloned(),
            sent_at: message.sent_at,
            received_at: message.received_at,
            reconciled_at: message.reconciled_at,
            zero_retention: message.zero_retention,
        })
    }

    /// Returns the message as [`Event::message`] does.
    #[must_use]
    pub fn view(&self) -> MessageView<'_> {
        MessageView {
            id: Some(&self.id),
            chat_id: Some(&self.chat_id),
            is_group: self.is_group,
            direction: self.direction.as_ref(),
            sender: self.sender.as_ref(),
            line: self.line.as_ref(),
            parts: &self.parts,
            service: self.service.as_ref(),
            preferred_service: None,
            effect: self.effect.as_ref(),
            reply_to: self.reply_to.as_ref(),
            idempotency_key: None,
            sent_at: self.sent_at,
            received_at: self.received_at,
            delivered_at: None,
            read_at: None,
            reconciled_at: self.reconciled_at,
            zero_retention: self.zero_retention,
        }
    }
}

message_methods!(InboundMessage);

impl Sealed for InboundMessage {}

impl FromEvent for InboundMessage {
    const INTEREST: Interest = Interest::V3("message.received");

    fn matches(event: &Event) -> bool {
        received(&event.data).is_some_and(|message| message.id.is_some() && message.chat_id.is_some())
    }

    fn from_event(event: Event) -> Option<Self> {
        Self::from_data(&event.data)
    }
}

impl Sealed for Event<InboundMessage> {}

impl FromEvent for Event<InboundMessage> {
    const INTEREST: Interest = InboundMessage::INTEREST;

    fn matches(event: &Event) -> bool {
        InboundMessage::matches(event)
    }

    fn from_event(event: Event) -> Option<Self> {
        event.try_map(|data| InboundMessage::from_data(&data))
    }
}

/// Returns the message of a `message.received` of V3.
fn received(data: &EventData) -> Option<MessageView<'_>> {
    match data {
        EventData::MessageReceived(MessageReceived(message)) => Some(message.view()),
        EventData::V2025_01_01(v2025_01_01::EventData::MessageReceived(v2025_01_01::MessageReceived(
            message,
        ))) => Some(message.view()),
        _ => None,
    }
}
