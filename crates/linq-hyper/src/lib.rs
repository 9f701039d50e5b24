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
//! Calls must run within a tokio runtime. `https` needs a connector that speaks TLS: the ready-made one of the
//! feature `rustls`, or your own, which is given to [`HyperBackend::new`]. What connectors are made of is exported again:
//! [`hyper`] with the traits of connections, [`hyper_util`] with the connector for TCP, and [`tower_service`] with the
//! trait that a [`Connector`] implements; with the feature `rustls` also `hyper_rustls`, which adds TLS to a connector.
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

use std::{error::Error as StdError, fmt, future::poll_fn, pin::Pin, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Method, header::CONTENT_LENGTH};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use linq_core::{BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind};

use crate::{connect::InTime, request_body::RequestBody};

mod connect;
mod request_body;

pub use connect::Connector;
pub use hyper;
#[cfg(feature = "rustls")]
pub use hyper_rustls;
pub use hyper_util;
pub use tower_service;

const LARGEST_RESPONSE: usize = 64 * 1024 * 1024;

/// A backend on [`hyper`]. Cheap to clone; clones share their connections.
///
/// It gives up connecting after 5 seconds, follows no redirects and repeats nothing by itself: the client of the API
/// counts the attempts. It adds no headers to a request but `host` and `content-length`. A request that found its
/// kept-alive connection closed before anything was sent ends as [`TransportErrorKind::Connect`], which the client
/// tries again. Responses are not asked for compressed, and not decoded. Proxies are a matter of the connector.
#[derive(Clone)]
pub struct HyperBackend<C> {
    client: legacy::Client<InTime<C>, RequestBody>,
    largest_response: usize,
}

impl HyperBackend<HttpConnector> {
    /// A backend for plain `http`, for servers on the same machine and proxies that add the TLS.
    #[must_use]
    pub fn http() -> Self {
        Self::new(tcp())
    }
}

#[cfg(feature = "rustls")]
impl HyperBackend<hyper_rustls::HttpsConnector<HttpConnector>> {
    /// A backend for `https` and `http`: TLS by rustls with ring, Mozilla's certificates, HTTP/1.1.
    ///
    /// # Errors
    ///
    /// [`TransportErrorKind::Other`] when rustls does not accept its own defaults.
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
    /// A backend that connects with this connector and keeps its connections in a pool of its own.
    ///
    /// It gives up connecting after 5 seconds, whatever the connector's own limits are.
    pub fn new(connector: C) -> Self {
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .retry_canceled_requests(false)
            .build(InTime(connector));
        Self { client, largest_response: LARGEST_RESPONSE }
    }
}

impl<C> HyperBackend<C> {
    /// Takes responses of up to this many bytes, 64 MiB unless set.
    #[must_use]
    pub fn largest_response(mut self, bytes: usize) -> Self {
        self.largest_response = bytes;
        self
    }
}

impl<C: Connector> HttpBackend for HyperBackend<C> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let sending = self.client.request(prepare(request));
        let largest_response = self.largest_response;
        Box::pin(async move {
            let (head, mut body) = sending.await.map_err(transport_error)?.into_parts();
            let body = read(&mut body, largest_response).await?;
            Ok(http::Response::from_parts(head, body))
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

impl<C> fmt::Debug for HyperBackend<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperBackend")
            .field("largest_response", &self.largest_response)
            .finish_non_exhaustive()
    }
}

/// Says the lack of a body where the method expects one; of bodies hyper itself says the length.
fn prepare(mut request: http::Request<Body>) -> http::Request<RequestBody> {
    let expected = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    if expected && request.body().is_empty() {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0));
    }
    request.map(RequestBody::new)
}

fn tcp() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector
}

/// Reads the whole body without copying it when it comes in one piece.
async fn read(body: &mut Incoming, largest: usize) -> Result<Bytes, TransportError> {
    let Some(first) = piece(body).await? else { return Ok(Bytes::new()) };
    let mut more = BytesMut::new();
    let mut length = within(largest, first.len())?;
    while let Some(piece) = piece(body).await? {
        length = within(largest, length + piece.len())?;
        if more.is_empty() {
            more.extend_from_slice(&first);
        }
        more.extend_from_slice(&piece);
    }
    Ok(if more.is_empty() { first } else { more.freeze() })
}

/// The next piece of data; trailers are passed over.
async fn piece(body: &mut Incoming) -> Result<Option<Bytes>, TransportError> {
    while let Some(frame) = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
        let frame = frame.map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

fn within(largest: usize, length: usize) -> Result<usize, TransportError> {
    if length > largest { Err(TransportError::new(TransportErrorKind::TooLarge)) } else { Ok(length) }
}

fn transport_error(error: legacy::Error) -> TransportError {
    let kind = if error.is_connect() || was_not_sent(&error) {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Other
    };
    TransportError::with_source(kind, error)
}

/// hyper cancels a request only while nothing of it has been sent.
fn was_not_sent(error: &legacy::Error) -> bool {
    error.source().and_then(|source| source.downcast_ref()).is_some_and(hyper::Error::is_canceled)
}
