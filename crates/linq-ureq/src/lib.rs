//! A backend of the blocking Linq API client on [`ureq`], without an async runtime.
//!
//! ```
//! # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_ureq::*; }
//! use linq::{UreqBackend, blocking::Client};
//!
//! # fn doc() -> Result<(), linq_core::Error> {
//! let client = Client::from_env(UreqBackend::new())?;
//! # Ok(())
//! # }
//! ```
//!
//! For `https`, enable one of the features `rustls` and `native-tls`. [`ureq`] is re-exported, for settings of your own.
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
use linq_core::{
    BlockingHttpBackend, Body, TransportError, TransportErrorKind,
    backend::{BoundedBody, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_RESPONSE_BYTES, EnvProxy},
};
use ureq::{
    Agent, Error, Proxy, ProxyProtocol, SendBody,
    config::{Config, ConfigBuilder},
    typestate::AgentScope,
    unversioned::transport::{ConnectProxyConnector, Connector},
};

pub use ureq;

use crate::{
    call::Outgoing, error::transport_error, resolver::CachingResolver, sender::SendingConnector,
    tcp::TcpConnector,
};

mod call;
mod error;
mod resolver;
mod sender;
mod tcp;
#[cfg(feature = "smol")]
mod unblock;

#[cfg(feature = "smol")]
pub use unblock::Unblock;

/// ureq adds the timeout to the present time, which fails for [`Duration::MAX`].
const MAX_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// ureq keeps 3 for each host by default, so most of the calls of many threads would open a connection each.
const MAX_IDLE_CONNECTIONS: usize = 64;

/// A backend on [`ureq`](https://docs.rs/ureq). Cloning it is cheap; clones share their connections.
///
/// ureq connects, reads responses and keeps connections. The requests are written by this crate, so a response that comes
/// before the end of a request is returned, and an error has the kind [`TransportErrorKind::Connect`] exactly if nothing of the
/// request was sent.
///
/// ```
/// # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_ureq::*; }
/// use linq::{UreqBackend, blocking::Client};
///
/// # fn doc() -> Result<(), linq_core::Error> {
/// let client = Client::from_env(UreqBackend::new().max_response_bytes(1024 * 1024))?;
/// # Ok(())
/// # }
/// ```
///
/// # Proxies and certificates
///
/// Requests go through the proxies that the environment names, by the rule of [`EnvProxy`], so never to this machine. HTTP
/// proxies are supported, SOCKS proxies are errors. For other settings, make a backend from a
/// [`Config`](https://docs.rs/ureq/3/ureq/config/struct.Config.html). This one uses no proxy
/// and trusts the certificate authority of a company instead of the usual ones:
///
/// ```
/// # mod linq { pub(crate) use linq_ureq::*; }
/// # #[cfg(feature = "rustls")]
/// # fn doc() -> Result<(), Box<dyn std::error::Error>> {
/// use linq::{UreqBackend, ureq::tls::{Certificate, RootCerts, TlsConfig}};
///
/// let authority = Certificate::from_pem(&std::fs::read("corporate-ca.pem")?)?;
/// let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[authority])).build();
/// let backend = UreqBackend::from(UreqBackend::config_builder().proxy(None).tls_config(tls).build());
/// # Ok(())
/// # }
/// ```
///
/// # Logs
///
/// ureq logs through the crate `log`. The records show host names, but nothing of a request: no URL, header or body. At the
/// level TRACE, however, the target `ureq_proto` has the bytes of *responses*, with the texts of messages and signed URLs of
/// uploads. If you log at TRACE, limit that target, for instance with `RUST_LOG=trace,ureq_proto=debug`.
#[derive(Debug, Clone)]
pub struct UreqBackend {
    agent: Agent,
    resolver: CachingResolver,
    proxies: Proxies,
    max_response_bytes: usize,
}

#[derive(Debug, Clone)]
enum Proxies {
    Environment(EnvProxy),
    Fixed(Option<Proxy>),
}

impl UreqBackend {
    /// Creates a backend with a connection pool of its own.
    ///
    /// Connecting times out after 5 seconds, redirects are not followed, and nothing is retried: the client of the API
    /// counts the attempts. The only headers added to a request are `host` and `content-length`. Up to 64 idle connections
    /// are kept. The addresses of a host name are used for 10 seconds, or until a request fails.
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
        Self::from(Self::config_builder().build())
    }

    /// Creates a backend like [`new`](Self::new), with TLS by rustls with ring and Mozilla's certificates.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn rustls() -> Self {
        use ureq::tls::{TlsConfig, TlsProvider};
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).build();
        Self::from(Self::config_builder().tls_config(tls).build())
    }

    /// Creates a backend like [`new`](Self::new), with TLS by the platform's own library and the certificates that it trusts.
    #[cfg(feature = "native-tls")]
    #[must_use]
    pub fn native_tls() -> Self {
        use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
        let tls = TlsConfig::builder().provider(TlsProvider::NativeTls);
        let tls = tls.root_certs(RootCerts::PlatformVerifier).build();
        Self::from(Self::config_builder().tls_config(tls).build())
    }

    /// Creates a builder with the settings of [`new`](Self::new), to change some of them and make a backend
    /// [from the result](#impl-From<Config>-for-UreqBackend).
    #[must_use]
    pub fn config_builder() -> ConfigBuilder<AgentScope> {
        Agent::config_builder()
            .timeout_connect(Some(DEFAULT_CONNECT_TIMEOUT))
            .max_idle_connections(MAX_IDLE_CONNECTIONS)
            .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
            .user_agent("")
    }

    /// Sets the largest response body that is accepted; 64 MiB by default.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    fn exchange(
        &self,
        request: http::Request<SendBody<'static>>,
        proxy: Option<Proxy>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, Error> {
        let request = self
            .agent
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .timeout_global(Some(timeout.min(MAX_TIMEOUT)))
            .build();
        let (head, body) = self.agent.run(request)?.into_parts();
        let body = BoundedBody::read(body.into_reader(), self.max_response_bytes)?;
        let body = body.ok_or(Error::BodyExceedsLimit(self.max_response_bytes as u64))?;
        Ok(http::Response::from_parts(head, body))
    }
}

impl Default for UreqBackend {
    fn default() -> Self {
        Self::new()
    }
}

/// Uses settings of your own for connections, TLS, proxies and the pool, best from [`UreqBackend::config_builder`]. Settings about
/// requests and responses, such as redirects, added headers and middleware, have no effect.
///
/// A proxy that ureq has found in the environment is replaced by the rule of [`EnvProxy`].
impl From<Config> for UreqBackend {
    fn from(config: Config) -> Self {
        let proxies = match config.proxy() {
            Some(proxy) if proxy.is_from_env() => Proxies::Environment(EnvProxy::from_env()),
            proxy => Proxies::Fixed(proxy.cloned()),
        };
        let connector = ().chain(ConnectProxyConnector::default()).chain(TcpConnector);
        #[cfg(feature = "rustls")]
        let connector = connector.chain(ureq::unversioned::transport::RustlsConnector::default());
        #[cfg(feature = "native-tls")]
        let connector = connector.chain(ureq::unversioned::transport::NativeTlsConnector::default());
        let resolver = CachingResolver::default();
        let agent = Agent::with_parts(config, connector.chain(SendingConnector), resolver.clone());
        Self { agent, resolver, proxies, max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES }
    }
}

impl BlockingHttpBackend for UreqBackend {
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let proxy = self.proxies.of(request.uri()).map_err(|error| transport_error(error, true))?;
        let (stand_in, request) =
            Outgoing::new(request).ok_or_else(|| TransportError::new(TransportErrorKind::Connect))?;
        let (result, is_unsent) =
            call::run(request, proxy.is_some(), || self.exchange(stand_in, proxy, timeout));
        result.map_err(|error| {
            self.resolver.clear();
            transport_error(error, is_unsent)
        })
    }

    fn supports_https(&self) -> bool {
        cfg!(any(feature = "native-tls", feature = "rustls"))
    }
}

impl Proxies {
    fn of(&self, url: &http::Uri) -> Result<Option<Proxy>, Error> {
        let proxy = match self {
            Self::Environment(proxies) => proxies.for_url(url).map(Proxy::new).transpose()?,
            Self::Fixed(proxy) => proxy.clone(),
        };
        match proxy.as_ref().map(Proxy::protocol) {
            None | Some(ProxyProtocol::Http | ProxyProtocol::Https) => Ok(proxy),
            // Without an answer from ureq, the request would go around the proxy.
            Some(_) => Err(Error::InvalidProxyUrl),
        }
    }
}
