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
//! For `https` switch on one of the features `rustls` and `native-tls`. [`ureq`] is exported again, for agents of your
//! own. `Unblock` is for smol, and for other runtimes without an HTTP library of their own.
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

use std::{io::Read, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, header::CONTENT_LENGTH};
use linq_core::{BlockingHttpBackend, Body, TransportError};
use ureq::{Agent, SendBody, config::ConfigBuilder, typestate::AgentScope};

pub use ureq;

use crate::{
    error::transport_error,
    upload::{Progress, Upload},
};

mod error;
#[cfg(feature = "smol")]
mod unblock;
mod upload;

#[cfg(feature = "smol")]
pub use unblock::Unblock;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST_RESPONSE: usize = 64 * 1024 * 1024;
/// ureq counts from now on, and now plus [`Duration::MAX`] is no time.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A backend on [`ureq`]. Cheap to clone; clones share their connections.
///
/// An error counts as [`TransportErrorKind::Connect`](linq_core::TransportErrorKind::Connect) only while nothing of the
/// body has been sent. Of the errors of the system only a refused connection counts so when there is no body: the others
/// can also come from a connection that stands.
#[derive(Debug, Clone)]
pub struct UreqBackend {
    agent: Agent,
    largest_response: usize,
}

impl UreqBackend {
    /// A backend with a connection pool of its own.
    ///
    /// It gives up connecting after 5 seconds, follows no redirects and repeats nothing by itself: the client of the
    /// API counts the attempts. It adds no headers to a request but `host` and `content-length`. Proxy settings are
    /// those of ureq.
    ///
    /// TLS is that of `rustls()` if the feature `rustls` is on, else that of
    /// `native_tls()`. Who wants one of them whatever else is on calls it by name.
    #[must_use]
    pub fn new() -> Self {
        #[cfg(feature = "rustls")]
        return Self::rustls();
        #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
        return Self::native_tls();
        #[cfg(not(any(feature = "native-tls", feature = "rustls")))]
        Agent::new_with_config(config().build()).into()
    }

    /// As [`new`](Self::new), with TLS by rustls with ring and Mozilla's certificates.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn rustls() -> Self {
        use ureq::tls::{TlsConfig, TlsProvider};
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).build();
        Agent::new_with_config(config().tls_config(tls).build()).into()
    }

    /// As [`new`](Self::new), with TLS by the platform's own library and the certificates that it trusts.
    #[cfg(feature = "native-tls")]
    #[must_use]
    pub fn native_tls() -> Self {
        use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
        let tls = TlsConfig::builder().provider(TlsProvider::NativeTls);
        let tls = tls.root_certs(RootCerts::PlatformVerifier).build();
        Agent::new_with_config(config().tls_config(tls).build()).into()
    }

    /// Takes responses of up to this many bytes, 64 MiB unless set.
    #[must_use]
    pub fn largest_response(mut self, bytes: usize) -> Self {
        self.largest_response = bytes;
        self
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
            .timeout_global(Some(timeout.min(LONGEST_TIMEOUT)))
            .build();
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

/// Takes an agent that you have set up. Its redirects, the headers that it adds and its time limits are yours to
/// choose, but each call has the client's time limit, and every status is a response.
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
        let (request, progress) = prepare(request);
        self.exchange(request, timeout).map_err(|error| transport_error(error, progress.reached()))
    }
}

fn config() -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .max_redirects(0)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .user_agent("")
        .accept("")
        .accept_encoding("")
}

/// A body goes out with its length, never in chunks, and the lack of one is said where the method expects one.
fn prepare(request: http::Request<Body>) -> (http::Request<SendBody<'static>>, Progress) {
    let (mut head, body) = request.into_parts();
    let expected = matches!(head.method, Method::POST | Method::PUT | Method::PATCH);
    if body.is_empty() && !expected {
        return (http::Request::from_parts(head, SendBody::none()), Progress::without_body());
    }
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.content_length()));
    let (upload, progress) = Upload::new(body);
    (http::Request::from_parts(head, SendBody::from_owned_reader(upload)), progress)
}
