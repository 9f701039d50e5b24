//! Webhook events: the envelope that all share, and one payload type per event type.
//!
//! # Formats
//!
//! The same event type can come in three formats. The strings of the envelope say which; the shape of the payload
//! never does:
//!
//! | `api_version` | `webhook_version` | payload types | in [`EventData`] |
//! | --- | --- | --- | --- |
//! | `v2` | | [`v2`] | [`V2`](EventData::V2) |
//! | other, or none | `2025-01-01` | [`v2025_01_01`] for `message.received`, `.sent`, `.delivered` and `.read`; the newest for all others | [`V2025_01_01`](EventData::V2025_01_01) |
//! | other, or none | other, or none | the newest, in this module | a variant for each event type |
//!
//! Event types without a payload type are [`EventData::Unknown`]: data, not an error. A payload that its type cannot
//! be read from is an error, [`ParseEventError`], which still has the event.
//!
//! [`Event::message`] gives the messages of both formats of V3 in one shape. A [`Route`] names an event type in one
//! format: each payload type has one, [`EventPayload::EVENT`].
//!
//! # Nothing is lost
//!
//! An event keeps the body it was read from and is written as that. A payload alone writes the fields that it knows.
//!
//! # Signatures
//!
//! Reading an event here checks no signature: in a webhook receiver take events from `linq-webhooks`, which
//! verifies first. Here one reads events that were stored after that.
//!
//! ```
//! use linq_types::events::{Event, EventData};
//!
//! let stored = r#"{"event_type": "call.ringing", "event_id": "e1", "data": {"anything": 1}}"#;
//! let event: Event = serde_json::from_str(stored)?;
//! match &event.data {
//!     EventData::MessageReceived(message) => println!("{}", message.text()),
//!     other => println!("{}: {other:?}", event.event_type),
//! }
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

use crate::{EventId, PartnerId, Timestamp, TraceId};

mod account;
mod chat;
mod connection;
mod contact_card;
mod data;
mod envelope;
mod event_type;
mod from_event;
mod interest;
mod location;
mod message;
mod message_edited;
mod message_failed;
mod message_view;
mod parse_event_error;
mod participant;
mod payment;
mod phone_number;
mod poll;
mod raw;
mod reaction;
mod read;
mod read_envelope;
mod route;
mod typing_indicator;
pub mod v2;
pub mod v2025_01_01;

pub use account::{
    AccountActor, AccountActorType, AccountApiToken, AccountChange, AccountContactCard, AccountEnvironment,
    AccountEvent, AccountOrigin, AccountTeamMember, AccountWebhookSubscription, ApiTokenActivated,
    ApiTokenCreated, ApiTokenDeleted, ApiTokenExpired, ApiTokenExpiryScheduled, ApiTokenRenamed,
    ContactCardCreated, ContactCardDeleted, ContactCardUpdated, EnvironmentCreated, EnvironmentDeleted,
    EnvironmentLineMoved, EnvironmentRenamed, PhoneNumberForwardingUpdated, SignInMethod, TeamMemberAdded,
    TeamMemberRole, TeamMemberSignedIn, TeamMemberSignedOut, TextChange, WebhookSubscriptionCreated,
    WebhookSubscriptionDeleted, WebhookSubscriptionDisabled, WebhookSubscriptionEnabled,
    WebhookSubscriptionEventsUpdated, WebhookSubscriptionPhoneNumbersUpdated,
    WebhookSubscriptionRoutingHeadersCleared, WebhookSubscriptionRoutingHeadersSet,
    WebhookSubscriptionTargetUrlChanged, ZeroDayRetentionUpdated,
};
pub use chat::{
    ChatBackgroundUpdateFailed, ChatBackgroundUpdated, ChatCreated, ChatGroupIconUpdateFailed,
    ChatGroupIconUpdated, ChatGroupNameUpdateFailed, ChatGroupNameUpdated, ChatUpdateFailedEvent,
    GroupUpdatedEvent,
};
pub use connection::{ConnectionCreated, ConnectionRevoked};
pub use contact_card::ContactCardReceived;
pub use data::EventData;
pub use envelope::Envelope;
pub use event_type::EventType;
pub use from_event::{EventPayload, FromEvent};
pub use interest::Interest;
pub use location::{LocationSharingStarted, LocationSharingStopped};
pub use message::{
    Direction, EventChat, MessageDelivered, MessageEvent, MessageRead, MessageReceived, MessageSent,
};
pub use message_edited::{EditedPart, MessageEdited};
pub use message_failed::MessageFailed;
pub use message_view::MessageView;
pub use parse_event_error::ParseEventError;
pub use participant::{ParticipantAdded, ParticipantRemoved};
pub use payment::{PaymentAuthorized, PaymentCanceled, PaymentDeclined, PaymentExpired, PaymentSucceeded};
pub use phone_number::{
    PhoneNumberAssigned, PhoneNumberEvent, PhoneNumberReleased, PhoneNumberStatus, PhoneNumberStatusUpdated,
};
pub use poll::{
    PollDelivered, PollError, PollEvent, PollFailed, PollRead, PollReceived, PollSent, PollUpdated,
    PollVoteAdded, PollVoteEvent, PollVoteRemoved,
};
pub use raw::{RawBody, RawJson};
pub use reaction::{PollReactionAdded, ReactionAdded, ReactionEvent, ReactionRemoved};
pub use route::{Format, Route};
pub use typing_indicator::{ChatTypingIndicatorStarted, ChatTypingIndicatorStopped, TypingIndicatorEvent};

/// A webhook event: who, when, what.
///
/// `Event` without parameter is any event; `Event<MessageReceived>` is one whose payload is known. The body it
/// was read from stays with it ([`raw`](Self::raw)), so that nothing of what the service sent is lost.
/// Equality compares the typed parts and leaves the body out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Event<T = EventData> {
    /// The event's id, the same on every delivery of it: deduplicate by it.
    pub event_id: EventId,
    /// What the event is about. Types that only V2 has are unknown here: they are [`v2::EventType`]s.
    pub event_type: EventType,
    /// `v3`, or `v2` for the webhooks of the V2 API.
    pub api_version: Option<Box<str>>,
    /// The format of the payload. V2 has none.
    pub webhook_version: Option<WebhookVersion>,
    /// When the event happened.
    pub created_at: Option<Timestamp>,
    /// The trace id of the request that caused the event, if one did.
    pub trace_id: Option<TraceId>,
    /// Your account.
    pub partner_id: Option<PartnerId>,
    /// The payload.
    pub data: T,
    raw: RawBody,
}

impl<T> Event<T> {
    /// The whole body that the event was read from.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.raw.as_bytes()
    }
}

impl Event {
    fn with_payload<U: EventPayload>(self) -> Option<Event<U>> {
        Some(Event {
            event_id: self.event_id,
            event_type: self.event_type,
            api_version: self.api_version,
            webhook_version: self.webhook_version,
            created_at: self.created_at,
            trace_id: self.trace_id,
            partner_id: self.partner_id,
            data: U::from_data(self.data)?,
            raw: self.raw,
        })
    }

    /// Reads an event without checking any signature: for bodies whose signature was checked before.
    ///
    /// # Errors
    ///
    /// [`ParseEventError`] when the body is no JSON object with an `event_type` and an `event_id`, or when the
    /// payload of a known event type lacks something or has it in another shape.
    pub fn parse_unverified(body: impl Into<RawBody>) -> Result<Self, ParseEventError> {
        read::read(body.into())
    }
}

impl<T: PartialEq> PartialEq for Event<T> {
    fn eq(&self, other: &Self) -> bool {
        self.event_id == other.event_id
            && self.event_type == other.event_type
            && self.api_version == other.api_version
            && self.webhook_version == other.webhook_version
            && self.created_at == other.created_at
            && self.trace_id == other.trace_id
            && self.partner_id == other.partner_id
            && self.data == other.data
    }
}

/// Writes the event as it came, with everything that the types here do not know.
impl<T> Serialize for Event<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_slice::<&RawValue>(self.raw())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

/// Reads a stored event from JSON. No signature is checked.
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse_unverified(String::from(Box::<str>::from(raw))).map_err(de::Error::custom)
    }
}

open_enum! {
    /// The format of an event's payload. Only message events differ between formats.
    ///
    /// A subscription chooses it by `?version=` in its target URL.
    pub enum WebhookVersion {
        /// The older format of message events.
        V2025_01_01 = "2025-01-01",
        /// The newer format of message events.
        V2026_02_03 = "2026-02-03",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(event_type: &str, version: &str, data: &str) -> String {
        format!(
            r#"{{"api_version":"v3","data":{data},"event_id":"e1","event_type":"{event_type}","webhook_version":"{version}"}}"#
        )
    }

    const REACTION: &str = r#"{"is_from_me":false,"reaction_type":"love"}"#;

    const MESSAGE: &str =
        r#"{"id":"m1","chat":{"id":"c1"},"direction":"inbound","parts":[{"type":"text","value":"hi"}]}"#;

    #[test]
    fn the_event_type_alone_decides_the_payload_type() {
        for (event_type, expected) in [
            ("message.received", EventType::MessageReceived),
            ("message.sent", EventType::MessageSent),
            ("message.delivered", EventType::MessageDelivered),
            ("message.read", EventType::MessageRead),
        ] {
            let event = Event::parse_unverified(event(event_type, "2026-02-03", MESSAGE)).unwrap();
            assert_eq!(event.event_type, expected);
            assert_eq!(MessageReceived::matches(&event), expected == EventType::MessageReceived);
            assert_eq!(MessageRead::from_event(event).is_some(), expected == EventType::MessageRead);
        }
    }

    #[test]
    fn the_versions_decide_the_format() {
        for (api_version, version, event_type, route) in [
            ("v3", "2026-02-03", "message.read", Some(MessageRead::EVENT)),
            ("v3", "2025-01-01", "message.read", Some(v2025_01_01::MessageRead::EVENT)),
            ("v3", "2025-01-01", "reaction.added", Some(ReactionAdded::EVENT)),
            ("v3", "2031-01-01", "message.read", Some(MessageRead::EVENT)),
            ("v4", "2026-02-03", "message.read", Some(MessageRead::EVENT)),
            ("v2", "2026-02-03", "message.read", Some(v2::MessageRead::EVENT)),
            ("v2", "2025-01-01", "call.completed", Some(v2::CallCompleted::EVENT)),
            ("v3", "2026-02-03", "call.completed", None),
            ("v2", "2026-02-03", "message.delivered", None),
        ] {
            let data = if event_type == "reaction.added" { REACTION } else { MESSAGE };
            let body = event(event_type, version, data).replace("v3", api_version);
            let event = Event::parse_unverified(body).unwrap();
            let routes: Vec<_> = [
                taken::<MessageRead>(&event),
                taken::<ReactionAdded>(&event),
                taken::<v2025_01_01::MessageRead>(&event),
                taken::<v2::MessageRead>(&event),
                taken::<v2::CallCompleted>(&event),
            ]
            .into_iter()
            .flatten()
            .collect();
            assert_eq!(routes, Vec::from_iter(route), "{event:?}");
        }
    }

    /// The route of the payload type, if it takes the event.
    fn taken<T: EventPayload>(event: &Event) -> Option<Route> {
        let takes = <Event<T>>::matches(event);
        assert_eq!(T::from_event(event.clone()).is_some(), takes);
        takes.then_some(T::EVENT)
    }

    #[test]
    fn a_type_without_payload_type_is_data() {
        let ringing = event("call.ringing", "2026-02-03", r#"{"chat_id": "c1"}"#);
        let ringing = Event::parse_unverified(ringing).unwrap();
        let EventData::Unknown(data) = &ringing.data else { panic!("{ringing:?}") };
        assert_eq!(data.get(), r#"{"chat_id": "c1"}"#);
        let invented = Event::parse_unverified(event("comet.sighted", "2031-01-01", "null")).unwrap();
        assert_eq!(invented.event_type.as_str(), "comet.sighted");
    }

    #[test]
    fn a_known_payload_of_another_shape_is_an_error_with_its_path_and_the_body() {
        let body = event("message.received", "2026-02-03", &MESSAGE.replace(r#""hi""#, "7"));
        let error = Event::parse_unverified(body.clone()).unwrap_err();
        assert_eq!(error.event_type(), Some(&EventType::MessageReceived));
        assert_eq!(error.path(), "data.parts[0].value");
        assert_eq!(error.raw(), body.as_bytes());
        insta::assert_snapshot!(error, @"the payload of `message.received` has an unexpected shape at `data.parts[0].value`");
    }

    #[test]
    fn what_is_no_event_is_an_error_that_says_so() {
        let messages: Vec<_> =
            ["<html>", "", "[]", r#"["e1", "message.read"]"#, "{}", r#"{"event_type": 1}"#]
                .map(|body| Event::parse_unverified(body.to_owned()).unwrap_err().to_string())
                .into();
        insta::assert_debug_snapshot!(messages, @r#"
        [
            "the webhook body is not JSON",
            "the webhook body is not JSON",
            "the webhook body is not an event envelope",
            "the webhook body is not an event envelope",
            "the webhook body is not an event envelope",
            "the event envelope has an unexpected shape at `event_type`",
        ]
        "#);
    }

    #[test]
    fn the_payload_type_is_named_by_its_path() {
        for (event_type, api_version, version, name) in [
            ("message.read", "v3", "2026-02-03", Some("MessageRead")),
            ("message.read", "v3", "2025-01-01", Some("v2025_01_01::MessageRead")),
            ("message.read", "v2", "", Some("v2::MessageRead")),
            ("call.completed", "v2", "", Some("v2::CallCompleted")),
            ("call.completed", "v3", "2026-02-03", None),
        ] {
            let body = event(event_type, version, MESSAGE).replace("v3", api_version);
            assert_eq!(Event::parse_unverified(body).unwrap().data.payload_type(), name, "{event_type}");
        }
    }

    #[test]
    fn a_payload_is_written_as_its_type_writes_it() {
        for (event_type, written) in [
            ("reaction.added", r#"{"is_from_me":true,"reaction_type":"love"}"#),
            ("call.ringing", r#"{"brand_new":1e400,"reaction_type":"love","is_from_me":true}"#),
        ] {
            let data = r#"{"brand_new":1e400,"reaction_type":"love","is_from_me":true}"#;
            let event = Event::parse_unverified(event(event_type, "2026-02-03", data)).unwrap();
            assert_eq!(serde_json::to_string(&event.data).unwrap(), written);
        }
    }

    #[test]
    fn an_event_is_written_back_whole() {
        let body = event("message.read", "2026-02-03", &MESSAGE.replacen('{', r#"{"brand_new":1e400,"#, 1));
        let event: Event = serde_json::from_str(&body).unwrap();
        assert_eq!(serde_json::to_string(&event).unwrap(), body);
        let typed: Event<MessageRead> = FromEvent::from_event(event).unwrap();
        assert_eq!(serde_json::to_string(&typed).unwrap(), body);
    }
}
