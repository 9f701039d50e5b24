//! The conformance check for backends.
//!
//! [`Conformance`] sends requests through a backend to a server of its own, on this machine, which responds, hangs, trickles,
//! truncates and resets, and reports which rules the backend breaks. A test of a backend is a few lines:
//!
//! ```
//! use linq_core::{HttpBackend, testing::Conformance};
//!
//! async fn my_backend_follows_the_rules(backend: impl HttpBackend) {
//!     Conformance::new().check(backend).await.assert();
//! }
//! ```
//!
//! Call it from a test on your runtime, for instance one marked `#[tokio::test]`. A blocking backend needs none. A smaller
//! limit and missing abilities are settings:
//!
//! ```
//! use linq_core::{BlockingHttpBackend, testing::Conformance};
//!
//! fn my_blocking_backend_follows_the_rules(backend: impl BlockingHttpBackend) {
//!     let report = Conformance::new().max_response_bytes(1024 * 1024).cannot_stream().check_blocking(backend);
//!     println!("{report}");
//!     report.assert();
//! }
//! ```

mod conformance;
mod rules;
mod server;

pub use conformance::{Conformance, Report};
