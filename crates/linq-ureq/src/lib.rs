//! A backend of the blocking Linq API client on [`ureq`], without an async runtime.
//!
//! ```
//! use linq_core::blocking::Client;
//! use linq_ureq::UreqBackend;
//!
//! # fn doc() -> Result<(), linq_core::Error> {
//! let client = Client::from_env(UreqBackend::new())?;
//! # Ok(())
//! # }
//! ```
//!
//! For `https`, enable one of the features `rustls` and `native-tls`. [`ureq`] is re-exported, for agents of your own.
//! `Unblock` is for smol, and for other runtimes without an HTTP library of their own.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `rustls` | TLS by rustls, with ring and Mozilla's root certificates |
//! | `native-tls` | TLS by the library of the platform |
//! | `smol` | `Unblock`, which runs a blocking backend on the thread pool of smol |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_LENGTH};
use linq_core::{
    BlockingHttpBackend, Body, TransportError,
    backend::{BoundedBody, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_RESPONSE_BYTES},
};
use ureq::{
    Agent, SendBody,
    config::{Config, ConfigBuilder},
    typestate::AgentScope,
    unversioned::transport::DefaultConnector,
};

pub use ureq;

use crate::{
    error::transport_error,
    resolver::CachingResolver,
    upload::{Progress, Upload},
};

mod error;
mod resolver;
#[cfg(feature = "smol")]
mod unblock;
mod upload;

#[cfg(feature = "smol")]
pub use unblock::Unblock;

/// ureq adds the timeout to the present time, which fails for [`Duration::MAX`].
const MAX_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// ureq keeps 3 for each host by default, so most of the calls of many threads would open a connection each.
const MAX_IDLE_CONNECTIONS: usize = 64;

/// A backend on [`ureq`]. Cloning it is cheap; clones share their connections.
///
/// An error has the kind [`TransportErrorKind::Connect`](linq_core::TransportErrorKind::Connect) only as long as nothing of
/// the body has been sent. For a request without a body, the only system error that counts so is a refused connection: the
/// others can also come from an established connection.
///
/// ```
/// use linq_core::blocking::Client;
/// use linq_ureq::UreqBackend;
///
/// # fn doc() -> Result<(), linq_core::Error> {
/// let client = Client::from_env(UreqBackend::new().max_response_bytes(1024 * 1024))?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct UreqBackend {
    agent: Agent,
    /// That of the agent; `None` for an agent of the caller.
    resolver: Option<CachingResolver>,
    /// Whether the agent has TLS, or may have because it is the caller's.
    has_tls: bool,
    max_response_bytes: usize,
}

impl UreqBackend {
    /// Creates a backend with a connection pool of its own.
    ///
    /// Connecting times out after 5 seconds, redirects are not followed, and nothing is retried: the client of the API
    /// counts the attempts. The only headers added to a request are `host` and `content-length`. Proxy settings are those of
    /// ureq. Up to 64 idle connections are kept. The addresses of a host name are used for 10 seconds, or until a request
    /// fails.
    ///
    /// TLS is by rustls if the feature `rustls` is enabled, otherwise by the platform's own library if `native-tls` is. To pin a
    /// TLS backend regardless of enabled features, call `rustls()` or `native_tls()` directly.
    #[must_use]
    pub fn new() -> Self {
        #[cfg(feature = "rustls")]
        return Self::rustls();
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        return Self::native_tls();
        #[cfg(not(any(feature = "native-tls", feature = "rustls")))]
        Self::with_config(config().build())
    }

    /// Creates a backend like [`new`](Self::new), with TLS by rustls with ring and Mozilla's certificates.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn rustls() -> Self {
        use ureq::tls::{TlsConfig, TlsProvider};
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).build();
        Self::with_config(config().tls_config(tls).build())
    }

    /// Creates a backend like [`new`](Self::new), with TLS by the platform's own library and the certificates that it trusts.
    #[cfg(feature = "native-tls")]
    #[must_use]
    pub fn native_tls() -> Self {
        use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
        let tls = TlsConfig::builder().provider(TlsProvider::NativeTls);
        let tls = tls.root_certs(RootCerts::PlatformVerifier).build();
        Self::with_config(config().tls_config(tls).build())
    }

    /// Sets the largest response body that is accepted; 64 MiB by default.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    fn with_config(config: Config) -> Self {
        let resolver = CachingResolver::default();
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver.clone());
        let has_tls = cfg!(any(feature = "native-tls", feature = "rustls"));
        Self { resolver: Some(resolver), has_tls, ..agent.into() }
    }

    fn exchange(
        &self,
        request: http::Request<SendBody<'static>>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, ureq::Error> {
        let request = self
            .agent
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout.min(MAX_TIMEOUT)))
            .build();
        let (head, body) = self.agent.run(request)?.into_parts();
        let body = BoundedBody::read(body.into_reader(), self.max_response_bytes)?;
        let body = body.ok_or(ureq::Error::BodyExceedsLimit(self.max_response_bytes as u64))?;
        Ok(http::Response::from_parts(head, body))
    }
}

impl Default for UreqBackend {
    fn default() -> Self {
        Self::new()
    }
}

/// Uses an agent with settings of your own, such as redirects and added headers. Each request has the timeout of the client,
/// and every status is a response. The agent keeps its own resolver: that of ureq starts a thread for every request, and caches
/// nothing. The failed lookups of that resolver have the kind [`TransportErrorKind::Other`](linq_core::TransportErrorKind::Other).
impl From<Agent> for UreqBackend {
    fn from(agent: Agent) -> Self {
        Self { agent, resolver: None, has_tls: true, max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES }
    }
}

impl BlockingHttpBackend for UreqBackend {
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (request, progress) = prepare(request);
        self.exchange(request, timeout).map_err(|error| {
            if let Some(resolver) = &self.resolver {
                resolver.clear();
            }
            transport_error(error, progress.reached())
        })
    }

    fn supports_https(&self) -> bool {
        self.has_tls
    }
}

fn config() -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .max_redirects(0)
        .timeout_connect(Some(DEFAULT_CONNECT_TIMEOUT))
        .max_idle_connections(MAX_IDLE_CONNECTIONS)
        .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
        .user_agent("")
        .accept("")
        .accept_encoding("")
}

/// A body is sent with its length, never in chunks. The client sets the length where an empty body is expected.
fn prepare(request: http::Request<Body>) -> (http::Request<SendBody<'static>>, Progress) {
    let (mut head, body) = request.into_parts();
    if body.is_empty() && !head.headers.contains_key(CONTENT_LENGTH) {
        return (http::Request::from_parts(head, SendBody::none()), Progress::without_body());
    }
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.content_length()));
    let (upload, progress) = Upload::new(body);
    (http::Request::from_parts(head, SendBody::from_owned_reader(upload)), progress)
}
