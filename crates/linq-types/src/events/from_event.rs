use super::{Event, EventData, Route};

/// A payload type: it belongs to exactly one event type in one format.
pub trait EventPayload: Sized + Sealed {
    /// The events it belongs to.
    const EVENT: Route;

    /// Takes the payload out; `None` when it is the payload of other events.
    fn from_data(data: EventData) -> Option<Self>;

    /// Whether this is such a payload.
    fn is_in(data: &EventData) -> bool;
}

/// What an event handler can take: a payload, an [`Event`] of that payload, or any [`Event`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Linq webhook event",
    label = "not an event",
    note = "take a payload such as `MessageReceived`, `Event<MessageReceived>`, or `Event` for every event"
)]
pub trait FromEvent: Sized + Sealed {
    /// The events that are taken; `None` takes every event.
    const ROUTE: Option<Route>;

    /// Whether the event would be taken.
    fn matches(event: &Event) -> bool;

    /// Takes the event; `None` when it does not [match](Self::matches).
    fn from_event(event: Event) -> Option<Self>;
}

#[expect(unnameable_types, reason = "that seals the traits")]
pub trait Sealed {}

impl Sealed for Event {}

impl FromEvent for Event {
    const ROUTE: Option<Route> = None;

    fn matches(_: &Event) -> bool {
        true
    }

    fn from_event(event: Event) -> Option<Self> {
        Some(event)
    }
}

impl<T: EventPayload> Sealed for Event<T> {}

impl<T: EventPayload> FromEvent for Event<T> {
    const ROUTE: Option<Route> = Some(T::EVENT);

    fn matches(event: &Event) -> bool {
        T::is_in(&event.data)
    }

    fn from_event(event: Event) -> Option<Self> {
        event.with_payload()
    }
}

#[diagnostic::do_not_recommend]
impl<T: EventPayload> FromEvent for T {
    const ROUTE: Option<Route> = Some(T::EVENT);

    fn matches(event: &Event) -> bool {
        T::is_in(&event.data)
    }

    fn from_event(event: Event) -> Option<Self> {
        T::from_data(event.data)
    }
}
