//! Webhook events: the envelope that all share, and one payload type per event type.
//!
//! An [`Event`] is read by its `event_type` and `webhook_version` alone, never by the shape of its payload.
//! Event types without a payload type are [`EventData::Unknown`]: data, not an error.
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

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use crate::{EventId, PartnerId, Timestamp, TraceId, json::JsonError};

mod account;
mod chat;
mod connection;
mod contact_card;
mod event_type;
mod from_event;
mod location;
mod message;
mod message_edited;
mod message_failed;
mod participant;
mod payment;
mod phone_number;
mod poll;
mod raw;
mod reaction;
mod typing_indicator;

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
pub use event_type::EventType;
pub use from_event::{EventPayload, FromEvent};
pub use location::{LocationSharingStarted, LocationSharingStopped};
pub use message::{
    Direction, EventChat, MessageDelivered, MessageEvent, MessageRead, MessageReceived, MessageSent,
};
pub use message_edited::{EditedPart, MessageEdited};
pub use message_failed::MessageFailed;
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
    /// What the event is about.
    pub event_type: EventType,
    /// `v3`.
    pub api_version: Option<Box<str>>,
    /// The format of the payload.
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
        let raw = body.into();
        match read(raw.as_bytes()) {
            Ok((envelope, data)) => Ok(Self {
                event_id: envelope.event_id,
                event_type: envelope.event_type,
                api_version: envelope.api_version,
                webhook_version: envelope.webhook_version,
                created_at: envelope.created_at,
                trace_id: envelope.trace_id,
                partner_id: envelope.partner_id,
                data,
                raw,
            }),
            Err((event_type, source)) => Err(ParseEventError { event_type, source, raw }),
        }
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

/// What all events share; `data` stays text until the type is known, for it stands before the type.
#[derive(Deserialize)]
struct Envelope<'a> {
    event_id: EventId,
    event_type: EventType,
    api_version: Option<Box<str>>,
    webhook_version: Option<WebhookVersion>,
    created_at: Option<Timestamp>,
    trace_id: Option<TraceId>,
    partner_id: Option<PartnerId>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

type ReadError = (Option<EventType>, JsonError);

fn read(body: &[u8]) -> Result<(Envelope<'_>, EventData), ReadError> {
    let text =
        str::from_utf8(body).map_err(|error| (None, JsonError::not_utf8(body, error.valid_up_to())))?;
    let envelope: Object<Envelope<'_>> =
        serde_json::from_str(text).map_err(|source| (None, JsonError::new(body, source)))?;
    let envelope = envelope.0;
    let data = envelope.data.map_or("null", RawValue::get);
    match EventData::read(&envelope.event_type, envelope.webhook_version.as_ref(), data) {
        Ok(data) => Ok((envelope, data)),
        Err(source) => Err((Some(envelope.event_type), source.inside("data"))),
    }
}

fn payload<T: DeserializeOwned>(data: &str) -> Result<T, JsonError> {
    let payload: Result<Object<T>, _> = serde_json::from_str(data);
    payload.map(|payload| payload.0).map_err(|source| JsonError::new(data.as_bytes(), source))
}

fn unknown(data: &str) -> Result<EventData, JsonError> {
    serde_json::from_str(data)
        .map(EventData::Unknown)
        .map_err(|source| JsonError::new(data.as_bytes(), source))
}

/// Reads a JSON object only: serde would also take an array for a struct, field by field.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Visitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, fields: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
            }
        }

        deserializer.deserialize_map(Visitor(PhantomData))
    }
}

macro_rules! event_data {
    ($($variant:ident,)+) => {
        /// The payload of an event.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum EventData {
            $(
                #[doc = concat!("Payload of [`EventType::", stringify!($variant), "`].")]
                $variant($variant),
            )+
            /// Payload of an event type, or of a format of it, that has no type here.
            Unknown(RawJson),
        }

        impl EventData {
            /// Chooses the payload type by event type and format, then reads it.
            fn read(
                event_type: &EventType,
                version: Option<&WebhookVersion>,
                data: &str,
            ) -> Result<Self, JsonError> {
                if version == Some(&WebhookVersion::V2025_01_01) && message::has_older_format(event_type) {
                    return unknown(data);
                }
                match event_type {
                    $(EventType::$variant => payload(data).map(Self::$variant),)+
                    _ => unknown(data),
                }
            }
        }

        $(
            impl EventPayload for $variant {
                const EVENT_TYPE: EventType = EventType::$variant;

                fn from_data(data: EventData) -> Option<Self> {
                    match data {
                        EventData::$variant(payload) => Some(payload),
                        _ => None,
                    }
                }

                fn is_in(data: &EventData) -> bool {
                    matches!(data, EventData::$variant(_))
                }
            }

            impl from_event::Sealed for $variant {}
        )+
    };
}

event_data! {
    MessageSent,
    MessageReceived,
    MessageRead,
    MessageDelivered,
    MessageFailed,
    MessageEdited,
    ReactionAdded,
    ReactionRemoved,
    PollReceived,
    PollFailed,
    PollSent,
    PollDelivered,
    PollRead,
    PollUpdated,
    PollVoteAdded,
    PollVoteRemoved,
    PollReactionAdded,
    ParticipantAdded,
    ParticipantRemoved,
    ChatCreated,
    ChatGroupNameUpdated,
    ChatGroupIconUpdated,
    ChatGroupNameUpdateFailed,
    ChatGroupIconUpdateFailed,
    ChatBackgroundUpdated,
    ChatBackgroundUpdateFailed,
    ChatTypingIndicatorStarted,
    ChatTypingIndicatorStopped,
    PhoneNumberStatusUpdated,
    PhoneNumberAssigned,
    PhoneNumberReleased,
    ContactCardReceived,
    LocationSharingStarted,
    LocationSharingStopped,
    PaymentSucceeded,
    PaymentCanceled,
    PaymentExpired,
    PaymentDeclined,
    PaymentAuthorized,
    ConnectionCreated,
    ConnectionRevoked,
    ZeroDayRetentionUpdated,
    PhoneNumberForwardingUpdated,
    EnvironmentLineMoved,
    ContactCardCreated,
    ContactCardUpdated,
    ContactCardDeleted,
    ApiTokenCreated,
    ApiTokenRenamed,
    ApiTokenExpiryScheduled,
    ApiTokenExpired,
    ApiTokenActivated,
    ApiTokenDeleted,
    EnvironmentCreated,
    EnvironmentRenamed,
    EnvironmentDeleted,
    WebhookSubscriptionCreated,
    WebhookSubscriptionDeleted,
    WebhookSubscriptionTargetUrlChanged,
    WebhookSubscriptionEnabled,
    WebhookSubscriptionDisabled,
    WebhookSubscriptionEventsUpdated,
    WebhookSubscriptionPhoneNumbersUpdated,
    WebhookSubscriptionRoutingHeadersSet,
    WebhookSubscriptionRoutingHeadersCleared,
    TeamMemberAdded,
    TeamMemberSignedIn,
    TeamMemberSignedOut,
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

/// A body that is no event, or an event of a known type whose payload is not what it should be.
pub struct ParseEventError {
    event_type: Option<EventType>,
    source: JsonError,
    raw: RawBody,
}

impl ParseEventError {
    /// The event type, where the envelope could be read.
    #[must_use]
    pub fn event_type(&self) -> Option<&EventType> {
        self.event_type.as_ref()
    }

    /// Where the fault is, as in `data.parts[1].value`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// The body, so that nothing is lost.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.raw.as_bytes()
    }
}

impl fmt::Debug for ParseEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParseEventError")
            .field("event_type", &self.event_type)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ParseEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        match &self.event_type {
            Some(event_type) => {
                write!(f, "the payload of `{event_type}` has an unexpected shape at `{path}`")
            }
            None if self.source.is_syntax() => f.write_str("the webhook body is not JSON"),
            None if path.is_empty() => f.write_str("the webhook body is not an event envelope"),
            None => write!(f, "the event envelope has an unexpected shape at `{path}`"),
        }
    }
}

impl std::error::Error for ParseEventError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
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
    fn a_type_or_format_without_payload_type_is_data() {
        for (event_type, version) in [("call.ringing", "2026-02-03"), ("message.received", "2025-01-01")] {
            let event = Event::parse_unverified(event(event_type, version, r#"{"chat_id": "c1"}"#)).unwrap();
            let EventData::Unknown(data) = &event.data else { panic!("{event:?}") };
            assert_eq!(data.get(), r#"{"chat_id": "c1"}"#);
        }
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
    fn an_event_is_written_back_whole() {
        let body = event("message.read", "2026-02-03", &MESSAGE.replacen('{', r#"{"brand_new":1e400,"#, 1));
        let event: Event = serde_json::from_str(&body).unwrap();
        assert_eq!(serde_json::to_string(&event).unwrap(), body);
        let typed: Event<MessageRead> = FromEvent::from_event(event).unwrap();
        assert_eq!(serde_json::to_string(&typed).unwrap(), body);
    }
}
