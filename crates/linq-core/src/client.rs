use std::{
    fmt,
    future::poll_fn,
    hash::{BuildHasher, RandomState},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use linq_types::IdempotencyKey;

use crate::{
    BackendFuture, Error, HttpBackend, TransportError, TransportErrorKind,
    config::{Config, Settings},
    exchange::{Decode, Exchange, Jitter, Next, Options},
    key::KeySource,
    request::RequestSpec,
};

/// The asynchronous client of the Linq API, on any [`HttpBackend`] and any runtime.
///
/// Cheap to clone; clones share the backend's connections. The resources of the API are methods: they make
/// [`Call`](crate::Call)s, which are awaited.
#[derive(Clone)]
pub struct Client {
    backend: Arc<dyn HttpBackend>,
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

    pub(crate) async fn run<T>(
        &self,
        spec: RequestSpec,
        options: Options,
        decode: Decode<T>,
    ) -> Result<T, Error> {
        let jitter = Jitter::new(RandomState::new().hash_one(()));
        let mut exchange = Exchange::new(&self.config, spec, options, jitter)?;
        loop {
            let outcome =
                race(self.backend.send(exchange.attempt()), self.backend.sleep(exchange.timeout())).await;
            let wait = match exchange.absorb(outcome, decode) {
                Next::Done(result) => return result,
                Next::Retry(wait) => wait,
            };
            self.backend.sleep(wait).await;
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("backend", &self.backend).field("config", &self.config).finish()
    }
}

/// The outcome of `attempt`, or a timeout when `limit` completes first.
async fn race<T>(
    attempt: BackendFuture<Result<T, TransportError>>,
    limit: BackendFuture<()>,
) -> Result<T, TransportError> {
    let (mut attempt, mut limit) = (pin!(attempt), pin!(limit));
    poll_fn(|context| {
        if let Poll::Ready(outcome) = attempt.as_mut().poll(context) {
            return Poll::Ready(outcome);
        }
        limit.as_mut().poll(context).map(|()| Err(TransportError::new(TransportErrorKind::Timeout)))
    })
    .await
}

/// Sets a [`Client`] up. What is wrong shows when it is built.
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    settings: Settings,
}

impl ClientBuilder {
    /// The API key. It is never printed.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.settings.api_key = Some(api_key.into());
        self
    }

    /// Where the service is, such as a sandbox's address; `https://api.linqapp.com/api/partner` unless set.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.settings.base_url = Some(base_url.into());
        self
    }

    /// Takes what has not been set from `LINQ_API_V3_API_KEY` and `LINQ_API_V3_BASE_URL`.
    pub fn from_env(mut self) -> Self {
        self.settings = self.settings.or_env(|name| std::env::var(name).ok());
        self
    }

    /// Limits each attempt to this time; 60 seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Makes at most this many attempts for each call, the first included; 3 unless set.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts;
        self
    }

    /// Makes idempotency keys with this function, for targets without a random generator of their own.
    ///
    /// The keys must be unpredictable and never repeat: the service answers a repeated one with the old message
    /// and sends nothing.
    pub fn key_source(mut self, source: impl Fn() -> IdempotencyKey + Send + Sync + 'static) -> Self {
        self.settings.keys = KeySource::Custom(Arc::new(source));
        self
    }

    /// Adds no idempotency keys. A send that may have been executed is then not repeated, and its error says
    /// [`maybe_sent`](Error::maybe_sent).
    pub fn without_idempotency_keys(mut self) -> Self {
        self.settings.keys = KeySource::Off;
        self
    }

    /// Checks the setup and makes the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is no key, or key or base URL is unusable.
    pub fn build(self, backend: impl HttpBackend) -> Result<Client, Error> {
        Ok(Client { backend: Arc::new(backend), config: Arc::new(self.settings.check()?) })
    }
}
