use super::{
    Direction, Event, EventData, EventType, MessageDelivered, MessageRead, MessageReceived, MessageSent,
    v2025_01_01,
};
use crate::{
    ChatId, Handle, IdempotencyKey, MessageId, PreferredService, Service, Timestamp,
    error::ErrorCode,
    messages::DeliveryStatus,
    parts::{Effect, MediaPartResponse, PartResponse, ReplyTo},
};

/// The texts with which a person opts out, and those in any case.
const OPT_OUT_KEYWORDS: [&str; 6] = ["STOP", "UNSUBSCRIBE", "OPTOUT", "CANCEL", "END", "QUIT"];
const OPT_OUT_PHRASES: [&str; 3] = ["opt out", "opt-out", "optout"];

/// The message of a message event, in one shape for both formats of V3.
///
/// [`Event::message`] returns it. [`Event::event_type`] tells what happened to the message.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::Event;
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
    /// The message's id; `None` if the event does not have it.
    pub id: Option<&'a MessageId>,
    /// The id of the chat; `None` if the event does not have it.
    pub chat_id: Option<&'a ChatId>,
    /// Whether the chat has more than two participants; `None` if the event does not have it.
    pub is_group: Option<bool>,
    /// Whether the message was received or sent; `None` if the event does not have it.
    pub direction: Option<&'a Direction>,
    /// The handle of who sent the message; `None` if the event does not have it.
    pub sender: Option<&'a Handle>,
    /// Your line, which received or sent the message; `None` if the event does not have it.
    pub line: Option<&'a Handle>,
    /// The parts of the message; empty if your account retains no content.
    pub parts: &'a [PartResponse],
    /// The service that carried the message; `None` if the event does not have it.
    pub service: Option<&'a Service>,
    /// The service that was requested; `None` for inbound messages.
    pub preferred_service: Option<&'a PreferredService>,
    /// The effect that plays when the message arrives; `None` if it has none.
    pub effect: Option<&'a Effect>,
    /// The message that this message replies to; `None` if it is not a reply.
    pub reply_to: Option<&'a ReplyTo>,
    /// The idempotency key that the message was sent with; `None` for inbound messages.
    pub idempotency_key: Option<&'a IdempotencyKey>,
    /// When the message was sent; `None` until then.
    pub sent_at: Option<Timestamp>,
    /// When the message was received; `None` for outbound messages. The newer format has only the time when the
    /// message was sent, which is used here.
    pub received_at: Option<Timestamp>,
    /// When the message was delivered; `None` until then.
    pub delivered_at: Option<Timestamp>,
    /// When the message was read; `None` until then.
    pub read_at: Option<Timestamp>,
    /// When the service recovered the message late; `None` for messages that arrived in time, and always in the
    /// older format.
    pub reconciled_at: Option<Timestamp>,
    /// Whether your account retains no content, in which case [`parts`](Self::parts) is empty. Always `false` in the
    /// older format.
    pub zero_retention: bool,
}

impl<'a> MessageView<'a> {
    /// Returns the text of all text parts, separated by newlines.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.parts.iter().filter_map(PartResponse::as_text).collect();
        texts.join("\n")
    }

    /// Returns the files of all media parts.
    pub fn media(&self) -> impl Iterator<Item = &'a MediaPartResponse> + use<'a> {
        self.parts.iter().filter_map(PartResponse::as_media)
    }

    /// Returns `true` if your line sent the message. Do not reply to such a message: it is your own.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        self.direction == Some(&Direction::Outbound)
    }

    /// Returns `true` if this line of yours received or sent the message.
    #[must_use]
    pub fn is_on_line(&self, line: impl AsRef<str>) -> bool {
        self.line.is_some_and(|own| own == line.as_ref())
    }

    /// Returns `true` if the message mentions your line.
    #[must_use]
    pub fn mentions_me(&self) -> bool {
        self.parts.iter().any(|part| mentions(part, self.line))
    }

    /// Returns `true` if the service recovered the message late. Such a message is history: do not reply to it.
    #[must_use]
    pub fn is_history(&self) -> bool {
        self.reconciled_at.is_some()
    }

    /// Returns `true` if the person opts out with this message: its whole text is `STOP`, `UNSUBSCRIBE`, `OPTOUT`, `CANCEL`,
    /// `END` or `QUIT`, or "opt out" in any case, with a space, a hyphen or nothing between the words.
    ///
    /// The service then refuses every send to this person from all of your lines
    /// ([`RECIPIENT_OPTED_OUT`](crate::error::ErrorCode::RECIPIENT_OPTED_OUT), 2024), until they write anything else. In a
    /// group, no message opts out.
    #[must_use]
    pub fn is_opt_out(&self) -> bool {
        let [PartResponse::Text(text)] = self.parts else { return false };
        let is_keyword = OPT_OUT_KEYWORDS.contains(&&*text.value)
            || OPT_OUT_PHRASES.iter().any(|phrase| phrase.eq_ignore_ascii_case(&text.value));
        is_keyword && self.is_group != Some(true) && !self.is_from_me()
    }
}

/// The older format has only the handle of the first mention.
#[expect(deprecated, reason = "the older format has only this field")]
fn mentions(part: &PartResponse, line: Option<&Handle>) -> bool {
    let PartResponse::Text(text) = part else { return false };
    match &text.mentions[..] {
        [] => text.mention.is_some() && text.mention.as_ref() == line,
        mentions => mentions.iter().any(|mention| mention.is_me.unwrap_or(Some(&mention.handle) == line)),
    }
}

impl EventData {
    /// Returns the message of a message event of V3, in either format; `None` for other events.
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
    /// Returns the message of a message event of V3 (sent, received, delivered or read), in either format; `None` for other
    /// events.
    #[must_use]
    pub fn message(&self) -> Option<MessageView<'_>> {
        self.data.message()
    }

    /// Returns the delivery status that the event reports of a message or a poll that your line sent: sent, delivered, read
    /// or failed; `None` for other events and for messages of others.
    ///
    /// Events come in any order: [`Sent`](DeliveryStatus::Sent) can follow [`Delivered`](DeliveryStatus::Delivered), which can
    /// also follow [`Failed`](DeliveryStatus::Failed). [`message_id`](Self::message_id) tells the message.
    #[must_use]
    pub fn delivery_status(&self) -> Option<DeliveryStatus> {
        let status = match self.event_type {
            EventType::MessageSent | EventType::PollSent => DeliveryStatus::Sent,
            EventType::MessageDelivered | EventType::PollDelivered => DeliveryStatus::Delivered,
            EventType::MessageRead | EventType::PollRead => DeliveryStatus::Read,
            EventType::MessageFailed | EventType::PollFailed => DeliveryStatus::Failed,
            _ => return None,
        };
        let is_inbound = self.message().is_some_and(|message| message.direction == Some(&Direction::Inbound));
        (!is_inbound).then_some(status)
    }

    /// Returns the error code of a message or a poll that failed; `None` for other events.
    #[must_use]
    pub fn failure_code(&self) -> Option<ErrorCode> {
        match &self.data {
            EventData::MessageFailed(failed) => Some(failed.code),
            EventData::PollFailed(failed) => Some(failed.error.code),
            _ => None,
        }
    }

    /// Returns `true` if your line caused the event: see [`EventData::is_from_me`].
    ///
    /// A bot that replies to events should ignore such events, or it replies to itself.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        self.data.is_from_me()
    }
}

/// Implements the methods of [`MessageView`] for a payload that has a `view`.
macro_rules! message_methods {
    ($payload:ty) => {
        impl $payload {
            /// Returns the text of all text parts, separated by newlines.
            #[must_use]
            pub fn text(&self) -> String {
                self.view().text()
            }

            /// Returns the files of all media parts.
            pub fn media(&self) -> impl Iterator<Item = &$crate::parts::MediaPartResponse> {
                self.view().media()
            }

            /// Returns the handle of who sent the message.
            #[must_use]
            pub fn sender(&self) -> Option<&$crate::Handle> {
                self.view().sender
            }

            /// Returns your line, which received or sent the message.
            #[must_use]
            pub fn line(&self) -> Option<&$crate::Handle> {
                self.view().line
            }

            /// Returns `true` if your line sent the message. Do not reply to such a message: it is your own.
            #[must_use]
            pub fn is_from_me(&self) -> bool {
                self.view().is_from_me()
            }

            /// Returns `true` if this line of yours received or sent the message.
            #[must_use]
            pub fn is_on_line(&self, line: impl AsRef<str>) -> bool {
                self.view().is_on_line(line)
            }

            /// Returns `true` if the message mentions your line.
            #[must_use]
            pub fn mentions_me(&self) -> bool {
                self.view().mentions_me()
            }

            /// Returns `true` if the service recovered the message late. Such a message is history: do not reply to it.
            #[must_use]
            pub fn is_history(&self) -> bool {
                self.view().is_history()
            }

            /// Returns `true` if the person opts out with this message: see [`MessageView::is_opt_out`].
            ///
            /// [`MessageView::is_opt_out`]: crate::events::MessageView::is_opt_out
            #[must_use]
            pub fn is_opt_out(&self) -> bool {
                self.view().is_opt_out()
            }
        }
    };
}
pub(super) use message_methods;
