use super::{
    ApiTokenActivated, ApiTokenCreated, ApiTokenDeleted, ApiTokenExpired, ApiTokenExpiryScheduled,
    ApiTokenRenamed, ChatBackgroundUpdateFailed, ChatBackgroundUpdated, ChatCreated,
    ChatGroupIconUpdateFailed, ChatGroupIconUpdated, ChatGroupNameUpdateFailed, ChatGroupNameUpdated,
    ChatTypingIndicatorStarted, ChatTypingIndicatorStopped, ConnectionCreated, ConnectionRevoked,
    ContactCardCreated, ContactCardDeleted, ContactCardReceived, ContactCardUpdated, Direction,
    EnvironmentCreated, EnvironmentDeleted, EnvironmentLineMoved, EnvironmentRenamed, EventType,
    LocationSharingStarted, LocationSharingStopped, MessageDelivered, MessageEdited, MessageFailed,
    MessageRead, MessageReceived, MessageSent, ParticipantAdded, ParticipantRemoved, PaymentAuthorized,
    PaymentCanceled, PaymentDeclined, PaymentExpired, PaymentSucceeded, PhoneNumberAssigned,
    PhoneNumberForwardingUpdated, PhoneNumberReleased, PhoneNumberStatusUpdated, PollDelivered, PollFailed,
    PollReactionAdded, PollRead, PollReceived, PollSent, PollUpdated, PollVoteAdded, PollVoteRemoved,
    RawJson, ReactionAdded, ReactionRemoved, TeamMemberAdded, TeamMemberSignedIn, TeamMemberSignedOut,
    WebhookSubscriptionCreated, WebhookSubscriptionDeleted, WebhookSubscriptionDisabled,
    WebhookSubscriptionEnabled, WebhookSubscriptionEventsUpdated, WebhookSubscriptionPhoneNumbersUpdated,
    WebhookSubscriptionRoutingHeadersCleared, WebhookSubscriptionRoutingHeadersSet,
    WebhookSubscriptionTargetUrlChanged, ZeroDayRetentionUpdated, v2, v2025_01_01,
};
use crate::ChatHandle;

/// The payloads of one format: the enum of them, which one an event type has, and the way from the enum to each.
///
/// Every payload type is named as the variant of the `EventType` that stands beside the macro's use.
macro_rules! event_data {
    (
        $(#[$doc:meta])*
        $format:ident { $($variant:ident,)+ }
        $(or { $($(#[$other_doc:meta])* $other:ident($other_payload:ty),)+ })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum EventData {
            $(
                #[doc = concat!("Payload of [`EventType::", stringify!($variant), "`].")]
                $variant($variant),
            )+
            $($($(#[$other_doc])* $other($other_payload),)+)?
        }

        impl EventData {
            /// Reads the payload type that belongs to the event type; gives the deserializer back where none does.
            pub(in crate::events) fn read<'de, D: serde::Deserializer<'de>>(
                event_type: &EventType,
                json: D,
            ) -> Result<Result<Self, D>, D::Error> {
                Ok(Ok(match event_type {
                    $(EventType::$variant => Self::$variant($crate::events::read::object(json)?),)+
                    _ => return Ok(Err(json)),
                }))
            }

            /// The payload's type, as its path within `linq_types::events`: `MessageReceived`, `v2::MessageReceived`.
            /// `None` where the event type has no type here.
            ///
            /// ```
            /// use linq_types::events::Event;
            ///
            /// let body = r#"{"api_version": "v2", "event_type": "message.read", "event_id": "e1", "data": {}}"#;
            /// let event = Event::parse_unverified(body.to_owned())?;
            /// assert_eq!(event.data.payload_type(), Some("v2::MessageRead"));
            /// # Ok::<(), linq_types::events::ParseEventError>(())
            /// ```
            #[must_use]
            pub fn payload_type(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant(_) => Some($crate::events::data::path_in!($format $variant)),)+
                    $($(Self::$other(other) => other.payload_type(),)+)?
                }
            }
        }

        /// Writes the payload alone, as its type writes it: with the fields that it knows.
        impl serde::Serialize for EventData {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(payload) => payload.serialize(serializer),)+
                    $($(Self::$other(other) => other.serialize(serializer),)+)?
                }
            }
        }

        $(
            impl $crate::events::EventPayload for $variant {
                const EVENT: $crate::events::Route = {
                    const EVENT_TYPE: &EventType = &EventType::$variant;
                    $crate::events::Route::new($crate::events::Format::$format, EVENT_TYPE.as_str())
                };

                fn from_data(data: $crate::events::EventData) -> Option<Self> {
                    match data {
                        $crate::events::data::in_format!($format EventData::$variant(payload)) => Some(payload),
                        _ => None,
                    }
                }

                fn is_in(data: &$crate::events::EventData) -> bool {
                    matches!(data, $crate::events::data::in_format!($format EventData::$variant(_)))
                }
            }

            impl $crate::events::from_event::Sealed for $variant {}
        )+
    };
}
pub(super) use event_data;

/// The pattern of a format's payload within the newest format's enum, which holds the others.
macro_rules! in_format {
    (V3 $payload:pat) => {
        $payload
    };
    (V2025_01_01 $payload:pat) => {
        $crate::events::EventData::V2025_01_01($payload)
    };
    (V2 $payload:pat) => {
        $crate::events::EventData::V2($payload)
    };
}
pub(super) use in_format;

/// The path of a payload type within the events.
macro_rules! path_in {
    (V3 $payload:ident) => {
        stringify!($payload)
    };
    (V2025_01_01 $payload:ident) => {
        concat!("v2025_01_01::", stringify!($payload))
    };
    (V2 $payload:ident) => {
        concat!("v2::", stringify!($payload))
    };
}
pub(super) use path_in;

event_data! {
    /// The payload of an event.
    V3 {
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
    } or {
        /// Payload of a message event in the format of 2025-01-01.
        V2025_01_01(v2025_01_01::EventData),
        /// Payload of an event of the V2 API.
        V2(v2::EventData),
        /// Payload of an event type that has no type here.
        Unknown(RawJson),
    }
}

impl EventData {
    /// Whether your own line did it: a message, an edit, a reaction, a poll, a vote, typing, a change of a chat. `false`
    /// where the payload does not tell.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        match self {
            Self::ReactionAdded(ReactionAdded(reaction))
            | Self::ReactionRemoved(ReactionRemoved(reaction))
            | Self::PollReactionAdded(PollReactionAdded(reaction)) => reaction.is_from_me,
            Self::V2(data) => data.is_from_me(),
            _ => match self.actor() {
                Some(actor) => actor.is_me == Some(true),
                None => self.direction() == Some(&Direction::Outbound),
            },
        }
    }

    fn actor(&self) -> Option<&ChatHandle> {
        match self {
            Self::ChatGroupNameUpdated(ChatGroupNameUpdated(updated))
            | Self::ChatGroupIconUpdated(ChatGroupIconUpdated(updated)) => updated.changed_by_handle.as_ref(),
            Self::ChatBackgroundUpdated(updated) => updated.actor_handle.as_ref(),
            Self::ChatTypingIndicatorStarted(ChatTypingIndicatorStarted(typing))
            | Self::ChatTypingIndicatorStopped(ChatTypingIndicatorStopped(typing)) => {
                typing.actor_handle.as_ref()
            }
            _ => None,
        }
    }

    fn direction(&self) -> Option<&Direction> {
        match self {
            Self::MessageEdited(edited) => Some(&edited.direction),
            Self::PollSent(PollSent(poll))
            | Self::PollReceived(PollReceived(poll))
            | Self::PollDelivered(PollDelivered(poll))
            | Self::PollRead(PollRead(poll)) => Some(&poll.direction),
            Self::PollFailed(failed) => Some(&failed.direction),
            Self::PollUpdated(updated) => Some(&updated.direction),
            Self::PollVoteAdded(PollVoteAdded(vote)) | Self::PollVoteRemoved(PollVoteRemoved(vote)) => {
                Some(&vote.direction)
            }
            _ => self.message()?.direction,
        }
    }
}
