//! Webhook events: the envelope that all events share, and one payload type for each event type.
//!
//! # Formats
//!
//! The same event type can arrive in three formats. The version fields of the envelope decide which one it is, never
//! the shape of the payload:
//!
//! | `api_version` | `webhook_version` | payload types | variant of [`EventData`] |
//! | --- | --- | --- | --- |
//! | `v2` | any | [`v2`] | [`V2`](EventData::V2) |
//! | other, or absent | `2025-01-01` | [`v2025_01_01`] for `message.received`, `.sent`, `.delivered` and `.read`; this module for all others | [`V2025_01_01`](EventData::V2025_01_01), or one for each event type |
//! | other, or absent | other, or absent | this module | one for each event type |
//!
//! The payload of an event type without a payload type is [`EventData::Unknown`], not an error. A payload without the
//! fields that identify what it is about (see the [conventions](crate#conventions)) is an error: [`ParseEventError`], which
//! still holds the event. Other fields that cannot be read are absent.
//!
//! [`Event::message`] returns the message of both V3 formats in one shape, and [`InboundMessage`] is a received message of
//! either format, for handlers. A [`Route`] names an event type in one
//! format; each payload type has one, [`EventPayload::EVENT`].
//!
//! # Raw body
//!
//! An event keeps the body that it was read from, and serializes as that body, with all fields that these types do not
//! have. A payload alone serializes as the fields of its type.
//!
//! # Signatures
//!
//! This module does not verify signatures. In a webhook receiver, take events from `linq::webhooks`, which verifies them
//! first; use this module to read events that were stored after that.
//!
//! # Examples
//!
//! ```
//! # mod linq { pub(crate) use linq_types as types; }
//! use linq::types::events::{Event, EventData};
//!
//! let stored = r#"{"event_type": "call.ringing", "event_id": "e1", "data": {"anything": 1}}"#;
//! let event: Event = serde_json::from_str(stored)?;
//! match &event.data {
//!     EventData::MessageReceived(message) => println!("{}", message.text()),
//!     other => println!("{}: {other:?}", event.event_type),
//! }
//! # Ok::<(), serde_json::Error>(())
//! ```

use crate::json::RawJson;

mod account;
mod chat;
mod connection;
mod contact_card;
mod data;
mod event;
mod from_event;
mod inbound_message;
mod interest;
mod keys;
mod location;
mod message;
mod message_edited;
mod message_failed;
mod message_view;
mod parse_event_error;
mod parse_if;
mod participant;
mod payment;
mod phone_number;
mod poll;
mod raw_body;
mod reaction;
mod read;
mod route;
mod subject;
mod table;
mod typing_indicator;
pub mod v2;
pub mod v2025_01_01;

pub use account::{
    AccountActor, AccountActorType, AccountApiToken, AccountChange, AccountContactCard, AccountEnvironment,
    AccountEvent, AccountOrigin, AccountTeamMember, AccountWebhookSubscription, SignInMethod, TeamMemberRole,
    TextChange,
};
pub use chat::{ChatUpdateFailedEvent, GroupUpdatedEvent};
pub use event::{Event, WebhookVersion};
pub use from_event::{EventPayload, FromEvent};
pub use inbound_message::InboundMessage;
pub use interest::Interest;
pub use keys::EventKeys;
pub use message::{Direction, EventChat, MessageEvent};
pub use message_edited::EditedPart;
pub use message_view::MessageView;
pub use parse_event_error::ParseEventError;
pub use parse_if::EventOrEnvelope;
pub use phone_number::{PhoneNumberEvent, PhoneNumberStatus};
pub use poll::{PollError, PollEvent, PollVoteEvent};
pub use raw_body::RawBody;
pub use reaction::ReactionEvent;
pub use read::Envelope;
pub use route::{Format, Route};
pub use typing_indicator::TypingIndicatorEvent;

table::event_types! {
    /// The type of a webhook event: everything that a webhook subscription can subscribe to.
    ///
    /// Each has a payload type of the same name in [`EventData`], except the `call.*` types, whose payloads Linq does
    /// not document.
    pub enum EventType;

    /// The payload of an event.
    pub enum EventData in V3 {
        nested {
            /// Payload of a message event in the 2025-01-01 format.
            V2025_01_01(v2025_01_01::EventData),
            /// Payload of an event of the V2 API.
            V2(v2::EventData),
        }
        untyped {
            /// Payload of an event type that has no payload type here.
            Unknown(RawJson),
        }
    }

    /// A message was sent from one of your lines.
    MessageSent = "message.sent" in message;
    /// A message was received on one of your lines.
    MessageReceived = "message.received" in message;
    /// A message that one of your lines sent was read.
    MessageRead = "message.read" in message;
    /// A message that one of your lines sent was delivered.
    MessageDelivered = "message.delivered" in message;
    /// A message could not be sent.
    MessageFailed = "message.failed" in message_failed;
    /// A text part of a message was edited.
    MessageEdited = "message.edited" in message_edited;
    /// A reaction was added to a message.
    ReactionAdded = "reaction.added" in reaction;
    /// A reaction was removed from a message.
    ReactionRemoved = "reaction.removed" in reaction;
    /// A poll was received on one of your lines.
    PollReceived = "poll.received" in poll;
    /// A poll could not be sent.
    PollFailed = "poll.failed" in poll;
    /// A poll was sent from one of your lines.
    PollSent = "poll.sent" in poll;
    /// A poll that one of your lines sent was delivered.
    PollDelivered = "poll.delivered" in poll;
    /// A poll that one of your lines sent was read.
    PollRead = "poll.read" in poll;
    /// Options were added to a poll.
    PollUpdated = "poll.updated" in poll;
    /// A vote for an option of a poll was cast.
    PollVoteAdded = "poll.vote.added" in poll;
    /// A vote for an option of a poll was withdrawn.
    PollVoteRemoved = "poll.vote.removed" in poll;
    /// A reaction was added to a poll.
    PollReactionAdded = "poll.reaction.added" in reaction;
    /// A participant was added to a group chat.
    ParticipantAdded = "participant.added" in participant;
    /// A participant left a group chat or was removed from it.
    ParticipantRemoved = "participant.removed" in participant;
    /// A chat was created.
    ChatCreated = "chat.created" in chat;
    /// The name of a group chat changed.
    ChatGroupNameUpdated = "chat.group_name_updated" in chat;
    /// The icon of a group chat changed.
    ChatGroupIconUpdated = "chat.group_icon_updated" in chat;
    /// A requested change of a group chat's name failed.
    ChatGroupNameUpdateFailed = "chat.group_name_update_failed" in chat;
    /// A requested change of a group chat's icon failed.
    ChatGroupIconUpdateFailed = "chat.group_icon_update_failed" in chat;
    /// The background of a chat was changed or removed.
    ChatBackgroundUpdated = "chat.background_updated" in chat;
    /// A requested change of a chat's background failed.
    ChatBackgroundUpdateFailed = "chat.background_update_failed" in chat;
    /// A participant started typing.
    ChatTypingIndicatorStarted = "chat.typing_indicator.started" in typing_indicator;
    /// A participant stopped typing.
    ChatTypingIndicatorStopped = "chat.typing_indicator.stopped" in typing_indicator;
    /// The status or the reputation of a line changed.
    PhoneNumberStatusUpdated = "phone_number.status_updated" in phone_number;
    /// A line was assigned to your account.
    PhoneNumberAssigned = "phone_number.assigned" in phone_number;
    /// A line was removed from your account.
    PhoneNumberReleased = "phone_number.released" in phone_number;
    /// Somebody shared their name and photo with one of your lines.
    ContactCardReceived = "contact_card.received" in contact_card;
    /// A call was initiated.
    CallInitiated = "call.initiated";
    /// A call is ringing.
    CallRinging = "call.ringing";
    /// A call was answered.
    CallAnswered = "call.answered";
    /// A call ended.
    CallEnded = "call.ended";
    /// A call failed.
    CallFailed = "call.failed";
    /// A call was declined.
    CallDeclined = "call.declined";
    /// A call was not answered.
    CallNoAnswer = "call.no_answer";
    /// Somebody started sharing their location.
    LocationSharingStarted = "location.sharing.started" in location;
    /// Somebody stopped sharing their location.
    LocationSharingStopped = "location.sharing.stopped" in location;
    /// A requested payment was paid.
    PaymentSucceeded = "payment.succeeded" in payment;
    /// A payment was canceled.
    PaymentCanceled = "payment.canceled" in payment;
    /// A payment expired before it was paid.
    PaymentExpired = "payment.expired" in payment;
    /// A payment was declined.
    PaymentDeclined = "payment.declined" in payment;
    /// The amount of a payment was authorized.
    PaymentAuthorized = "payment.authorized" in payment;
    /// A handle was connected for payments.
    ConnectionCreated = "connection.created" in connection;
    /// The payment connection of a handle was revoked.
    ConnectionRevoked = "connection.revoked" in connection;
    /// Zero data retention was turned on or off.
    ZeroDayRetentionUpdated = "zero_day_retention.updated" in account;
    /// The forwarding number of a line was set, changed or cleared.
    PhoneNumberForwardingUpdated = "phone_number.forwarding_updated" in account;
    /// A line was moved to another environment.
    EnvironmentLineMoved = "environment.line_moved" in account;
    /// A contact card was created for a line.
    ContactCardCreated = "contact_card.created" in account;
    /// The contact card of a line was updated.
    ContactCardUpdated = "contact_card.updated" in account;
    /// The contact card of a line was deleted.
    ContactCardDeleted = "contact_card.deleted" in account;
    /// An API token was created.
    ApiTokenCreated = "api_token.created" in account;
    /// An API token was renamed.
    ApiTokenRenamed = "api_token.renamed" in account;
    /// The expiry of an API token was scheduled.
    ApiTokenExpiryScheduled = "api_token.expiry_scheduled" in account;
    /// An API token expired.
    ApiTokenExpired = "api_token.expired" in account;
    /// An API token was activated.
    ApiTokenActivated = "api_token.activated" in account;
    /// An API token was deleted.
    ApiTokenDeleted = "api_token.deleted" in account;
    /// An environment was created.
    EnvironmentCreated = "environment.created" in account;
    /// An environment was renamed.
    EnvironmentRenamed = "environment.renamed" in account;
    /// An environment was deleted.
    EnvironmentDeleted = "environment.deleted" in account;
    /// A webhook subscription was created.
    WebhookSubscriptionCreated = "webhook_subscription.created" in account;
    /// A webhook subscription was deleted.
    WebhookSubscriptionDeleted = "webhook_subscription.deleted" in account;
    /// The target URL of a webhook subscription changed.
    WebhookSubscriptionTargetUrlChanged = "webhook_subscription.target_url_changed" in account;
    /// A webhook subscription was enabled.
    WebhookSubscriptionEnabled = "webhook_subscription.enabled" in account;
    /// A webhook subscription was disabled.
    WebhookSubscriptionDisabled = "webhook_subscription.disabled" in account;
    /// The event types of a webhook subscription changed.
    WebhookSubscriptionEventsUpdated = "webhook_subscription.events.updated" in account;
    /// The lines of a webhook subscription changed.
    WebhookSubscriptionPhoneNumbersUpdated = "webhook_subscription.phone_numbers.updated" in account;
    /// The routing headers of a webhook subscription, for delivery affinity, were set.
    WebhookSubscriptionRoutingHeadersSet = "webhook_subscription.routing_headers_set" in account;
    /// The routing headers of a webhook subscription were cleared.
    WebhookSubscriptionRoutingHeadersCleared = "webhook_subscription.routing_headers_cleared" in account;
    /// A team member was added.
    TeamMemberAdded = "team_member.added" in account;
    /// A team member signed in.
    TeamMemberSignedIn = "team_member.signed_in" in account;
    /// A team member signed out.
    TeamMemberSignedOut = "team_member.signed_out" in account;
}
