//! Building blocks for backends: what every [`HttpBackend`](crate::HttpBackend) and
#![cfg_attr(feature = "blocking", doc = "[`BlockingHttpBackend`](crate::BlockingHttpBackend) needs.")]
#![cfg_attr(not(feature = "blocking"), doc = "`BlockingHttpBackend` needs.")]
//!
//! The client itself sets `content-length: 0` on requests without a body and puts an
//! [`AttemptTimeout`](crate::AttemptTimeout) into every request. A backend limits the size of responses with
//! [`BoundedBody`] and the time to connect with [`DEFAULT_CONNECT_TIMEOUT`], streams uploads with `HttpBody` (feature
//! `http-body`) or [`Body::into_chunks`](crate::Body::into_chunks), reports with [`AttemptProgress`] when it begins to send,
//! and chooses the proxy by [`EnvProxy`]. The crate `linq-core` has a conformance suite, with
//! its feature `testing`, that checks the result.

use std::time::Duration;

mod bounded_body;
mod env_proxy;
#[cfg(feature = "http-body")]
mod http_body;
mod progress;
pub(crate) mod traits;
pub(crate) mod transport_error;

pub use bounded_body::BoundedBody;
pub use env_proxy::EnvProxy;
#[cfg(feature = "http-body")]
pub use http_body::{BlockingRead, HttpBody, ReadChunk};
pub use progress::AttemptProgress;

/// The largest response body that a backend accepts by default, in bytes: 64 MiB.
pub const DEFAULT_MAX_RESPONSE_BYTES: usize = 64 * 1024 * 1024;

/// How long a backend tries to connect by default: 5 seconds.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
