use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{HeaderName, HeaderValue};
use linq_types::IdempotencyKey;

use crate::{
    Client, Error, FailedAttempt, HttpBackend, Pace,
    config::{Config, Settings},
    error::InvalidConfig,
    key::KeySource,
    pace::Pacer,
    retry::OnRetry,
};

/// The settings of a client. They are validated when it is built.
///
/// ```
/// # use linq_core as linq;
/// use std::time::Duration;
///
/// use linq::{Client, Error, HttpBackend};
///
/// fn connect(backend: impl HttpBackend) -> Result<Client, Error> {
///     Client::builder().from_env().timeout(Duration::from_secs(10)).max_attempts(5).build(backend)
/// }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    settings: Settings,
}

impl ClientBuilder {
    /// Sets the API key. `Debug` does not show it.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.settings.api_key = Some(api_key.into());
        self
    }

    /// Sets the base URL, such as that of a sandbox; `https://api.linqapp.com/api/partner` by default.
    ///
    /// It ends in front of the `/v3` of each request, and has no query. Plain `http` is for this machine: other hosts must be
    /// allowed with [`allow_plain_http`](Self::allow_plain_http).
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.settings.base_url = Some(base_url.into());
        self
    }

    /// Allows a base URL with plain `http` and a host other than this machine, to which the API key is then sent unencrypted.
    ///
    /// It is for networks that you trust, such as that of a compose file with a sandbox, or with a proxy that adds TLS.
    pub fn allow_plain_http(mut self) -> Self {
        self.settings.allow_plain_http = true;
        self
    }

    /// Reads the environment: the API key from `LINQ_API_V3_API_KEY` and the base URL from `LINQ_API_V3_BASE_URL`, where they
    /// are not set yet. `LINQ_API_V3_ALLOW_PLAIN_HTTP=1` is [`allow_plain_http`](Self::allow_plain_http).
    pub fn from_env(mut self) -> Self {
        self.settings = self.settings.or_env(|name| std::env::var(name).ok());
        self
    }

    /// Takes the API key from a profile of the command line: the one with this name, or without a name that of the
    /// environment variable `LINQ_PROFILE`, or else the active one. The file is read when the client is built.
    ///
    /// The first of these is the key, whatever the order of the calls:
    ///
    /// 1. that of [`api_key`](Self::api_key);
    /// 2. that of the profile with the name. If there is no such profile, or it has no key, no client is built: a program that
    ///    asks for one account never works with another one;
    /// 3. that of [`from_env`](Self::from_env). For a client that is
    ///    [derived from another one](Client::with_options), that of the other one;
    /// 4. that of the active profile.
    ///
    /// Nothing else comes from the profile. Its line is [`Profile::from_phone`](crate::profile::Profile::from_phone).
    ///
    /// ```
    /// # use linq_core as linq;
    /// use linq::{Client, Error, HttpBackend};
    ///
    /// fn connect(backend: impl HttpBackend) -> Result<Client, Error> {
    ///     Client::builder().from_env().profile(None).build(backend)
    /// }
    /// ```
    #[cfg(feature = "profile")]
    pub fn profile(mut self, name: Option<&str>) -> Self {
        self.settings.profile = Some(crate::profile::ProfileChoice::new(name));
        self
    }

    /// Limits each attempt to this time; 60 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Limits each call to this time: all attempts and the delays between them. There is no deadline by default.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = Some(deadline);
        self
    }

    /// Removes the deadline, so that calls take as long as their attempts.
    pub fn without_deadline(mut self) -> Self {
        self.settings.deadline = None;
        self
    }

    /// Waits for up to this time between attempts if the service asks for it; 60 seconds by default.
    ///
    /// If the service asks for a longer wait, the call returns its error at once, with
    /// [`retry_after`](Error::retry_after). Waits of minutes exist: for contact cards, shared contacts and daily quotas.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.settings.max_retry_after = wait;
        self
    }

    /// Makes at most this many attempts for each call, the first included; 3 by default.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts;
        self
    }

    /// Delays sends so that they keep this pace, such as [`Pace::LINQ`]. There is no pace by default.
    ///
    /// Each attempt of a call that [sends a message](crate::types::Operation::sends_message) counts, and waits by the timer of
    /// the backend until all limits of its chat, its line and the account allow it. The chat is that in the path; if there is
    /// none, the line and each recipient are limited in its place: the `from` and the `to` of the body. A pace can also limit
    /// capability checks. The wait is within the deadline of the call, if it has one, but not limited by
    /// [`max_retry_after`](Self::max_retry_after). If it is longer than what is left of the deadline, the call returns an error
    /// at once: its kind is [`ErrorKind::Timeout`](crate::ErrorKind::Timeout), its
    /// [`retry_after`](Error::retry_after) the wait, and unless an earlier attempt was made, nothing was sent.
    ///
    /// What was sent is kept in memory and shared by all clients that are cloned or derived from this one, and by those built
    /// from clones of this builder. Setting a pace again begins anew; [`Pace::new`] removes it. Several processes that send into
    /// the same chats do not know of each other.
    ///
    /// It needs the clock of the backend; a client whose backend has none is not built.
    ///
    /// ```
    /// # use linq_core as linq;
    /// use linq::{Client, Error, HttpBackend, Pace};
    ///
    /// fn connect(backend: impl HttpBackend) -> Result<Client, Error> {
    ///     Client::builder().from_env().pace(Pace::LINQ).build(backend)
    /// }
    /// ```
    pub fn pace(mut self, pace: Pace) -> Self {
        self.settings.pacer = (!pace.is_unlimited()).then(|| Arc::new(Pacer::new(pace)));
        self
    }

    /// Calls this function whenever an attempt failed and another one follows, for metrics and logs. The waits for a
    /// [pace](Self::pace) are no retries.
    ///
    /// It must not block. It runs on both clients before the delay, inside the span of the call.
    ///
    /// ```
    /// # use linq_core as linq;
    /// use linq::{Client, Error, HttpBackend};
    ///
    /// fn connect(backend: impl HttpBackend) -> Result<Client, Error> {
    ///     let client = Client::builder().from_env().on_retry(|attempt| {
    ///         eprintln!("attempt {}: {}; again in {:?}", attempt.number, attempt.error, attempt.delay);
    ///     });
    ///     client.build(backend)
    /// }
    /// ```
    pub fn on_retry(mut self, on_retry: impl Fn(&FailedAttempt<'_>) + Send + Sync + 'static) -> Self {
        self.settings.on_retry = Some(OnRetry(Arc::new(on_retry)));
        self
    }

    /// Sends this header with every call, in place of the client's own of that name. Uploads to the storage do not get it.
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

    /// Removes the headers set by [`default_header`](Self::default_header).
    pub fn without_default_headers(mut self) -> Self {
        self.settings.headers.clear();
        self
    }

    /// Sends this query parameter with every call that has none of that name.
    pub fn default_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.query.set(name.into(), value);
        self
    }

    /// Removes the parameters set by [`default_query`](Self::default_query).
    pub fn without_default_query(mut self) -> Self {
        self.settings.query = Default::default();
        self
    }

    /// Creates idempotency keys with this function, for targets without a random generator. The others take 128 bits of the
    /// operating system's generator for each key.
    ///
    /// The keys must be unpredictable and never repeat: the service responds to a repeated one with the old message and
    /// sends nothing.
    pub fn key_source(mut self, source: impl Fn() -> IdempotencyKey + Send + Sync + 'static) -> Self {
        self.settings.keys = KeySource::Custom(Arc::new(source));
        self
    }

    /// Adds no idempotency keys. A send that may have been executed is then not retried, and its error has
    /// [`maybe_sent`](Error::maybe_sent).
    pub fn without_idempotency_keys(mut self) -> Self {
        self.settings.keys = KeySource::Off;
        self
    }

    /// Sends requests even if they break known rules, and leaves the decision to the service.
    ///
    /// By default, a request that breaks a rule of [`check`](crate::types::check) is not sent: its error has a
    /// [`violation`](Error::violation).
    pub fn skip_validation(mut self) -> Self {
        self.settings.skip_validation = true;
        self
    }

    /// Validates the settings for a backend with TLS or without, and the time of its clock if it has one.
    pub(crate) fn check(self, supports_https: bool, now: Option<SystemTime>) -> Result<Config, Error> {
        let config = self.settings.check()?;
        if config.base_url.is_https() && !supports_https {
            return Err(Error::config(InvalidConfig::NoTls));
        }
        if config.settings.pacer.is_some() && now.is_none() {
            return Err(Error::config(InvalidConfig::NoClock));
        }
        Ok(config)
    }

    /// Validates the settings and builds the asynchronous client.
    ///
    /// # Errors
    ///
    /// Returns an error if the API key is missing, if the key, the base URL or a default header is invalid, or if the base URL
    /// is `https` and the backend has no TLS, or a pace is set and the backend has no clock
    /// ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    pub fn build(self, backend: impl HttpBackend) -> Result<Client, Error> {
        let config = self.check(backend.supports_https(), backend.now())?;
        Ok(Client::from_parts(Arc::new(backend), config))
    }

    /// Validates the settings and builds the blocking client.
    ///
    /// # Errors
    ///
    /// Returns an error if the API key is missing, if the key, the base URL or a default header is invalid, or if the base URL
    /// is `https` and the backend has no TLS, or a pace is set and the backend has no clock
    /// ([`ErrorKind::Config`](crate::ErrorKind::Config)).
    #[cfg(feature = "blocking")]
    pub fn build_blocking(
        self,
        backend: impl crate::BlockingHttpBackend,
    ) -> Result<crate::blocking::Client, Error> {
        let config = self.check(backend.supports_https(), backend.now())?;
        Ok(crate::blocking::Client::from_parts(Arc::new(backend), config))
    }
}

impl From<Settings> for ClientBuilder {
    fn from(settings: Settings) -> Self {
        Self { settings }
    }
}
