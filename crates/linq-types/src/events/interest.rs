use super::{Event, Route, read::Tags};

/// The events that a handler accepts: all events, or those with one [`Route`].
///
/// ```
/// use linq_types::events::{Event, EventPayload, FromEvent, Interest, MessageReceived};
///
/// assert_eq!(<Event>::INTEREST, Interest::All);
/// assert_eq!(MessageReceived::INTEREST, Interest::Only(MessageReceived::EVENT));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "all events and one kind of event are the only two cases")]
pub enum Interest {
    /// Every event, including event types that this version of the crate does not know.
    All,
    /// The events with this route.
    Only(Route),
}

impl Interest {
    /// Returns `true` if both are equal. Unlike `==`, it can be called in constants.
    #[must_use]
    pub const fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::All, Self::All) => true,
            (Self::Only(left), Self::Only(right)) => left.is(right),
            (Self::All, Self::Only(_)) | (Self::Only(_), Self::All) => false,
        }
    }

    /// Returns `true` if the event is one of these.
    #[must_use]
    pub fn includes<T>(self, event: &Event<T>) -> bool {
        self.accepts(&Tags::new(
            event.event_type.clone(),
            event.api_version.as_deref(),
            event.webhook_version.as_ref(),
        ))
    }

    pub(super) fn accepts(self, tags: &Tags) -> bool {
        match self {
            Self::All => true,
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
    use crate::events::{EventPayload as _, MessageRead, MessageSent};

    #[test]
    fn is_agrees_with_equality() {
        let interests =
            [Interest::All, Interest::Only(MessageRead::EVENT), Interest::Only(MessageSent::EVENT)];
        for (at, left) in interests.into_iter().enumerate() {
            for (also_at, right) in interests.into_iter().enumerate() {
                assert_eq!(left.is(right), at == also_at);
                assert_eq!(left == right, at == also_at);
            }
        }
    }
}
