use std::{
    future::{Future, ready},
    marker::PhantomData,
};

use linq_types::events::FromEvent;

use crate::{IntoOutcome, Outcome};

/// A function or closure that a [`Router`](crate::Router) with state `S` and error `E` can call.
///
/// * The first parameter is the event: a payload, `Event<Payload>`, or `Event` for every event.
/// * The second parameter is the state. It is optional.
/// * The return type is `()` or `Result<(), F>` where `F` converts into `E`.
/// * The function can be `async`. Its future must be [`Send`] and `'static`.
///
/// `Signature` distinguishes these forms and is always inferred.
#[diagnostic::on_unimplemented(
    message = "a `Router` with the state `{S}` cannot call this function",
    label = "not a handler",
    note = "a handler takes an event and optionally the state, and returns `()` or `Result<(), E>`; \
            the future of an `async` handler must be `Send`",
    note = "put `#[linq_handler]` on the function for a precise error message"
)]
pub trait HandlerFn<S, E, Signature>: Send + Sync + 'static {
    /// The type of the first parameter.
    type Event: FromEvent;

    /// Calls the function with the event and, if it takes one, a clone of the state.
    fn call(
        &self,
        event: Self::Event,
        state: &S,
    ) -> impl Future<Output = Result<Outcome, E>> + Send + 'static;
}

/// Marks the signature of a function that returns a future.
#[expect(unnameable_types, reason = "always inferred")]
#[derive(Debug)]
pub struct Async<Signature>(PhantomData<Signature>);

impl<F, S, E, T, O> HandlerFn<S, E, fn(T) -> O> for F
where
    F: Fn(T) -> O + Send + Sync + 'static,
    E: Send + 'static,
    T: FromEvent,
    O: IntoOutcome<E>,
{
    type Event = T;

    fn call(&self, event: T, _: &S) -> impl Future<Output = Result<Outcome, E>> + Send + 'static {
        ready(self(event).into_outcome())
    }
}

impl<F, S, E, T, O> HandlerFn<S, E, fn(T, S) -> O> for F
where
    F: Fn(T, S) -> O + Send + Sync + 'static,
    S: Clone,
    E: Send + 'static,
    T: FromEvent,
    O: IntoOutcome<E>,
{
    type Event = T;

    fn call(&self, event: T, state: &S) -> impl Future<Output = Result<Outcome, E>> + Send + 'static {
        ready(self(event, state.clone()).into_outcome())
    }
}

impl<F, S, E, T, O> HandlerFn<S, E, Async<fn(T) -> O>> for F
where
    F: Fn(T) -> O + Send + Sync + 'static,
    E: 'static,
    T: FromEvent,
    O: Future<Output: IntoOutcome<E>> + Send + 'static,
{
    type Event = T;

    fn call(&self, event: T, _: &S) -> impl Future<Output = Result<Outcome, E>> + Send + 'static {
        outcome(self(event))
    }
}

impl<F, S, E, T, O> HandlerFn<S, E, Async<fn(T, S) -> O>> for F
where
    F: Fn(T, S) -> O + Send + Sync + 'static,
    S: Clone,
    E: 'static,
    T: FromEvent,
    O: Future<Output: IntoOutcome<E>> + Send + 'static,
{
    type Event = T;

    fn call(&self, event: T, state: &S) -> impl Future<Output = Result<Outcome, E>> + Send + 'static {
        outcome(self(event, state.clone()))
    }
}

async fn outcome<E>(output: impl Future<Output: IntoOutcome<E>>) -> Result<Outcome, E> {
    output.await.into_outcome()
}
