use super::{Event, Format, Route, read::Tags};

/// The events that a handler accepts: all events, or those of one type, in one format or in all formats of V3.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::events::{Event, EventPayload, FromEvent, InboundMessage, Interest, MessageReceived};
///
/// assert_eq!(<Event>::INTEREST, Interest::All);
/// assert_eq!(MessageReceived::INTEREST, Interest::Only(MessageReceived::EVENT));
/// assert_eq!(InboundMessage::INTEREST, Interest::V3("message.received"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "all events, an event type and a route are the only cases")]
pub enum Interest {
    /// Every event, including event types that this version of the crate does not know.
    All,
    /// The events of this type in every format of V3.
    V3(&'static str),
    /// The events with this route.
    Only(Route),
}

impl Interest {
    /// Returns `true` if both are equal. Unlike `==`, it can be called in constants.
    #[must_use]
    pub const fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::All, Self::All) => true,
            (Self::V3(left), Self::V3(right)) => {
                Route::new(Format::V3, left).is(Route::new(Format::V3, right))
            }
            (Self::Only(left), Self::Only(right)) => left.is(right),
            _ => false,
        }
    }

    /// Returns `true` if a handler cannot route by both: they are equal, or an event type in all formats and in one of them.
    ///
    /// [`All`](Self::All) conflicts only with itself: it is for the events that nothing else accepts. It can be called in
    /// constants.
    #[must_use]
    pub const fn conflicts_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::V3(event_type), Self::Only(route)) | (Self::Only(route), Self::V3(event_type)) => {
                !matches!(route.format, Format::V2) && Route::new(route.format, event_type).is(route)
            }
            _ => self.is(other),
        }
    }

    /// Returns the event type; `None` for [`All`](Self::All).
    #[must_use]
    pub const fn event_type(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::V3(event_type) | Self::Only(Route { event_type, .. }) => Some(event_type),
        }
    }

    /// Returns the format, the newest one if several are accepted; `None` for [`All`](Self::All).
    #[must_use]
    pub const fn format(self) -> Option<Format> {
        match self {
            Self::All => None,
            Self::V3(_) => Some(Format::V3),
            Self::Only(Route { format, .. }) => Some(format),
        }
    }

    /// Returns `true` if the event is one of these.
    #[must_use]
    pub fn includes<T>(self, event: &Event<T>) -> bool {
        self.accepts(&event.tags())
    }

    pub(super) fn accepts(self, tags: &Tags) -> bool {
        match self {
            Self::All => true,
            Self::V3(event_type) => event_type == tags.event_type.as_str() && tags.format != Format::V2,
            Self::Only(route) => route.event_type == tags.event_type.as_str() && route.format == tags.format,
        }
    }
}

impl From<Route> for Interest {
    fn from(route: Route) -> Self {
        Self::Only(route)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{EventPayload as _, MessageRead, MessageSent, v2, v2025_01_01};

    #[test]
    fn is_agrees_with_equality() {
        let interests = [
            Interest::All,
            Interest::V3("message.read"),
            Interest::V3("message.sent"),
            Interest::Only(MessageRead::EVENT),
            Interest::Only(MessageSent::EVENT),
        ];
        for (at, left) in interests.into_iter().enumerate() {
            for (also_at, right) in interests.into_iter().enumerate() {
                assert_eq!(left.is(right), at == also_at);
                assert_eq!(left == right, at == also_at);
            }
        }
    }

    #[test]
    fn interests_conflict_if_both_accept_an_event_that_they_name() {
        let interests = [
            Interest::V3("message.read"),
            Interest::Only(MessageRead::EVENT),
            Interest::Only(v2025_01_01::MessageRead::EVENT),
            Interest::Only(v2::MessageRead::EVENT),
            Interest::V3("message.sent"),
        ];
        let event = |tags: &str| format!(r#"{{"event_type":"message.read",{tags},"data":{MESSAGE}}}"#);
        let events = [
            event(r#""webhook_version":"2026-02-03""#),
            event(r#""webhook_version":"2025-01-01""#),
            event(r#""api_version":"v2""#),
            event(r#""webhook_version":"2026-02-03""#).replace("message.read", "message.sent"),
        ]
        .map(|body| Event::parse_unverified(body).unwrap());
        for left in interests {
            for right in interests {
                let both = events.iter().any(|event| left.includes(event) && right.includes(event));
                assert_eq!(left.conflicts_with(right), both, "{left:?} {right:?}");
            }
            assert!(!left.conflicts_with(Interest::All) && !Interest::All.conflicts_with(left));
        }
        assert!(Interest::All.conflicts_with(Interest::All));
    }

    const MESSAGE: &str = r#"{"id":"m1","chat":{"id":"c1"},"parts":[]}"#;
}
