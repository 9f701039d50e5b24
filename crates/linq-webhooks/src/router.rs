use std::{error::Error, fmt, pin::Pin};

use linq_types::events::{Event, FromEvent, Route};

use crate::{EventHandler, HandlerFn, Outcome};

/// A handler made of functions: each takes one kind of event, and the state if it wants it.
///
/// The type of a function's first parameter says which event it takes; a function of `Event` takes what no other
/// one does. See [`HandlerFn`] for what they look like. `#[linq_handler]` on a function checks it where it stands.
///
/// ```
/// use std::{io, sync::Arc};
///
/// use linq_webhooks::{
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
///         println!("{}: {}", app.name, reaction.reaction_type);
///     })
///     .on(|rest: Event| println!("{}", rest.event_type));
///
/// assert_eq!(router.subscribed_events(), EventType::KNOWN);
/// ```
///
/// The state is cloned for each function that takes it: an `Arc`, or a cheap handle such as a client. A closure that
/// captures something instead is written `move |..| { let x = x.clone(); async move { .. } }`.
///
/// Servers move the work on an event between threads, so functions, futures and state are [`Send`], and every
/// future is boxed. Where that is too much, `#[linq_handler]` on an `impl` block asks for neither.
pub struct Router<S, E = Box<dyn Error + Send + Sync>> {
    state: S,
    /// What each of the functions takes, in the same order; `None` comes last.
    events: Vec<Option<Route>>,
    functions: Vec<Function<S, E>>,
}

struct Function<S, E> {
    matches: fn(&Event) -> bool,
    call: Box<Call<S, E>>,
}

type Call<S, E> = dyn Fn(Event, &S) -> Called<E> + Send + Sync;

type Called<E> = Pin<Box<dyn Future<Output = Result<Outcome, E>> + Send>>;

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// Takes no event yet. Any error that is `Send` and `Sync` can come out of it.
    pub fn new(state: S) -> Self {
        Self::with_error(state)
    }

    /// Takes no event yet. The functions' errors are converted to `E`: `Router::with_error::<AppError>(state)`.
    pub fn with_error<E: Send + 'static>(state: S) -> Router<S, E> {
        Router { state, events: Vec::new(), functions: Vec::new() }
    }
}

impl<S, E> Router<S, E> {
    /// Has a function take the events of its first parameter.
    ///
    /// # Panics
    ///
    /// If another function takes them already.
    #[must_use]
    #[track_caller]
    pub fn on<F: HandlerFn<S, E, Signature>, Signature>(mut self, function: F) -> Self {
        let route = F::Event::ROUTE;
        if self.events.contains(&route) {
            let handled = route.map_or("every event", |route| route.event_type);
            panic!("two functions take `{handled}`: a router hands an event to one of them");
        }
        let at = self.events.iter().take_while(|taken| taken.is_some() || route.is_none()).count();
        self.events.insert(at, route);
        self.functions.insert(at, Function::new(function));
        self
    }
}

impl<S, E> Function<S, E> {
    fn new<F: HandlerFn<S, E, Signature>, Signature>(function: F) -> Self {
        Self {
            matches: F::Event::matches,
            call: Box::new(move |event, state| match F::Event::from_event(event) {
                Some(event) => Box::pin(function.call(event, state)),
                None => Box::pin(async { Ok(Outcome::Ignored) }),
            }),
        }
    }
}

impl<S, E> EventHandler for Router<S, E> {
    type Error = E;
    /// Any: its value alone tells, [`events`](Self::events).
    const EVENTS: &'static [Option<Route>] = &[None];

    async fn handle(&self, event: Event) -> Result<Outcome, E> {
        match self.functions.iter().find(|function| (function.matches)(&event)) {
            Some(function) => (function.call)(event, &self.state).await,
            None => Ok(Outcome::Ignored),
        }
    }

    fn events(&self) -> &[Option<Route>] {
        &self.events
    }
}

impl<S, E> fmt::Debug for Router<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router").field("events", &self.events).finish_non_exhaustive()
    }
}
