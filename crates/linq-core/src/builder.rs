use std::{sync::Arc, time::Duration};

use http::{HeaderName, HeaderValue};
use linq_types::IdempotencyKey;

use crate::{
    Client, Error, HttpBackend,
    config::{Config, Settings},
    error::InvalidConfig,
    key::KeySource,
};

/// Sets a client up. What is wrong shows when it is built.
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    settings: Settings,
}

impl ClientBuilder {
    pub(crate) fn from_config(config: &Config) -> Self {
        Self { settings: config.settings.clone() }
    }

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

    /// Limits each call to this time, all attempts and the waits between them; no limit unless set.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = Some(deadline);
        self
    }

    /// Lets calls take as long as their attempts take.
    pub fn without_deadline(mut self) -> Self {
        self.settings.deadline = None;
        self
    }

    /// Makes at most this many attempts for each call, the first included; 3 unless set.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts;
        self
    }

    /// Sends this header with every call, in place of the client's own of that name.
    pub fn default_header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(value)) => drop(self.settings.headers.insert(name, value)),
            _ => self.settings.invalid = Some(InvalidConfig::Header),
        }
        self
    }

    /// Forgets the headers set by [`default_header`](Self::default_header).
    pub fn without_default_headers(mut self) -> Self {
        self.settings.headers.clear();
        self
    }

    /// Sends this query parameter with every call that has none of that name.
    pub fn default_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.query.set(name.into(), value);
        self
    }

    /// Forgets the parameters set by [`default_query`](Self::default_query).
    pub fn without_default_query(mut self) -> Self {
        self.settings.query = Default::default();
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

    /// Sends what breaks the known rules too, and leaves the verdict to the service.
    ///
    /// Unless set, a request that breaks a rule of [`check`](crate::types::check) is not sent: its error has a
    /// [`violation`](Error::violation).
    pub fn without_checks(mut self) -> Self {
        self.settings.unchecked = true;
        self
    }

    pub(crate) fn check(self) -> Result<Config, Error> {
        self.settings.check()
    }

    /// Checks the setup and makes the asynchronous client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is no key, or key or base URL is unusable.
    pub fn build(self, backend: impl HttpBackend) -> Result<Client, Error> {
        Ok(Client::from_parts(Arc::new(backend), self.check()?))
    }

    /// Checks the setup and makes the blocking client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is no key, or key or base URL is unusable.
    #[cfg(feature = "blocking")]
    pub fn build_blocking(
        self,
        backend: impl crate::BlockingHttpBackend,
    ) -> Result<crate::blocking::Client, Error> {
        Ok(crate::blocking::Client::from_parts(Arc::new(backend), self.check()?))
    }
}
