//! The macros behind the tables of event types.

/// Declares the event types of one version of the API, one row each: `Variant = "name on the wire" in module;`.
///
/// The module is the file that has the payload type, which is named like the variant. A row without a module is an event
/// type whose payload is not documented.
macro_rules! event_types {
    (
        $(#[$type_doc:meta])*
        pub enum EventType;

        $(#[$data_doc:meta])*
        pub enum EventData in $format:ident $({ $($other:tt)* })?

        $($(#[$doc:meta])* $variant:ident = $name:literal $(in $module:ident)?;)+
    ) => {
        open_enum! {
            $(#[$type_doc])*
            pub enum EventType {
                $($(#[$doc])* $variant = $name,)+
            }
        }

        $crate::events::table::payloads! {
            $(#[$data_doc])*
            pub enum EventData in $format $({ $($other)* })?

            $($($variant in $module;)?)+
        }
    };
}
pub(super) use event_types;

/// Declares the payloads of one format, one row each: `Variant in module;`.
///
/// `EventType` must be in scope.
macro_rules! payloads {
    (
        $(#[$doc:meta])*
        pub enum EventData in $format:ident $({ $($other:tt)* })?

        $($variant:ident in $module:ident;)+
    ) => {
        $(pub use $module::$variant;)+

        $crate::events::table::event_data! {
            $(#[$doc])*
            in $format: $($variant)+
            $({ $($other)* })?
        }

        $($crate::events::table::event_payload!($format $variant);)+

        /// Returns the routes of the payload types that match an event.
        #[cfg(test)]
        pub(in crate::events) fn matching_routes(event: &$crate::events::Event) -> Vec<$crate::events::Route> {
            [$($crate::events::from_event::route_if_matching::<$variant>(event)),+].into_iter().flatten().collect()
        }
    };
}
pub(super) use payloads;

/// Emits `EventData`, the enum of the payloads of one format, and how it is read and written.
macro_rules! event_data {
    (
        $(#[$doc:meta])*
        in $format:ident: $($variant:ident)+
        $({
            nested { $($(#[$nested_doc:meta])* $nested:ident($nested_data:ty),)+ }
            untyped { $(#[$untyped_doc:meta])* $untyped:ident($json:ty), }
        })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum EventData {
            $(
                #[doc = concat!("Payload of [`EventType::", stringify!($variant), "`].")]
                $variant($variant),
            )+
            $(
                $($(#[$nested_doc])* $nested($nested_data),)+
                $(#[$untyped_doc])*
                $untyped($json),
            )?
        }

        impl EventData {
            /// Reads the payload of an event type; returns `None` and reads nothing if the event type has no payload type.
            pub(in crate::events) fn read(
                event_type: &EventType,
                json: &mut $crate::json::Reader<'_>,
            ) -> Result<Option<Self>, $crate::json::Error> {
                Ok(Some(match event_type {
                    $(EventType::$variant => Self::$variant(serde::Deserialize::deserialize(&mut *json)?),)+
                    _ => return Ok(None),
                }))
            }

            /// Returns the payload type as a path in the module [`events`](crate::events), such as `MessageReceived` or
            /// `v2::MessageReceived`; `None` if the event type has no payload type.
            ///
            /// ```
            /// # mod linq { pub(crate) use linq_types as types; }
            /// use linq::types::events::Event;
            ///
            /// let body = r#"{"api_version": "v2", "event_type": "message.read", "event_id": "e1", "data": {}}"#;
            /// let event = Event::parse_unverified(body.to_owned())?;
            /// assert_eq!(event.data.payload_type(), Some("v2::MessageRead"));
            /// # Ok::<(), linq_types::events::ParseEventError>(())
            /// ```
            #[must_use]
            pub fn payload_type(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant(_) => Some($crate::events::table::path_in!($format $variant)),)+
                    $(
                        $(Self::$nested(data) => data.payload_type(),)+
                        Self::$untyped(_) => None,
                    )?
                }
            }
        }

        /// Writes the payload alone, with the fields of its type.
        impl serde::Serialize for EventData {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(payload) => payload.serialize(serializer),)+
                    $(
                        $(Self::$nested(data) => data.serialize(serializer),)+
                        Self::$untyped(json) => json.serialize(serializer),
                    )?
                }
            }
        }
    };
}
pub(super) use event_data;

/// Implements `EventPayload` for the payload type of one event type.
macro_rules! event_payload {
    ($format:ident $variant:ident) => {
        impl $crate::events::EventPayload for $variant {
            const EVENT: $crate::events::Route = {
                const EVENT_TYPE: &EventType = &EventType::$variant;
                $crate::events::Route::new($crate::events::Format::$format, EVENT_TYPE.as_str())
            };

            fn from_data(data: $crate::events::EventData) -> Option<Self> {
                match data {
                    $crate::events::table::pattern_in!($format EventData::$variant(payload)) => Some(payload),
                    _ => None,
                }
            }

            fn is_in(data: &$crate::events::EventData) -> bool {
                matches!(data, $crate::events::table::pattern_in!($format EventData::$variant(_)))
            }
        }

        impl $crate::events::from_event::Sealed for $variant {}
    };
}
pub(super) use event_payload;

/// The pattern of one format's payload in `events::EventData`, which nests the other formats.
macro_rules! pattern_in {
    (V3 $payload:pat) => {
        $payload
    };
    ($format:ident $payload:pat) => {
        $crate::events::EventData::$format($payload)
    };
}
pub(super) use pattern_in;

/// The path of one format's payload type in `events`.
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

/// Declares payload types that share one shape: a newtype for each event type.
macro_rules! event_payloads {
    ($($shape:ident: { $($(#[$doc:meta])* $name:ident;)+ })+) => {$($(
        $(#[$doc])*
        ///
        #[doc = concat!("A newtype of [`", stringify!($shape), "`] that identifies the event; it dereferences to the shape.")]
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        #[non_exhaustive]
        pub struct $name(pub $shape);

        impl std::ops::Deref for $name {
            type Target = $shape;

            fn deref(&self) -> &$shape {
                &self.0
            }
        }

        impl From<$name> for $shape {
            fn from(event: $name) -> Self {
                event.0
            }
        }
    )+)+};
}
pub(super) use event_payloads;
