//! Sends the requests of the Linq API client with [`hyper`], over any connector, on tokio.
//!
//! ```
//! # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_hyper::*; }
//! # #[cfg(feature = "rustls")]
//! # fn doc() -> Result<(), linq_core::Error> {
//! use linq::{Client, HyperBackend};
//!
//! let client = Client::from_env(HyperBackend::rustls()?)?;
//! # Ok(())
//! # }
//! ```
//!
//! Calls must run on a tokio runtime. `https` needs a connector with TLS: the ready-made one of the feature `rustls`, or your
//! own, which is passed to [`HyperBackend::new`]. The crates that connectors are made of are re-exported: [`hyper`] with the
//! traits of connections, [`hyper_util`] with the connector for TCP, [`tower_service`] with the trait that a [`Connector`]
//! implements, and with the feature `rustls` also `hyper_rustls`, which adds TLS to a connector, and `rustls`.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `rustls` | `HyperBackend::rustls`, the default connector: rustls with ring, Mozilla's root certificates, HTTP/1.1 |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

use std::{any::TypeId, fmt, future::poll_fn, io, pin::Pin, time::Duration};

use bytes::Bytes;
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use linq_core::{
    BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind,
    backend::{AttemptProgress, BoundedBody, DEFAULT_MAX_RESPONSE_BYTES, HttpBody},
};
use tokio::task::spawn_blocking;

use crate::connect::InTime;

mod connect;

pub use connect::Connector;
pub use hyper;
#[cfg(feature = "rustls")]
pub use hyper_rustls;
pub use hyper_util;
#[cfg(feature = "rustls")]
pub use rustls;
pub use tower_service;

/// A backend on [`hyper`](https://docs.rs/hyper). Cloning it is cheap; clones share their connections.
///
/// Connecting times out after 5 seconds, redirects are not followed, and nothing is retried: the client of the API counts the
/// attempts. The only headers added to a request are `host` and `content-length`. Whatever fails before the request is sent,
/// also on a kept-alive connection, has the kind [`TransportErrorKind::Connect`], which the client retries. Compressed
/// responses are neither requested nor decoded.
///
/// # Proxies and certificates
///
/// Both are up to the connector. [`http`](HyperBackend::http) and `rustls` connect directly, whatever `HTTPS_PROXY` and the
/// like say. For a proxy, use `hyper_util::client::legacy::connect::proxy::Tunnel` as the connector below TLS;
/// [`EnvProxy`](linq_core::backend::EnvProxy) reads the variables. To trust the certificate authority of a company, pass its
/// certificate to rustls:
///
/// ```
/// # mod linq { pub(crate) use linq_hyper::*; }
/// # #[cfg(feature = "rustls")]
/// # fn doc(der: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// use linq::{HyperBackend, rustls::{ClientConfig, RootCertStore}};
///
/// let mut roots = RootCertStore::empty();
/// roots.add(der.into())?;
/// let tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
/// let backend = HyperBackend::rustls_with(tls);
/// # Ok(())
/// # }
/// ```
///
/// # Examples
///
/// ```
/// # mod linq { pub(crate) use linq_core::*; pub(crate) use linq_hyper::*; }
/// # #[cfg(feature = "rustls")]
/// # fn doc() -> Result<(), linq_core::Error> {
/// use linq::{Client, HyperBackend};
///
/// let client = Client::from_env(HyperBackend::rustls()?.max_response_bytes(1024 * 1024))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HyperBackend<C> {
    client: legacy::Client<InTime<C>, HttpBody>,
    max_response_bytes: usize,
}

impl HyperBackend<HttpConnector> {
    /// Creates a backend for plain `http`, for servers on the same machine and proxies that add TLS.
    #[must_use]
    pub fn http() -> Self {
        Self::new(tcp())
    }
}

#[cfg(feature = "rustls")]
impl HyperBackend<hyper_rustls::HttpsConnector<HttpConnector>> {
    /// Creates a backend for `https` and `http`: TLS by rustls with ring, Mozilla's certificates, HTTP/1.1.
    ///
    /// # Errors
    ///
    /// Returns an error if rustls does not accept its own defaults ([`TransportErrorKind::Other`]).
    pub fn rustls() -> Result<Self, TransportError> {
        let tls = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))?;
        Ok(Self::new(tls.https_or_http().enable_http1().wrap_connector(tls_tcp())))
    }

    /// Creates a backend like `rustls`, with TLS settings of your own, such as other certificates.
    #[must_use]
    pub fn rustls_with(config: rustls::ClientConfig) -> Self {
        let tls = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(config);
        Self::new(tls.https_or_http().enable_http1().wrap_connector(tls_tcp()))
    }
}

impl<C: Connector> HyperBackend<C> {
    /// Creates a backend on a connector, with a connection pool of its own.
    ///
    /// Connecting times out after 5 seconds, whatever the connector's own timeout is.
    pub fn new(connector: C) -> Self {
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .retry_canceled_requests(false)
            .build(InTime(connector));
        Self { client, max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES }
    }
}

impl<C> HyperBackend<C> {
    /// Sets the largest response body that is accepted; 64 MiB by default.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }
}

impl<C: Connector> HttpBackend for HyperBackend<C> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let progress = AttemptProgress::of(&request);
        let sending = self.client.request(request.map(|content| body(content, progress.clone())));
        let max_response_bytes = self.max_response_bytes;
        Box::pin(async move {
            let response = sending.await.map_err(|error| transport_error(error, &progress))?;
            let (head, body) = response.into_parts();
            Ok(http::Response::from_parts(head, collect(body, max_response_bytes).await?))
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }

    /// The connector for TCP has no TLS; others may have it.
    fn supports_https(&self) -> bool {
        TypeId::of::<C>() != TypeId::of::<HttpConnector>()
    }
}

impl<C> fmt::Debug for HyperBackend<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperBackend")
            .field("max_response_bytes", &self.max_response_bytes)
            .finish_non_exhaustive()
    }
}

fn body(body: Body, progress: AttemptProgress) -> HttpBody {
    HttpBody::new(body, progress, |read| {
        Box::pin(async { spawn_blocking(read).await.map_err(io::Error::other) })
    })
}

fn tcp() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector
}

/// The connector below TLS, which is called with `https` URLs.
#[cfg(feature = "rustls")]
fn tls_tcp() -> HttpConnector {
    let mut connector = tcp();
    connector.enforce_http(false);
    connector
}

async fn collect(mut body: Incoming, max_bytes: usize) -> Result<Bytes, TransportError> {
    let mut bounded = BoundedBody::new(max_bytes);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))?;
        // Trailers are skipped.
        if let Ok(chunk) = frame.into_data() {
            bounded.push(chunk)?;
        }
    }
    Ok(bounded.finish())
}

fn transport_error(error: legacy::Error, progress: &AttemptProgress) -> TransportError {
    let kind = if progress.is_connecting() { TransportErrorKind::Connect } else { TransportErrorKind::Other };
    TransportError::with_source(kind, error)
}
