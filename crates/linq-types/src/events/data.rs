use super::{
    EventType, MessageDelivered, MessageRead, MessageReceived, MessageSent, RawJson, ReactionAdded, v2,
    v2025_01_01,
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
            /// Reads the payload type that belongs to the event type; `None` where none does.
            pub(in crate::events) fn read(
                event_type: &EventType,
                json: &str,
            ) -> Result<Option<Self>, serde_json::Error> {
                Ok(Some(match event_type {
                    $(EventType::$variant => Self::$variant($crate::events::read::object(json)?),)+
                    _ => return Ok(None),
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
        MessageReceived,
        MessageSent,
        MessageDelivered,
        MessageRead,
        ReactionAdded,
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
    /// Whether it is about a message or a reaction of your own line; `false` where the payload does not tell.
    #[must_use]
    pub fn is_from_me(&self) -> bool {
        match self {
            Self::ReactionAdded(reaction) => reaction.is_from_me,
            Self::V2(data) => data.is_from_me(),
            _ => self.message().is_some_and(|message| message.is_from_me()),
        }
    }
}
