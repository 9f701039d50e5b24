//! The webhooks of the V2 API, told by `api_version`.
//!
//! V2 is another API with the same events under other names and with other fields. Its description does not say which
//! fields are always there, so all can be missing. Ids are text or numbers ([`Id`]), and times come in two spellings
//! ([`Time`]); both are written back as they came.
//!
//! ```
//! use linq_types::events::{Event, EventData, v2};
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
//! The signature of V2 covers the body alone and ages never: in a webhook receiver it is accepted only on request.

use super::data::event_data;

mod call;
mod chat_handle;
mod contact;
mod id;
mod message;
mod participant;
mod reaction;
mod time;
mod typing_indicator;

pub use call::{CallCompleted, Recording};
pub use chat_handle::ChatHandle;
pub use contact::{Contact, ContactCreated, ContactDeleted, ContactOwner, ContactUpdated};
pub use id::Id;
pub use message::{Attachment, MessageEvent, MessageRead, MessageReceived, MessageSent};
pub use participant::{ParticipantAdded, ParticipantEvent, ParticipantRemoved};
pub use reaction::{AssociatedMessage, ReactionEvent, ReactionReceived, ReactionSent};
pub use time::Time;
pub use typing_indicator::{TypingIndicator, TypingIndicatorReceived, TypingIndicatorRemoved};

open_enum! {
    /// What an event of the V2 API is about: every type that can be subscribed to there.
    pub enum EventType {
        /// A message of yours left the line.
        MessageSent = "message.sent",
        /// Somebody wrote to a line of yours.
        MessageReceived = "message.received",
        /// Somebody read a message of yours.
        MessageRead = "message.read",
        /// A call ended.
        CallCompleted = "call.completed",
        /// You reacted to a message.
        ReactionSent = "reaction.sent",
        /// Somebody reacted to a message.
        ReactionReceived = "reaction.received",
        /// Somebody started to type.
        TypingIndicatorReceived = "typing_indicator.received",
        /// Somebody stopped typing.
        TypingIndicatorRemoved = "typing_indicator.removed",
        /// A contact was added to your address book.
        ContactCreated = "contact.created",
        /// A contact was changed.
        ContactUpdated = "contact.updated",
        /// A contact was deleted.
        ContactDeleted = "contact.deleted",
        /// Somebody was added to a group.
        ParticipantAdded = "participant.added",
        /// Somebody was removed from a group.
        ParticipantRemoved = "participant.removed",
    }
}

event_data! {
    /// The payload of an event of the V2 API.
    V2 {
        MessageSent,
        MessageReceived,
        MessageRead,
        CallCompleted,
        ReactionSent,
        ReactionReceived,
        TypingIndicatorReceived,
        TypingIndicatorRemoved,
        ContactCreated,
        ContactUpdated,
        ContactDeleted,
        ParticipantAdded,
        ParticipantRemoved,
    }
}

impl EventData {
    /// Messages do not tell their direction: only what was sent has an event type of its own.
    pub(super) fn is_from_me(&self) -> bool {
        match self {
            Self::MessageSent(_) => true,
            Self::ReactionSent(ReactionSent(reaction))
            | Self::ReactionReceived(ReactionReceived(reaction)) => reaction.is_from_me == Some(true),
            _ => false,
        }
    }
}
