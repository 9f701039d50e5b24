use std::{
    fmt,
    future::poll_fn,
    hash::{BuildHasher, RandomState},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use http::Method;
use serde::de::DeserializeOwned;

use crate::{
    Call, ClientBuilder, Error, HttpBackend, TransportError, TransportErrorKind, WithMeta,
    config::Config,
    exchange::{Decode, Exchange, Next, Options},
    request::RequestSpec,
};

/// The asynchronous client of the Linq API, on any [`HttpBackend`] and any runtime.
///
/// Cheap to clone; clones share the backend's connections. The resources of the API are methods: they make
/// [`Call`](crate::Call)s, which are awaited.
#[derive(Clone)]
pub struct Client {
    pub(crate) backend: Arc<dyn HttpBackend>,
    config: Arc<Config>,
}

impl Client {
    /// A client for the real service.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when the key is empty or no header can carry it.
    pub fn new(api_key: impl Into<String>, backend: impl HttpBackend) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build(backend)
    }

    /// A client set up by the environment: `LINQ_API_V3_API_KEY` is the key, `LINQ_API_V3_BASE_URL` the base URL
    /// if it is set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is no key, or key or base URL is unusable.
    pub fn from_env(backend: impl HttpBackend) -> Result<Self, Error> {
        Self::builder().from_env().build(backend)
    }

    /// Sets a client up step by step.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A copy that differs in a few settings and shares the connections.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// let hasty = client.with_options(|options| options.timeout(Duration::from_secs(5)).max_attempts(1))?;
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use http::Method;
    /// use serde_json::{Value, json};
    ///
    /// let thing: Value = client.request(Method::POST, "/v3/new-thing").body(json!({ "size": 1 })).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<T: DeserializeOwned>(&self, method: Method, path: impl AsRef<str>) -> Call<'_, Self, T> {
        Call::custom(self, method, path.as_ref())
    }

    pub(crate) fn from_parts(backend: Arc<dyn HttpBackend>, config: Config) -> Self {
        Self { backend, config: Arc::new(config) }
    }

    pub(crate) fn exchange(&self, spec: RequestSpec, options: Options) -> Result<Exchange, Error> {
        exchange(&self.config, spec, options)
    }

    pub(crate) fn run<T>(
        &self,
        exchange: &mut Exchange,
        decode: Decode<T>,
    ) -> impl Future<Output = Result<WithMeta<T>, Error>> {
        exchange.trace().around(self.finish(exchange, decode))
    }

    async fn finish<T>(&self, exchange: &mut Exchange, decode: Decode<T>) -> Result<WithMeta<T>, Error> {
        let Some(deadline) = exchange.deadline() else {
            return self.attempts(exchange, decode).await;
        };
        let limit = self.backend.sleep(deadline);
        match race(self.attempts(exchange, decode), limit).await {
            Some(result) => result,
            None => Err(exchange.past_deadline()),
        }
    }

    async fn attempts<T>(&self, exchange: &mut Exchange, decode: Decode<T>) -> Result<WithMeta<T>, Error> {
        loop {
            let attempt = self.backend.send(exchange.attempt());
            let outcome = race(attempt, self.backend.sleep(exchange.timeout())).await;
            let timed_out = || Err(TransportError::new(TransportErrorKind::Timeout));
            let wait = match exchange.absorb(outcome.unwrap_or_else(timed_out), decode) {
                Next::Done(result) => return result,
                Next::Retry(wait) => wait,
            };
            self.backend.sleep(wait).await;
        }
    }
}

/// Builds what a call does.
pub(crate) fn exchange(config: &Config, spec: RequestSpec, options: Options) -> Result<Exchange, Error> {
    Exchange::new(config, spec, options, jitter)
}

/// Retries of different calls wait differently, or they would march in step. Every `RandomState` is another.
fn jitter() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(u32::MAX)
}

/// What `work` gives, or nothing when `limit` completes first.
pub(crate) async fn race<T>(work: impl Future<Output = T>, limit: impl Future<Output = ()>) -> Option<T> {
    let (mut work, mut limit) = (pin!(work), pin!(limit));
    poll_fn(|context| {
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            return Poll::Ready(Some(result));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("backend", &self.backend).field("config", &self.config).finish()
    }
}
