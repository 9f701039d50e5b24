//! Sends the requests of the Linq API client with [`ureq`], from threads that may block: no async runtime anywhere.
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
//! For `https` switch on one of the features `rustls` and `native-tls`. The feature `smol` has `Unblock`, which makes an
//! async backend out of this one for smol and other runtimes without an HTTP library of their own.
#![cfg_attr(docsrs, feature(doc_cfg))]

use std::{io::Read, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, header::CONTENT_LENGTH};
use linq_core::{BlockingHttpBackend, Body, TransportError};
use ureq::{Agent, SendBody};

use crate::{error::transport_error, upload::Upload};

mod error;
#[cfg(feature = "smol")]
mod unblock;
mod upload;

#[cfg(feature = "smol")]
pub use unblock::Unblock;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST_RESPONSE: usize = 64 * 1024 * 1024;

/// A backend on [`ureq`]. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct UreqBackend {
    agent: Agent,
    largest_response: usize,
}

impl UreqBackend {
    /// A backend with a connection pool of its own.
    ///
    /// It gives up connecting after 5 seconds, follows no redirects and repeats nothing by itself: the client of the
    /// API counts the attempts. TLS is by rustls if the feature `rustls` is on, else by the platform's library. Proxy
    /// settings are those of ureq.
    #[must_use]
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT));
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        let config = config.tls_config(platform_tls());
        Agent::new_with_config(config.build()).into()
    }

    /// Takes responses of up to this many bytes, 64 MiB unless set.
    #[must_use]
    pub fn largest_response(mut self, bytes: usize) -> Self {
        self.largest_response = bytes;
        self
    }

    fn exchange(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, ureq::Error> {
        let request = self.agent.configure_request(prepare(request)).timeout_global(Some(timeout)).build();
        let (head, body) = self.agent.run(request)?.into_parts();
        // ureq takes a body that just fits for one that is too large.
        let limit = (self.largest_response as u64).saturating_add(1);
        let mut whole = Vec::new();
        body.into_with_config().limit(limit).reader().read_to_end(&mut whole)?;
        if whole.len() > self.largest_response {
            return Err(ureq::Error::BodyExceedsLimit(limit));
        }
        Ok(http::Response::from_parts(head, whole.into()))
    }
}

impl Default for UreqBackend {
    fn default() -> Self {
        Self::new()
    }
}

/// Takes an agent that you have set up. Its redirects and time limits are yours to choose, but each call has the
/// client's time limit, and every status is a response.
impl From<Agent> for UreqBackend {
    fn from(agent: Agent) -> Self {
        Self { agent, largest_response: LARGEST_RESPONSE }
    }
}

impl BlockingHttpBackend for UreqBackend {
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.exchange(request, timeout).map_err(transport_error)
    }
}

/// A body goes out with its length, never in chunks, and the lack of one is said where the method expects one.
fn prepare(request: http::Request<Body>) -> http::Request<SendBody<'static>> {
    let (mut head, body) = request.into_parts();
    let expected = matches!(head.method, Method::POST | Method::PUT | Method::PATCH);
    if body.is_empty() && !expected {
        return http::Request::from_parts(head, SendBody::none());
    }
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.content_length()));
    http::Request::from_parts(head, SendBody::from_owned_reader(Upload::new(body)))
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn platform_tls() -> ureq::tls::TlsConfig {
    use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
    TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(RootCerts::PlatformVerifier).build()
}
