use std::{future::Future, sync::Arc};

use linq_types::events::{Event, EventType, Format, Interest};

use crate::{IgnoreReason, Outcome};

/// A handler of verified events.
///
/// `#[linq_handler]` implements it for an `impl` block with one method per event, and a [`Router`](crate::Router) is
/// a handler made of functions. A manual implementation needs an error type and one method.
///
/// The future is [`Send`] if your code is. A handler that holds an `Rc` works on a single-threaded executor.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use linq::webhooks::{
///     EventHandler, IgnoreReason, Outcome,
///     events::{Event, EventData, EventPayload, EventType, Interest, MessageReceived},
/// };
///
/// struct Printer;
///
/// impl EventHandler for Printer {
///     type Error = std::io::Error;
///     const EVENTS: &'static [Interest] = &[Interest::Only(MessageReceived::EVENT)];
///
///     async fn handle(&self, event: Event) -> Result<Outcome, Self::Error> {
///         let EventData::MessageReceived(message) = event.data else {
///             return Ok(Outcome::Ignored(IgnoreReason::NotAccepted));
///         };
///         println!("{}", message.text());
///         Ok(Outcome::Handled)
///     }
/// }
///
/// assert_eq!(Printer.subscribed_events(), [EventType::MessageReceived]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler of Linq webhook events",
    label = "not an event handler",
    note = "put `#[linq_handler]` on its `impl` block and `#[on]` on the methods, or implement `EventHandler`",
    note = "to handle events with functions or closures, use `Router::new(state).on(function)`"
)]
pub trait EventHandler {
    /// The error returned when an event cannot be handled.
    type Error;

    /// The events that handlers of this type accept. The default is every event.
    ///
    /// A [`Receiver`](crate::Receiver) does not parse other events, and does not call the handler with them.
    const EVENTS: &'static [Interest] = &[Interest::All];

    /// Handles one event.
    ///
    /// # Errors
    ///
    /// Returns an error if the event could not be handled. A [`Receiver`](crate::Receiver) then responds with 500, and
    /// the API delivers the event again.
    fn handle(&self, event: Event) -> impl Future<Output = Result<Outcome, Self::Error>>;

    /// Handles events of one chat that waited together, such as the messages of a person who types several in a row.
    ///
    /// A durable inbox calls it with the events in order of arrival, at least one. The default [handles](Self::handle) them
    /// one by one, and stops at the first error. The outcome is that of the last event that was not
    /// [ignored](Outcome::Ignored).
    ///
    /// With `#[linq_handler]`, a method that takes a `Vec` gets its events of a burst in one call.
    ///
    /// # Errors
    ///
    /// Returns an error if an event could not be handled. All events of the burst are then handled again, including those
    /// that were handled before the error.
    fn handle_burst(&self, events: Vec<Event>) -> impl Future<Output = Result<Outcome, Self::Error>> {
        async move {
            let mut outcome = Outcome::Ignored(IgnoreReason::NotAccepted);
            for event in events {
                match self.handle(event).await? {
                    Outcome::Ignored(_) => {}
                    other => outcome = other,
                }
            }
            Ok(outcome)
        }
    }

    /// Returns the events that this handler accepts.
    ///
    /// The default is [`EVENTS`](Self::EVENTS). Handlers that are configured at run time override it.
    fn events(&self) -> &[Interest] {
        Self::EVENTS
    }

    /// Returns the event types to subscribe to, as `NewWebhookSubscription::new` expects them.
    ///
    /// These are the types of the accepted [`events`](Self::events) without duplicates, or all types known to this
    /// version of the crate if the handler accepts [every event](Interest::All). Events of the V2 API are omitted,
    /// because V3 subscriptions do not support them.
    #[must_use]
    fn subscribed_events(&self) -> Vec<EventType> {
        let mut subscribed = Vec::new();
        for interest in self.events() {
            let Some(event_type) = interest.event_type() else { return EventType::KNOWN.to_vec() };
            let event_type = EventType::from(event_type);
            if interest.format() != Some(Format::V2) && !subscribed.contains(&event_type) {
                subscribed.push(event_type);
            }
        }
        subscribed
    }
}

/// Forwards to the shared handler.
impl<H: EventHandler> EventHandler for Arc<H> {
    type Error = H::Error;
    const EVENTS: &'static [Interest] = H::EVENTS;

    fn handle(&self, event: Event) -> impl Future<Output = Result<Outcome, Self::Error>> {
        H::handle(self, event)
    }

    fn handle_burst(&self, events: Vec<Event>) -> impl Future<Output = Result<Outcome, Self::Error>> {
        H::handle_burst(self, events)
    }

    fn events(&self) -> &[Interest] {
        H::events(self)
    }
}
