//! The same client for threads that may block: no async runtime anywhere.
//!
//! ```
//! use linq_core::{BlockingHttpBackend, blocking::Client};
//!
//! fn greet(backend: impl BlockingHttpBackend) -> Result<(), linq_core::Error> {
//!     let client = Client::from_env(backend)?;
//!     client.chats().messages("a chat's id").send("Hello!").call()?;
//!     for message in client.chats().messages("a chat's id").list().items() {
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
use linq_types::page::Page;
use serde::de::DeserializeOwned;

use crate::{
    BlockingHttpBackend, Body, Call, CallWithMeta, ClientBuilder, Error, Items, WithMeta,
    client::exchange,
    config::Config,
    exchange::{Decode, Exchange, Next, Options},
    request::RequestSpec,
};

/// The blocking client of the Linq API, on any [`BlockingHttpBackend`].
///
/// Cheap to clone; clones share the backend's connections. Calls are finished with `.call()`.
#[derive(Clone)]
pub struct Client {
    pub(crate) backend: Arc<dyn BlockingHttpBackend>,
    config: Arc<Config>,
}

impl Client {
    /// A client for the real service.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when the key is empty or no header can carry it.
    pub fn new(api_key: impl Into<String>, backend: impl BlockingHttpBackend) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build_blocking(backend)
    }

    /// A client set up by the environment: `LINQ_API_V3_API_KEY` is the key, `LINQ_API_V3_BASE_URL` the base URL
    /// if it is set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is no key, or key or base URL is unusable.
    pub fn from_env(backend: impl BlockingHttpBackend) -> Result<Self, Error> {
        Self::builder().from_env().build_blocking(backend)
    }

    /// Sets a client up step by step; finish with [`build_blocking`](ClientBuilder::build_blocking).
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A copy that differs in a few settings and shares the connections.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when a new key or base URL is unusable.
    pub fn with_options(&self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Self, Error> {
        let config = change(ClientBuilder::from_config(&self.config)).check()?;
        Ok(Self::from_parts(Arc::clone(&self.backend), config))
    }

    /// A call of an endpoint that this version does not know, with all the options of a call.
    ///
    /// `path` is encoded already, starts below the base URL (`/v3/…`) and may have a query. An answer without a body
    /// reads as `null`, that is as `()` or an [`Option`].
    pub fn request<T: DeserializeOwned>(&self, method: Method, path: impl AsRef<str>) -> Call<'_, Self, T> {
        Call::custom(self, method, path.as_ref())
    }

    pub(crate) fn from_parts(backend: Arc<dyn BlockingHttpBackend>, config: Config) -> Self {
        Self { backend, config: Arc::new(config) }
    }

    pub(crate) fn run<T>(
        &self,
        spec: RequestSpec,
        options: Options,
        decode: Decode<T>,
    ) -> Result<WithMeta<T>, Error> {
        let exchange = exchange(&self.config, spec, options)?;
        exchange.trace().around_blocking(|| self.finish(exchange, decode))
    }

    fn finish<T>(&self, mut exchange: Exchange, decode: Decode<T>) -> Result<WithMeta<T>, Error> {
        let deadline = Deadline::new(&exchange);
        loop {
            let timeout = exchange.timeout().min(deadline.left());
            let outcome = self.backend.send(exchange.attempt(), timeout);
            match exchange.absorb(outcome, decode) {
                Next::Done(result) => return result,
                Next::Retry(wait) if wait >= deadline.left() => return Err(exchange.past_deadline()),
                Next::Retry(wait) => self.backend.sleep(wait),
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("backend", &self.backend).field("config", &self.config).finish()
    }
}

/// When a call must be over, if ever.
struct Deadline(Option<Instant>);

impl Deadline {
    #[expect(clippy::disallowed_methods, reason = "a blocking call can only be bounded by a clock")]
    fn new(exchange: &Exchange) -> Self {
        Self(exchange.deadline().and_then(|deadline| Instant::now().checked_add(deadline)))
    }

    #[expect(clippy::disallowed_methods, reason = "a blocking call can only be bounded by a clock")]
    fn left(&self) -> Duration {
        self.0.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
    }
}

#[cfg(feature = "blocking")]
impl<T> Call<'_, Client, T> {
    /// Makes the call.
    ///
    /// # Errors
    ///
    /// [`Error`] when the request is invalid, no answer came, or the service refused it.
    pub fn call(self) -> Result<T, Error> {
        Ok(self.with_meta().call()?.value)
    }

    /// The request that the call would make, for sending it some other way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) when it cannot be made.
    pub fn into_request(self) -> Result<http::Request<Body>, Error> {
        Ok(exchange(&self.client.config, self.spec, self.options)?.request())
    }
}

#[cfg(feature = "blocking")]
impl<T> CallWithMeta<'_, Client, T> {
    /// Makes the call.
    ///
    /// # Errors
    ///
    /// [`Error`] when the request is invalid, no answer came, or the service refused it.
    pub fn call(self) -> Result<WithMeta<T>, Error> {
        let Call { client, spec, options, decode } = self.0;
        client.run(spec, options, decode)
    }
}

/// After an error the iterator can go on: it repeats the page that failed.
#[cfg(feature = "blocking")]
impl<P: Page + DeserializeOwned> Iterator for Items<'_, Client, P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(outcome) = self.at_hand() {
                return outcome;
            }
            match self.list.page().call() {
                Ok(page) => self.turn(page),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(feature = "blocking")]
impl<'c, P: Page + DeserializeOwned> IntoIterator for crate::List<'c, Client, P> {
    type Item = Result<P::Item, Error>;
    type IntoIter = Items<'c, Client, P>;

    fn into_iter(self) -> Items<'c, Client, P> {
        self.items()
    }
}
