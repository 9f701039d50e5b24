//! A backend of the Linq API client on [`reqwest`] and tokio.
//!
//! ```
//! # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_reqwest::*; }
//! use linq::{Client, ReqwestBackend};
//!
//! # fn doc() -> Result<(), linq_core::Error> {
//! let client = Client::from_env(ReqwestBackend::new()?)?;
//! # Ok(())
//! # }
//! ```
//!
//! Calls must run on a tokio runtime. For `https`, enable one of the features `rustls` and `native-tls`. [`reqwest`] is
//! re-exported, for clients of your own.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `rustls` | TLS by rustls, with the root certificates of the platform |
//! | `native-tls` | TLS by the library of the platform |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

use std::{io, time::Duration};

use bytes::Bytes;
use linq_core::{
    BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind,
    backend::{
        AttemptProgress, BoundedBody, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_RESPONSE_BYTES, EnvProxy, HttpBody,
    },
};
use tokio::task::spawn_blocking;

pub use reqwest;

/// A backend on [`reqwest`](https://docs.rs/reqwest). Cloning it is cheap; clones share their connections.
///
/// # Proxies and certificates
///
/// Requests go through the proxies that the environment names, by the rule of [`EnvProxy`], so never to this machine. For other
/// settings, build a client with them. This one uses no proxy and also trusts the certificate authority of a company:
///
/// ```
/// # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_reqwest::*; }
/// use linq::{Client, ReqwestBackend, reqwest::Certificate};
///
/// # #[cfg(feature = "rustls")]
/// # fn doc() -> Result<(), Box<dyn std::error::Error>> {
/// let authority = Certificate::from_pem(&std::fs::read("corporate-ca.pem")?)?;
/// let own = ReqwestBackend::client_builder().no_proxy().tls_certs_merge([authority]).build()?;
/// let client = Client::from_env(ReqwestBackend::from(own))?;
/// # Ok(())
/// # }
/// ```
///
/// With the feature `rustls`, on Linux, the environment variables `SSL_CERT_FILE` and `SSL_CERT_DIR` name other certificates to
/// trust, without a change to the program.
#[derive(Debug, Clone)]
pub struct ReqwestBackend {
    client: reqwest::Client,
    /// Whether the client has TLS, or may have because it is the caller's.
    has_tls: bool,
    max_response_bytes: usize,
}

impl ReqwestBackend {
    /// Creates a backend with a connection pool of its own.
    ///
    /// Connecting times out after 5 seconds, redirects are not followed, and nothing is retried: the client of the API
    /// counts the attempts. The only headers added to a request are `host`, `content-length` and, if it has none,
    /// `accept: */*`, which reqwest always sets.
    ///
    /// TLS is by rustls if the feature `rustls` is enabled, otherwise by the platform's own library if `native-tls` is. To pin a
    /// TLS backend regardless of enabled features, call `rustls()` or `native_tls()` directly.
    ///
    /// # Errors
    ///
    /// Returns an error if the TLS library cannot be set up, for instance because the certificates of the system cannot be
    /// read ([`TransportErrorKind::Other`]).
    pub fn new() -> Result<Self, TransportError> {
        #[cfg(feature = "rustls")]
        return Self::rustls();
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        return Self::native_tls();
        #[cfg(not(any(feature = "native-tls", feature = "rustls")))]
        Self::build(Self::client_builder())
    }

    /// Creates a backend like [`new`](Self::new), with TLS by rustls and the certificates that the platform trusts.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [`new`](Self::new).
    #[cfg(feature = "rustls")]
    pub fn rustls() -> Result<Self, TransportError> {
        Self::build(Self::client_builder().tls_backend_rustls())
    }

    /// Creates a backend like [`new`](Self::new), with TLS by the platform's own library and the certificates that it trusts.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [`new`](Self::new).
    #[cfg(feature = "native-tls")]
    pub fn native_tls() -> Result<Self, TransportError> {
        Self::build(Self::client_builder().tls_backend_native())
    }

    /// Creates a builder with the settings of [`new`](Self::new), to change some of them and make a backend
    /// [from the client](#impl-From<Client>-for-ReqwestBackend).
    pub fn client_builder() -> reqwest::ClientBuilder {
        let builder = reqwest::Client::builder()
            .connect_timeout(DEFAULT_CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        let proxies = EnvProxy::from_env();
        if proxies.is_empty() {
            return builder.no_proxy();
        }
        builder.proxy(reqwest::Proxy::custom(move |url| {
            proxies.for_url(&url.as_str().parse().ok()?).map(str::to_owned)
        }))
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, TransportError> {
        let has_tls = cfg!(any(feature = "native-tls", feature = "rustls"));
        let client = builder.build();
        client
            .map(|client| Self { has_tls, ..client.into() })
            .map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))
    }

    /// Sets the largest response body that is accepted; 64 MiB by default.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }
}

/// Uses a client with settings of your own, best from [`ReqwestBackend::client_builder`]. Redirects and retries that it makes,
/// and that the builder disables, do not count as attempts.
impl From<reqwest::Client> for ReqwestBackend {
    fn from(client: reqwest::Client) -> Self {
        Self { client, has_tls: true, max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES }
    }
}

impl HttpBackend for ReqwestBackend {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let Self { client, max_response_bytes, .. } = self.clone();
        Box::pin(async move {
            let progress = AttemptProgress::of(&request);
            let request = request.map(|content| body(content, progress.clone()));
            let failed = |error| transport_error(error, &progress);
            let mut received = client.execute(request.try_into().map_err(failed)?).await.map_err(failed)?;
            let mut body = BoundedBody::new(max_response_bytes);
            while let Some(chunk) = received.chunk().await.map_err(failed)? {
                body.push(chunk)?;
            }
            let mut response = http::Response::new(body.finish());
            *response.status_mut() = received.status();
            *response.version_mut() = received.version();
            std::mem::swap(response.headers_mut(), received.headers_mut());
            Ok(response)
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn supports_https(&self) -> bool {
        self.has_tls
    }
}

fn body(body: Body, progress: AttemptProgress) -> reqwest::Body {
    reqwest::Body::wrap(HttpBody::new(body, progress, |read| {
        Box::pin(async { spawn_blocking(read).await.map_err(io::Error::other) })
    }))
}

/// The URL is removed, because upload URLs are signed.
fn transport_error(error: reqwest::Error, progress: &AttemptProgress) -> TransportError {
    let kind = if progress.is_connecting() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Other
    };
    TransportError::with_source(kind, error.without_url())
}
