use std::{future::Future, sync::Arc};

use linq_types::events::{Event, EventType, Format, Route};

use crate::Outcome;

/// What handles verified events. `#[linq_handler]` writes it for an `impl` block with one method per event;
/// a [`Router`](crate::Router) is one made of functions; by hand it is one method.
///
/// The future is [`Send`] when your code is, and need not be: a handler that holds an `Rc` works on a
/// single-threaded executor.
///
/// ```
/// use linq_webhooks::{
///     EventHandler, Outcome,
///     events::{Event, EventData, EventPayload, EventType, MessageReceived, Route},
/// };
///
/// struct Printer;
///
/// impl EventHandler for Printer {
///     type Error = std::io::Error;
///     const EVENTS: &'static [Option<Route>] = &[Some(MessageReceived::EVENT)];
///
///     async fn handle(&self, event: Event) -> Result<Outcome, Self::Error> {
///         let EventData::MessageReceived(message) = event.data else { return Ok(Outcome::Ignored) };
///         println!("{}", message.text());
///         Ok(Outcome::Handled)
///     }
/// }
///
/// assert_eq!(Printer.subscribed_events(), [EventType::MessageReceived]);
/// ```
pub trait EventHandler {
    /// What can go wrong in it.
    type Error;

    /// The events it handles, as far as its type tells; `None` stands for every event.
    const EVENTS: &'static [Option<Route>];

    /// Handles one event.
    ///
    /// # Errors
    ///
    /// Whatever goes wrong: a [`Receiver`](crate::Receiver) then answers 500, and the service delivers the event
    /// again.
    fn handle(&self, event: Event) -> impl Future<Output = Result<Outcome, Self::Error>>;

    /// The events it handles: [`EVENTS`](Self::EVENTS), unless its value tells more than its type.
    fn events(&self) -> &[Option<Route>] {
        Self::EVENTS
    }

    /// The events to subscribe to, for `NewWebhookSubscription::new`: each that is handled, once, or all that this
    /// version knows if every event is. Those of the V2 API are left out: V3 cannot subscribe to them.
    #[must_use]
    fn subscribed_events(&self) -> Vec<EventType> {
        let Some(routes) = self.events().iter().copied().collect::<Option<Vec<_>>>() else {
            return EventType::KNOWN.to_vec();
        };
        let mut events = Vec::new();
        for event_type in
            routes.iter().filter(|route| route.format != Format::V2).map(|route| route.event_type)
        {
            if !events.contains(&EventType::from(event_type)) {
                events.push(event_type.into());
            }
        }
        events
    }
}

/// A shared handler handles as its owner does.
impl<H: EventHandler> EventHandler for Arc<H> {
    type Error = H::Error;
    const EVENTS: &'static [Option<Route>] = H::EVENTS;

    fn handle(&self, event: Event) -> impl Future<Output = Result<Outcome, Self::Error>> {
        H::handle(self, event)
    }

    fn events(&self) -> &[Option<Route>] {
        H::events(self)
    }
}
