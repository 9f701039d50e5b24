use super::{Event, EventData, Interest, Route};

/// A payload type, which belongs to exactly one event type in one format.
pub trait EventPayload: Sized + Sealed {
    /// The events that have this payload.
    const EVENT: Route;

    /// Extracts the payload; `None` if the data is another payload.
    fn from_data(data: EventData) -> Option<Self>;

    /// Returns `true` if the data is this payload.
    fn is_in(data: &EventData) -> bool;
}

/// The argument of an event handler: a payload, an [`Event`] with that payload, or any [`Event`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Linq webhook event",
    label = "not an event",
    note = "use a payload such as `MessageReceived`, `Event<MessageReceived>`, or `Event` for every event",
    note = "`InboundMessage` is a received message in either format of V3"
)]
pub trait FromEvent: Sized + Sealed {
    /// The events that this type matches.
    const INTEREST: Interest;

    /// Returns `true` if this type matches the event.
    fn matches(event: &Event) -> bool;

    /// Converts the event; `None` if this type does not [match](Self::matches) it.
    fn from_event(event: Event) -> Option<Self>;
}

#[expect(unnameable_types, reason = "seals the traits")]
pub trait Sealed {}

impl Sealed for Event {}

impl FromEvent for Event {
    const INTEREST: Interest = Interest::All;

    fn matches(_: &Event) -> bool {
        true
    }

    fn from_event(event: Event) -> Option<Self> {
        Some(event)
    }
}

impl<T: EventPayload> Sealed for Event<T> {}

impl<T: EventPayload> FromEvent for Event<T> {
    const INTEREST: Interest = Interest::Only(T::EVENT);

    fn matches(event: &Event) -> bool {
        T::is_in(&event.data)
    }

    fn from_event(event: Event) -> Option<Self> {
        event.try_map(T::from_data)
    }
}

#[diagnostic::do_not_recommend]
impl<T: EventPayload> FromEvent for T {
    const INTEREST: Interest = Interest::Only(T::EVENT);

    fn matches(event: &Event) -> bool {
        T::is_in(&event.data)
    }

    fn from_event(event: Event) -> Option<Self> {
        T::from_data(event.data)
    }
}

/// Returns the route of a payload type if it matches the event, in each way that a handler can take it.
#[cfg(test)]
pub(super) fn route_if_matching<T: EventPayload>(event: &Event) -> Option<Route> {
    let matches = <Event<T>>::matches(event);
    assert_eq!(T::matches(event), matches);
    assert_eq!(T::from_event(event.clone()).is_some(), matches);
    assert_eq!(<Event<T>>::from_event(event.clone()).is_some(), matches);
    matches.then_some(T::EVENT)
}
