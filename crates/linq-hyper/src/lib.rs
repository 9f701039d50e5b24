//! Sends the requests of the Linq API client with [`hyper`], over any connector, on tokio.
//!
//! ```
//! # #[cfg(feature = "rustls")]
//! # fn doc() -> Result<(), linq_core::Error> {
//! use linq_core::Client;
//! use linq_hyper::HyperBackend;
//!
//! let client = Client::from_env(HyperBackend::rustls()?)?;
//! # Ok(())
//! # }
//! ```
//!
//! Calls must run on a tokio runtime. `https` needs a connector with TLS: the ready-made one of the feature `rustls`, or your
//! own, which is passed to [`HyperBackend::new`]. The crates that connectors are made of are re-exported: [`hyper`] with the
//! traits of connections, [`hyper_util`] with the connector for TCP, [`tower_service`] with the trait that a [`Connector`]
//! implements, and with the feature `rustls` also `hyper_rustls`, which adds TLS to a connector.
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

use std::{any::TypeId, error::Error as StdError, fmt, future::poll_fn, io, pin::Pin, time::Duration};

use bytes::Bytes;
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use linq_core::{
    BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind,
    backend::{BoundedBody, DEFAULT_MAX_RESPONSE_BYTES, HttpBody},
};
use tokio::task::spawn_blocking;

use crate::connect::InTime;

mod connect;

pub use connect::Connector;
pub use hyper;
#[cfg(feature = "rustls")]
pub use hyper_rustls;
pub use hyper_util;
pub use tower_service;

/// A backend on [`hyper`]. Cloning it is cheap; clones share their connections.
///
/// Connecting times out after 5 seconds, redirects are not followed, and nothing is retried: the client of the API counts the
/// attempts. The only headers added to a request are `host` and `content-length`. A request that finds its kept-alive
/// connection closed before anything is sent fails with [`TransportErrorKind::Connect`], which the client retries. Compressed
/// responses are neither requested nor decoded. Proxies are up to the connector.
///
/// ```
/// # #[cfg(feature = "rustls")]
/// # fn doc() -> Result<(), linq_core::Error> {
/// use linq_core::Client;
/// use linq_hyper::HyperBackend;
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
        let mut tcp = tcp();
        tcp.enforce_http(false);
        let tls = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))?;
        Ok(Self::new(tls.https_or_http().enable_http1().wrap_connector(tcp)))
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
        let sending = self.client.request(request.map(body));
        let max_response_bytes = self.max_response_bytes;
        Box::pin(async move {
            let (head, body) = sending.await.map_err(transport_error)?.into_parts();
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

fn body(body: Body) -> HttpBody {
    HttpBody::new(body, |read| Box::pin(async { spawn_blocking(read).await.map_err(io::Error::other) }))
}

fn tcp() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
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

fn transport_error(error: legacy::Error) -> TransportError {
    let kind = if error.is_connect() || was_not_sent(&error) {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Other
    };
    TransportError::with_source(kind, error)
}

/// hyper cancels a request only as long as nothing of it has been sent.
fn was_not_sent(error: &legacy::Error) -> bool {
    error.source().and_then(|source| source.downcast_ref()).is_some_and(hyper::Error::is_canceled)
}
