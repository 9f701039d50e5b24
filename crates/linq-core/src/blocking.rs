//! The blocking client: the same calls for threads that may block, without an async runtime.
//!
//! The blocking halves of [`Call`] and [`Items`] are here too.
//!
//! ```
//! # use linq_core as linq;
//! use linq::{BlockingHttpBackend, blocking::Client, types::ChatId};
//!
//! fn greet(backend: impl BlockingHttpBackend, id: ChatId) -> Result<(), linq::Error> {
//!     let client = Client::from_env(backend)?;
//!     let chat = client.chats().messages(&id);
//!     chat.send("Hello!").call()?;
//!     for message in chat.list() {
//!         println!("{}", message?.id);
//!     }
//!     Ok(())
//! }
//! ```

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use http::Method;
use linq_types::{events::EventKeys, page::Page};
use serde::de::DeserializeOwned;

use crate::{
    BlockingHttpBackend, Body, Call, CallWithMeta, ClientBuilder, Error, Items, List, Replayed, StoredCall,
    WithMeta,
    config::{Config, Setup},
    exchange::{Decode, Exchange, Moment, Next, Options, Step},
    request::RequestSpec,
};

/// The blocking client of the Linq API, on any [`BlockingHttpBackend`].
///
/// Cloning it is cheap; clones share the connections of the backend. Calls are finished with `.call()`.
///
/// ```
/// # use linq_core as linq;
/// use linq::{BlockingHttpBackend, Error, blocking::Client};
///
/// fn print_lines(backend: impl BlockingHttpBackend) -> Result<(), Error> {
///     let client = Client::from_env(backend)?;
///     for line in client.phone_numbers().list().call()?.phone_numbers {
///         println!("{}", line.phone_number);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) backend: Arc<dyn BlockingHttpBackend>,
    pub(crate) setup: Arc<Setup>,
}

impl Client {
    /// Creates a client for the Linq API at its default base URL.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is empty or has quotes, whitespace or invisible characters in or around it
    /// ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    pub fn new(api_key: impl Into<String>, backend: impl BlockingHttpBackend) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build_blocking(backend)
    }

    /// Creates a client from the environment: `LINQ_API_V3_API_KEY` is the key, `LINQ_API_V3_BASE_URL` the base URL if it is
    /// set, and `LINQ_API_V3_ALLOW_PLAIN_HTTP=1` is [`ClientBuilder::allow_plain_http`].
    ///
    /// # Errors
    ///
    /// Returns an error if the key is missing, or the key or the base URL is invalid
    /// ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    pub fn from_env(backend: impl BlockingHttpBackend) -> Result<Self, Error> {
        Self::builder().from_env().build_blocking(backend)
    }

    /// Creates a builder, which has all settings; finish it with [`build_blocking`](ClientBuilder::build_blocking).
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Creates a client that differs in a few settings and shares the connections.
    ///
    /// # Errors
    ///
    /// Returns an error if a new setting is invalid ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    pub fn with_options(&self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Self, Error> {
        let settings = ClientBuilder::from(self.setup.settings());
        let config = change(settings).check(self.backend.supports_https(), self.backend.now())?;
        Ok(Self { backend: Arc::clone(&self.backend), setup: self.setup.with_config(config) })
    }

    /// Creates a client for the handler of a webhook event: its sends have keys of the event, so that the API executes each
    /// of them once although the handler may run several times. It shares the connections, and is cheap to create.
    ///
    /// Every call that would get a random key gets the [key](EventKeys::key) with the name `{operation}#{number}`, such as
    /// `chats.messages.send#2` for the second send into a chat, whatever other operations were called in between. Clones
    /// count together. A call with a key of its own keeps it and is not counted, and [`request`](Self::request) adds none.
    ///
    /// The numbers are those of the calls in the order in which they are made. If another run of the handler makes other
    /// calls, or makes them in another order, a send gets the key of a different one, and the API responds with the message
    /// that was sent for it before: the new text is not sent. Give such sends, and concurrent ones, keys by name:
    /// `.idempotency_key(event.key("reply"))`.
    ///
    /// ```
    /// # use linq_core as linq;
    /// use linq::{Error, blocking::Client, types::events::{EventKeys, MessageReceived}};
    ///
    /// fn reply(client: &Client, message: &MessageReceived, keys: EventKeys) -> Result<(), Error> {
    ///     let client = client.for_event(keys);
    ///     let chat = client.chats().messages(&message.chat.id);
    ///     chat.send("One moment").call()?;
    ///     chat.send("Here it is").call()?;
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn for_event(&self, event: impl Into<EventKeys>) -> Self {
        Self { backend: Arc::clone(&self.backend), setup: self.setup.for_event(event.into()) }
    }

    /// Makes a call of an endpoint that this version does not know, with all the options of a call.
    ///
    /// `path` is already encoded, starts below the base URL (`/v3/…`) and may have a query. A response without a body is
    /// read as `null`, that is as `()` or an [`Option`]. Errors of such a call have no
    /// [`operation`](Error::operation).
    pub fn request<T: DeserializeOwned>(&self, method: Method, path: impl AsRef<str>) -> Call<'_, Self, T> {
        Call::custom(self, method, path.as_ref())
    }

    /// Sends a stored call, with all the options of a call. However often it is replayed, the API executes it once, because it
    /// has the idempotency key that it was stored with.
    ///
    /// The call was validated when it was stored, and is not validated again. Retries, the pace and errors are those of the
    /// operation: a message that failed is [`ErrorKind::FailedMessage`](crate::ErrorKind::FailedMessage). A call of an operation
    /// that this version does not know fails with [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest).
    ///
    /// An error whose [`retry`](Error::retry) is [`Retry::After`](crate::Retry::After) means that the same call may succeed
    /// later. Otherwise it is refused for good, unless it [may have been sent](Error::maybe_sent).
    pub fn replay(&self, call: &StoredCall) -> Call<'_, Self, Replayed> {
        Call::replayed(self, call)
    }

    pub(crate) fn from_parts(backend: Arc<dyn BlockingHttpBackend>, config: Config) -> Self {
        Self { backend, setup: Setup::new(config) }
    }

    /// Makes the attempts of a call within a deadline that it shares with others, or else within its own.
    fn run<T>(
        &self,
        spec: RequestSpec,
        options: Options,
        decode: Decode<T>,
        deadline: Option<Deadline>,
    ) -> Result<WithMeta<T>, Error> {
        let mut exchange = Exchange::build(&self.setup, spec, options)?;
        exchange.trace().around_blocking(|| {
            let deadline = deadline.unwrap_or_else(|| Deadline::after(exchange.deadline()));
            loop {
                let moment = || Moment { now: self.backend.now(), left: deadline.left() };
                let before = moment();
                let request = match exchange.step(before)? {
                    Step::Send(request) => request,
                    Step::Wait(delay) => {
                        self.backend.sleep(delay);
                        continue;
                    }
                };
                let timeout = exchange.timeout().min(before.left.unwrap_or(Duration::MAX));
                let outcome = self.backend.send(request, timeout);
                match exchange.on_outcome(outcome, &moment, decode) {
                    Next::Done(result) => return result,
                    Next::Retry(delay) => self.backend.sleep(delay),
                }
            }
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("backend", &self.backend).field("config", &self.setup).finish()
    }
}

/// When something must be over, if ever.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    #[expect(clippy::disallowed_methods, reason = "a blocking call can only be bounded by a clock")]
    pub(crate) fn after(limit: Option<Duration>) -> Self {
        Self(limit.and_then(|limit| Instant::now().checked_add(limit)))
    }

    #[expect(clippy::disallowed_methods, reason = "a blocking call can only be bounded by a clock")]
    pub(crate) fn left(self) -> Option<Duration> {
        self.0.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}

#[cfg(feature = "blocking")]
impl<T> Call<'_, Client, T> {
    /// On the blocking client, makes the call.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid, no response arrives, or the service refuses the request.
    pub fn call(self) -> Result<T, Error> {
        Ok(self.within(None)?.value)
    }

    /// On the blocking client, builds the request that the call would make, to send it some other way.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid ([`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest)).
    pub fn into_request(self) -> Result<http::Request<Body>, Error> {
        Ok(Exchange::build(&self.client.setup, self.spec, self.options)?.request())
    }
}

#[cfg(feature = "blocking")]
impl<T> Call<'_, Client, T> {
    /// Makes the call within a deadline that it shares with others, or else within its own.
    pub(crate) fn within(self, deadline: Option<Deadline>) -> Result<WithMeta<T>, Error> {
        let Self { client, spec, options, decode } = self;
        client.run(spec, options, decode, deadline)
    }
}

#[cfg(feature = "blocking")]
impl<T> CallWithMeta<'_, Client, T> {
    /// On the blocking client, makes the call.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid, no response arrives, or the service refuses the request.
    pub fn call(self) -> Result<WithMeta<T>, Error> {
        self.0.within(None)
    }
}

/// After an error the iterator can go on: it requests the failed page again.
#[cfg(feature = "blocking")]
impl<P: Page + DeserializeOwned> Iterator for Items<'_, Client, P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut deadline = None;
        loop {
            if let Some(item) = self.next_buffered() {
                return item;
            }
            let deadline = *deadline.get_or_insert_with(|| {
                let client = self.list.client;
                Deadline::after(self.deadline(&client.setup.config.settings))
            });
            match self.list.page().within(Some(deadline)) {
                Ok(page) => self.advance(page.value),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(feature = "blocking")]
impl<'c, P: Page + DeserializeOwned> IntoIterator for List<'c, Client, P> {
    type Item = Result<P::Item, Error>;
    type IntoIter = Items<'c, Client, P>;

    fn into_iter(self) -> Items<'c, Client, P> {
        self.items()
    }
}
