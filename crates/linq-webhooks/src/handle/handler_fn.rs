use std::{
    future::{Future, ready},
    iter,
    marker::PhantomData,
};

use linq_types::events::{Event, EventKeys, FromEvent};

use crate::{IntoOutcome, Outcome};

/// A function or closure that a [`Router`](crate::Router) with state `S` and error `E` can call.
///
/// * The first parameter is the event: a payload, `Event<Payload>`, or `Event` for every event. A function that takes a `Vec`
///   of one of these gets all its events of a [burst](crate::EventHandler::handle_burst) in one call, in order. A single event
///   is a burst of one.
/// * [`EventKeys`] may follow: the idempotency keys for what the function sends. The keys of a burst are those of the first
///   event.
/// * The last parameter is the state. It is optional.
/// * The return type is `()` or `Result<(), F>` where `F` converts into `E`.
/// * The function can be `async`. Its future must be [`Send`] and `'static`.
///
/// `Signature` distinguishes these forms and is always inferred.
#[diagnostic::on_unimplemented(
    message = "a `Router` with the state `{S}` cannot call this function",
    label = "not a handler",
    note = "a handler takes an event or a `Vec` of events, optionally `EventKeys`, and optionally the state, and returns `()` \
            or `Result<(), E>`; the future of an `async` handler must be `Send`",
    note = "put `#[linq_handler]` on the function for a precise error message"
)]
pub trait HandlerFn<S, E, Signature>: Send + Sync + 'static {
    /// The type of the first parameter, or of its elements.
    type Event: FromEvent;

    /// `true` if the first parameter is a `Vec`.
    const TAKES_BURSTS: bool;

    /// Calls the function with the next event, or with all events if it takes bursts. If it takes them, it gets the keys of the
    /// first event and a clone of the state. Returns `None` if that event does not match the first parameter, or if there is
    /// none.
    fn call(
        &self,
        events: &mut dyn Iterator<Item = Event>,
        state: &S,
    ) -> Option<impl Future<Output = Result<Outcome, E>> + Send + 'static>;
}

/// Marks the signature of a function that returns a future.
#[expect(unnameable_types, reason = "always inferred")]
#[derive(Debug)]
pub struct Async<Signature>(PhantomData<Signature>);

/// Marks the signature of a function that takes the keys of the event.
#[expect(unnameable_types, reason = "always inferred")]
#[derive(Debug)]
pub struct Keyed<Signature>(PhantomData<Signature>);

/// Marks the signature of a function that takes the events of a burst.
#[expect(unnameable_types, reason = "always inferred")]
#[derive(Debug)]
pub struct Burst<Signature>(PhantomData<Signature>);

/// Implements the trait for functions, async or not, that take one event or a burst, with these parameters after it.
macro_rules! handler_fn {
    ($signature:ty, |$event:ident, $state:ident| $($name:ident: $parameter:ty = $argument:expr),*) => {
        handler_fn!(
            $signature, T, false, |_events| T::from_event($event)?,
            |$event, $state| $($name: $parameter = $argument),*
        );
        handler_fn!(
            Burst<$signature>, Vec<T>, true,
            |events| iter::once($event).chain(events).filter_map(T::from_event).collect(),
            |$event, $state| $($name: $parameter = $argument),*
        );
    };
    (
        $signature:ty, $taken:ty, $takes_bursts:literal, |$events:ident| $take:expr,
        |$event:ident, $state:ident| $($name:ident: $parameter:ty = $argument:expr),*
    ) => {
        impl<F, S, E, T, O> HandlerFn<S, E, $signature> for F
        where
            F: Fn($taken $(, $parameter)*) -> O + Send + Sync + 'static,
            S: Clone,
            E: Send + 'static,
            T: FromEvent,
            O: IntoOutcome<E>,
        {
            type Event = T;
            const TAKES_BURSTS: bool = $takes_bursts;

            fn call(
                &self,
                $events: &mut dyn Iterator<Item = Event>,
                $state: &S,
            ) -> Option<impl Future<Output = Result<Outcome, E>> + Send + 'static> {
                let $event = $events.next()?;
                $(let $name = $argument;)*
                Some(ready(self($take $(, $name)*).into_outcome()))
            }
        }

        impl<F, S, E, T, O> HandlerFn<S, E, Async<$signature>> for F
        where
            F: Fn($taken $(, $parameter)*) -> O + Send + Sync + 'static,
            S: Clone,
            E: 'static,
            T: FromEvent,
            O: Future<Output: IntoOutcome<E>> + Send + 'static,
        {
            type Event = T;
            const TAKES_BURSTS: bool = $takes_bursts;

            fn call(
                &self,
                $events: &mut dyn Iterator<Item = Event>,
                $state: &S,
            ) -> Option<impl Future<Output = Result<Outcome, E>> + Send + 'static> {
                let $event = $events.next()?;
                $(let $name = $argument;)*
                Some(outcome(self($take $(, $name)*)))
            }
        }
    };
}

handler_fn!(fn(T) -> O, |event, _state|);
handler_fn!(fn(T, S) -> O, |event, state| state: S = state.clone());
handler_fn!(Keyed<fn(T) -> O>, |event, _state| keys: EventKeys = event.keys());
handler_fn!(Keyed<fn(T, S) -> O>, |event, state| keys: EventKeys = event.keys(), state: S = state.clone());

async fn outcome<E>(output: impl Future<Output: IntoOutcome<E>>) -> Result<Outcome, E> {
    output.await.into_outcome()
}
