//! Payloads of the V2 API's webhooks, whose `api_version` is `v2`.
//!
//! V2 is another API: the same events have other names and other fields. Its reference does not tell which fields are
//! always present, so every field is optional. Ids are strings or numbers ([`Id`]), and times have two formats
//! ([`Time`]); both serialize in the form that they were read in.
//!
//! ```
//! # mod linq { pub(crate) use linq_types as types; }
//! use linq::types::events::{Event, EventData, v2};
//!
//! let body = r#"{
//!     "api_version": "v2", "event_type": "reaction.received", "event_id": "wh_evt_1",
//!     "data": { "id": "12346", "reaction": "like", "sent_at": "2025-07-10 15:31:00 -0600" }
//! }"#;
//! let event = Event::parse_unverified(body.to_owned())?;
//! let EventData::V2(v2::EventData::ReactionReceived(reaction)) = event.data else { unreachable!() };
//! assert_eq!(reaction.id, Some("12346".into()));
//! assert_eq!(reaction.sent_at, "2025-07-10T15:31:00-06:00".parse().ok());
//! # Ok::<(), linq_types::events::ParseEventError>(())
//! ```
//!
//! The signature of V2 covers only the body, without a timestamp: a webhook receiver accepts it only if configured to.

use super::table::event_types;
use crate::Handle;

mod call;
mod chat_handle;
mod contact;
mod id;
mod message;
mod participant;
mod reaction;
mod time;
mod typing_indicator;

pub use call::Recording;
pub use chat_handle::ChatHandle;
pub use contact::{Contact, ContactOwner};
pub use id::Id;
pub use message::{Attachment, MessageEvent};
pub use participant::ParticipantEvent;
pub use reaction::{AssociatedMessage, ReactionEvent};
pub use time::Time;
pub use typing_indicator::TypingIndicator;

event_types! {
    /// The type of an event of the V2 API: everything that a V2 webhook subscription can subscribe to.
    pub enum EventType;

    /// The payload of an event of the V2 API.
    pub enum EventData in V2

    /// A message was sent from one of your lines.
    MessageSent = "message.sent" in message;
    /// A message was received on one of your lines.
    MessageReceived = "message.received" in message;
    /// A message that one of your lines sent was read.
    MessageRead = "message.read" in message;
    /// A call ended.
    CallCompleted = "call.completed" in call;
    /// One of your lines reacted to a message.
    ReactionSent = "reaction.sent" in reaction;
    /// Somebody reacted to a message.
    ReactionReceived = "reaction.received" in reaction;
    /// A participant started typing.
    TypingIndicatorReceived = "typing_indicator.received" in typing_indicator;
    /// A participant stopped typing.
    TypingIndicatorRemoved = "typing_indicator.removed" in typing_indicator;
    /// A contact was added to your address book.
    ContactCreated = "contact.created" in contact;
    /// A contact was updated.
    ContactUpdated = "contact.updated" in contact;
    /// A contact was deleted.
    ContactDeleted = "contact.deleted" in contact;
    /// A participant was added to a group chat.
    ParticipantAdded = "participant.added" in participant;
    /// A participant was removed from a group chat.
    ParticipantRemoved = "participant.removed" in participant;
}

impl EventData {
    /// A message does not have a direction: only the event type tells whether it was sent or received.
    pub(super) fn is_from_me(&self) -> bool {
        match self {
            Self::MessageSent(_) => true,
            Self::ReactionSent(ReactionSent(reaction))
            | Self::ReactionReceived(ReactionReceived(reaction)) => reaction.is_from_me == Some(true),
            _ => false,
        }
    }

    pub(super) fn sender(&self) -> Option<&Handle> {
        match self {
            Self::MessageSent(MessageSent(message)) | Self::MessageReceived(MessageReceived(message)) => {
                message.from_phone.as_ref()
            }
            Self::ReactionSent(ReactionSent(reaction))
            | Self::ReactionReceived(ReactionReceived(reaction)) => {
                reaction.chat_handle.as_ref()?.identifier.as_ref()
            }
            _ => None,
        }
    }
}
