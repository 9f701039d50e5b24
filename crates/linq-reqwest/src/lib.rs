//! Sends the requests of the Linq API client with [`reqwest`], on tokio.
//!
//! ```
//! use linq_core::Client;
//! use linq_reqwest::ReqwestBackend;
//!
//! # fn doc() -> Result<(), linq_core::Error> {
//! let client = Client::from_env(ReqwestBackend::new()?)?;
//! # Ok(())
//! # }
//! ```
//!
//! Calls must run within a tokio runtime. For `https` switch on one of the features `rustls` and `native-tls`.
//! [`reqwest`] is exported again, for clients of your own.
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

use std::time::Duration;

use crate::upload::UploadBody;
use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Method, header::CONTENT_LENGTH};
use linq_core::{BackendFuture, Body, HttpBackend, TransportError, TransportErrorKind};

pub use reqwest;

mod upload;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST_RESPONSE: usize = 64 * 1024 * 1024;

/// A backend on [`reqwest`]. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct ReqwestBackend {
    client: reqwest::Client,
    largest_response: usize,
}

impl ReqwestBackend {
    /// A backend with a connection pool of its own.
    ///
    /// It gives up connecting after 5 seconds, follows no redirects and repeats nothing by itself: the client of
    /// the API counts the attempts. It adds no headers to a request but `host`, `content-length` and, where the
    /// request has none, `accept: */*`, which reqwest cannot be told to leave out. Proxy settings are those of reqwest.
    ///
    /// TLS is that of `rustls()` if the feature `rustls` is on, else that of
    /// `native_tls()`. Who wants one of them whatever else is on calls it by name.
    ///
    /// # Errors
    ///
    /// [`TransportErrorKind::Other`] when the TLS library cannot be set up, for instance because the system's
    /// certificates cannot be read.
    pub fn new() -> Result<Self, TransportError> {
        #[cfg(feature = "rustls")]
        return Self::rustls();
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        return Self::native_tls();
        #[cfg(not(any(feature = "native-tls", feature = "rustls")))]
        Self::build(reqwest::Client::builder())
    }

    /// As [`new`](Self::new), with TLS by rustls and the certificates that the platform trusts.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    #[cfg(feature = "rustls")]
    pub fn rustls() -> Result<Self, TransportError> {
        Self::build(reqwest::Client::builder().tls_backend_rustls())
    }

    /// As [`new`](Self::new), with TLS by the platform's own library and the certificates that it trusts.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    #[cfg(feature = "native-tls")]
    pub fn native_tls() -> Result<Self, TransportError> {
        Self::build(reqwest::Client::builder().tls_backend_native())
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, TransportError> {
        builder
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()
            .map(Self::from)
            .map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))
    }

    /// Takes responses of up to this many bytes, 64 MiB unless set.
    #[must_use]
    pub fn largest_response(mut self, bytes: usize) -> Self {
        self.largest_response = bytes;
        self
    }
}

/// Takes a client that you have set up. Its redirects, retries and time limits are yours to choose: those that
/// [`ReqwestBackend::new`] switches off are not counted as attempts.
impl From<reqwest::Client> for ReqwestBackend {
    fn from(client: reqwest::Client) -> Self {
        Self { client, largest_response: LARGEST_RESPONSE }
    }
}

impl HttpBackend for ReqwestBackend {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let Self { client, largest_response } = self.clone();
        Box::pin(async move {
            let request = with_length(request).map(body).try_into().map_err(transport_error)?;
            let mut response = client.execute(request).await.map_err(transport_error)?;
            let mut answer = http::Response::new(read(&mut response, largest_response).await?);
            *answer.status_mut() = response.status();
            *answer.version_mut() = response.version();
            std::mem::swap(answer.headers_mut(), response.headers_mut());
            Ok(answer)
        })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// reqwest says nothing of an empty body.
fn with_length(mut request: http::Request<Body>) -> http::Request<Body> {
    if request.body().is_empty() && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    request
}

fn body(body: Body) -> reqwest::Body {
    match body.as_bytes() {
        Some(bytes) => bytes.clone().into(),
        None => reqwest::Body::wrap(UploadBody::new(body)),
    }
}

/// Reads the whole body without copying it when it comes in one piece.
async fn read(response: &mut reqwest::Response, largest: usize) -> Result<Bytes, TransportError> {
    let Some(first) = response.chunk().await.map_err(transport_error)? else { return Ok(Bytes::new()) };
    let mut more = BytesMut::new();
    let mut length = within(largest, first.len())?;
    while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
        length = within(largest, length + chunk.len())?;
        if more.is_empty() {
            more.extend_from_slice(&first);
        }
        more.extend_from_slice(&chunk);
    }
    Ok(if more.is_empty() { first } else { more.freeze() })
}

fn within(largest: usize, length: usize) -> Result<usize, TransportError> {
    if length > largest { Err(TransportError::new(TransportErrorKind::TooLarge)) } else { Ok(length) }
}

/// A request that cannot be built was not sent. Takes the address out: upload addresses are signed.
fn transport_error(error: reqwest::Error) -> TransportError {
    let kind = if error.is_connect() || error.is_builder() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Other
    };
    TransportError::with_source(kind, error.without_url())
}
