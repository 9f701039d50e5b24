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
    /// Whether it is about something that your own line did: a message, an edit, a reaction, a poll, a vote. `false` where
    /// the payload does not tell.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        match self {
            Self::ReactionAdded(ReactionAdded(reaction))
            | Self::ReactionRemoved(ReactionRemoved(reaction))
            | Self::PollReactionAdded(PollReactionAdded(reaction)) => reaction.is_from_me,
            Self::V2(data) => data.is_from_me(),
            _ => self.direction() == Some(&Direction::Outbound),
        }
    }

    fn direction(&self) -> Option<&Direction> {
        match self {
            Self::MessageEdited(edited) => Some(&edited.direction),
            Self::PollSent(PollSent(poll))
            | Self::PollReceived(PollReceived(poll))
            | Self::PollDelivered(PollDelivered(poll))
            | Self::PollRead(PollRead(poll)) => Some(&poll.direction),
            Self::PollUpdated(updated) => Some(&updated.direction),
            Self::PollVoteAdded(PollVoteAdded(vote)) | Self::PollVoteRemoved(PollVoteRemoved(vote)) => {
                Some(&vote.direction)
            }
            _ => self.message()?.direction,
        }
    }
}
