use super::{
    Direction, Event, EventData, MessageDelivered, MessageRead, MessageReceived, MessageSent, v2025_01_01,
};
use crate::{
    ChatId, Handle, IdempotencyKey, MessageId, PreferredService, Service, Timestamp,
    parts::{Effect, PartResponse, ReplyTo},
};

/// A message as a webhook tells of it, the same in both formats of V3.
///
/// [`Event::message`] gives it. What was told of the message stands in the event: [`Event::event_type`].
///
/// ```
/// use linq_types::events::Event;
///
/// let older = r#"{
///     "api_version": "v3", "webhook_version": "2025-01-01", "event_type": "message.received", "event_id": "e1",
///     "data": { "chat_id": "c1", "is_from_me": false, "from": "+12025550199",
///               "message": { "id": "m1", "parts": [{ "type": "text", "value": "Hello" }] } }
/// }"#;
/// let newer = r#"{
///     "api_version": "v3", "webhook_version": "2026-02-03", "event_type": "message.received", "event_id": "e1",
///     "data": { "id": "m1", "chat": { "id": "c1" }, "direction": "inbound",
///               "sender_handle": { "id": "h1", "handle": "+12025550199", "service": "iMessage",
///                                  "joined_at": "2026-01-21T21:59:45Z" },
///               "parts": [{ "type": "text", "value": "Hello" }] }
/// }"#;
/// let older = Event::parse_unverified(older.to_owned())?;
/// let newer = Event::parse_unverified(newer.to_owned())?;
///
/// let message = older.message().expect("a message event");
/// assert_eq!(message.text(), "Hello");
/// assert!(!message.is_from_me());
/// assert_eq!(older.message(), newer.message());
/// # Ok::<(), linq_types::events::ParseEventError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MessageView<'a> {
    /// The message's id.
    pub id: Option<&'a MessageId>,
    /// The chat it is in.
    pub chat_id: Option<&'a ChatId>,
    /// Whether the chat has more than one other person.
    pub is_group: Option<bool>,
    /// Whether it came in or went out.
    pub direction: Option<&'a Direction>,
    /// Who sent it.
    pub sender: Option<&'a Handle>,
    /// Your line: it came to this line, or this line sent it.
    pub line: Option<&'a Handle>,
    /// What it consists of; empty when nothing is retained.
    pub parts: &'a [PartResponse],
    /// The service that carried it.
    pub service: Option<&'a Service>,
    /// The service asked for; outbound only.
    pub preferred_service: Option<&'a PreferredService>,
    /// Plays when it arrives.
    pub effect: Option<&'a Effect>,
    /// The message that it answers.
    pub reply_to: Option<&'a ReplyTo>,
    /// The key it was sent with; outbound only.
    pub idempotency_key: Option<&'a IdempotencyKey>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it came in; inbound only. The newer format tells only when it was sent, and that is taken for it.
    pub received_at: Option<Timestamp>,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// When the service recovered it late. The older format never tells.
    pub reconciled_at: Option<Timestamp>,
    /// Whether your account retains no content; then [`parts`](Self::parts) is empty. The older format never tells.
    pub zero_retention: bool,
}

impl MessageView<'_> {
    /// The words of all text parts, one part a line.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.parts.iter().filter_map(PartResponse::as_text).collect();
        texts.join("\n")
    }

    /// Whether your line sent it. Do not answer those: you would answer yourself.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        self.direction == Some(&Direction::Outbound)
    }

    /// Whether it came to this line of yours, or this line sent it.
    #[must_use]
    pub fn is_on_line(&self, line: impl AsRef<str>) -> bool {
        self.line.is_some_and(|own| own == line.as_ref())
    }

    /// Whether it mentions your line.
    #[must_use]
    pub fn mentions_me(&self) -> bool {
        self.parts.iter().any(|part| mentions(part, self.line))
    }

    /// Whether the service recovered it late: treat it as history and do not answer.
    #[must_use]
    pub fn is_history(&self) -> bool {
        self.reconciled_at.is_some()
    }
}

/// The older format has the first mention alone, and of it the address alone.
#[expect(deprecated, reason = "the older format has nothing else")]
fn mentions(part: &PartResponse, line: Option<&Handle>) -> bool {
    let PartResponse::Text(text) = part else { return false };
    match &text.mentions[..] {
        [] => text.mention.is_some() && text.mention.as_ref() == line,
        mentions => mentions.iter().any(|mention| mention.is_me),
    }
}

impl EventData {
    /// The message of a message event of V3, in either format.
    #[must_use]
    pub fn message(&self) -> Option<MessageView<'_>> {
        match self {
            Self::MessageReceived(MessageReceived(message))
            | Self::MessageSent(MessageSent(message))
            | Self::MessageDelivered(MessageDelivered(message))
            | Self::MessageRead(MessageRead(message)) => Some(message.view()),
            Self::V2025_01_01(data) => Some(data.message()),
            _ => None,
        }
    }
}

impl v2025_01_01::EventData {
    fn message(&self) -> MessageView<'_> {
        match self {
            Self::MessageReceived(v2025_01_01::MessageReceived(message))
            | Self::MessageSent(v2025_01_01::MessageSent(message))
            | Self::MessageDelivered(v2025_01_01::MessageDelivered(message))
            | Self::MessageRead(v2025_01_01::MessageRead(message)) => message.view(),
        }
    }
}

impl Event {
    /// The message of a message event of V3: sent, received, delivered or read, in either format.
    #[must_use]
    pub fn message(&self) -> Option<MessageView<'_>> {
        self.data.message()
    }

    /// Whether your own line did it, as [`EventData::is_from_me`] says. What answers events passes those by, not to
    /// answer itself.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        self.data.is_from_me()
    }
}

/// What a message view answers, on a payload that has a `view`.
macro_rules! message_answers {
    ($payload:ty) => {
        impl $payload {
            /// The words of all text parts, one part a line.
            #[must_use]
            pub fn text(&self) -> String {
                self.view().text()
            }

            /// The address of the sender.
            #[must_use]
            pub fn sender(&self) -> Option<&$crate::Handle> {
                self.view().sender
            }

            /// The address of your line: it came to this line, or this line sent it.
            #[must_use]
            pub fn line(&self) -> Option<&$crate::Handle> {
                self.view().line
            }

            /// Whether your line sent it. Do not answer those: you would answer yourself.
            #[must_use]
            pub fn is_from_me(&self) -> bool {
                self.view().is_from_me()
            }

            /// Whether it came to this line of yours, or this line sent it.
            #[must_use]
            pub fn is_on_line(&self, line: impl AsRef<str>) -> bool {
                self.view().is_on_line(line)
            }

            /// Whether it mentions your line.
            #[must_use]
            pub fn mentions_me(&self) -> bool {
                self.view().mentions_me()
            }

            /// Whether the service recovered it late: treat it as history and do not answer.
            #[must_use]
            pub fn is_history(&self) -> bool {
                self.view().is_history()
            }
        }
    };
}
pub(super) use message_answers;
