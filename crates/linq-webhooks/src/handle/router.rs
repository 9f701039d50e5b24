use std::{error::Error, fmt, iter, pin::Pin};

use linq_types::events::{Event, FromEvent, Interest};

use super::split_burst;
use crate::{EventHandler, HandlerFn, IgnoreReason, Outcome};

/// A handler made of functions. Each function accepts one kind of event and, optionally, the
/// [keys](linq_types::events::EventKeys) of the event and the shared state.
///
/// The type of a function's first parameter selects its events. A function that takes `Event` receives the events
/// that no other function accepts. A function that takes a `Vec` gets all its events of a
/// [burst](EventHandler::handle_burst) in one call, after the other functions got theirs. See [`HandlerFn`] for the accepted
/// signatures. `#[linq_handler]` on a function checks the signature where the function is defined.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use std::{io, sync::Arc};
///
/// use linq::webhooks::{
///     EventHandler, Router,
///     events::{Event, EventType, MessageReceived, ReactionAdded},
/// };
///
/// struct App {
///     name: String,
/// }
///
/// async fn greet(message: MessageReceived, app: Arc<App>) -> Result<(), io::Error> {
///     println!("{}: {}", app.name, message.text());
///     Ok(())
/// }
///
/// let router = Router::new(Arc::new(App { name: "bot".into() }))
///     .on(greet)
///     .on(async |reaction: ReactionAdded, app: Arc<App>| {
///         println!("{}: {:?}", app.name, reaction.reaction_type);
///     })
///     .on(|rest: Event| println!("{}", rest.event_type));
///
/// assert_eq!(router.subscribed_events(), EventType::KNOWN);
/// ```
///
/// The state is cloned for each call of a function that takes it; use an `Arc`, or a cheap handle such as a client. A
/// closure that captures a value instead is written `move |..| { let x = x.clone(); async move { .. } }`.
///
/// Functions, futures and state must be [`Send`], and each call boxes one future. `#[linq_handler]` on an `impl` block
/// needs neither.
pub struct Router<S, E = Box<dyn Error + Send + Sync>> {
    state: S,
    /// The events of `functions`, in the same order. `Interest::All` is last.
    events: Vec<Interest>,
    functions: Vec<Function<S, E>>,
}

struct Function<S, E> {
    matches: fn(&Event) -> bool,
    takes_bursts: bool,
    call: Box<Call<S, E>>,
}

const IGNORED: Outcome = Outcome::Ignored(IgnoreReason::NotAccepted);

type Call<S, E> = dyn Fn(&mut dyn Iterator<Item = Event>, &S) -> Called<E> + Send + Sync;

type Called<E> = Pin<Box<dyn Future<Output = Result<Outcome, E>> + Send>>;

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// Creates a router without functions. Its error is `Box<dyn Error + Send + Sync>`.
    pub fn new(state: S) -> Self {
        Self::with_error(state)
    }

    /// Creates a router without functions. The errors of its functions are converted to `E`:
    /// `Router::with_error::<AppError>(state)`.
    pub fn with_error<E: Send + 'static>(state: S) -> Router<S, E> {
        Router { state, events: Vec::new(), functions: Vec::new() }
    }
}

impl<S, E> Router<S, E> {
    /// Adds a function that handles the events of its first parameter.
    ///
    /// # Panics
    ///
    /// Panics if another function already handles the same events.
    #[must_use]
    #[track_caller]
    pub fn on<F: HandlerFn<S, E, Signature>, Signature>(mut self, function: F) -> Self {
        let interest = F::Event::INTEREST;
        if self.events.iter().any(|other| other.conflicts_with(interest)) {
            let events = interest.event_type().unwrap_or("Event");
            panic!("two functions handle `{events}`; handle it in one function");
        }
        let catch_all = usize::from(self.events.last() == Some(&Interest::All));
        let at = self.events.len() - catch_all;
        self.events.insert(at, interest);
        self.functions.insert(at, Function::new(function));
        self
    }
}

impl<S, E> Function<S, E> {
    fn new<F: HandlerFn<S, E, Signature>, Signature>(function: F) -> Self {
        Self {
            matches: F::Event::matches,
            takes_bursts: F::TAKES_BURSTS,
            call: Box::new(move |events, state| match function.call(events, state) {
                Some(future) => Box::pin(future),
                None => Box::pin(async { Ok(IGNORED) }),
            }),
        }
    }
}

impl<S, E> EventHandler for Router<S, E> {
    type Error = E;

    async fn handle(&self, event: Event) -> Result<Outcome, E> {
        match self.functions.iter().find(|function| (function.matches)(&event)) {
            Some(function) => (function.call)(&mut iter::once(event), &self.state).await,
            None => Ok(IGNORED),
        }
    }

    async fn handle_burst(&self, events: Vec<Event>) -> Result<Outcome, E> {
        let (one_by_one, bursts) = split_burst(events, |event| {
            let at = self.functions.iter().position(|function| (function.matches)(event))?;
            self.functions[at].takes_bursts.then_some(at)
        });
        let mut outcome = IGNORED;
        for event in one_by_one {
            if self.handle(event).await? == Outcome::Handled {
                outcome = Outcome::Handled;
            }
        }
        for (at, events) in bursts {
            outcome = (self.functions[at].call)(&mut events.into_iter(), &self.state).await?;
        }
        Ok(outcome)
    }

    fn events(&self) -> &[Interest] {
        &self.events
    }
}

impl<S, E> fmt::Debug for Router<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router").field("events", &self.events).finish_non_exhaustive()
    }
}
