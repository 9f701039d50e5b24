//! What holds a backend against the rules that the client counts on.
//!
//! [`Conformance`] sends a backend's requests to a server of its own, on this machine, which answers, hangs,
//! trickles, truncates and resets, and reports which rules the backend breaks. A test of a backend is a few lines:
//!
//! ```
//! use linq_core::{HttpBackend, testing::Conformance};
//!
//! async fn my_backend_keeps_the_rules(backend: impl HttpBackend) {
//!     Conformance::new().check(backend).await.assert();
//! }
//! ```
//!
//! Call it from a test of your runtime, for instance one marked `#[tokio::test]`. A blocking backend needs none, and
//! one that takes fewer bytes or cannot do everything says so:
//!
//! ```
//! use linq_core::{BlockingHttpBackend, testing::Conformance};
//!
//! fn my_blocking_backend_keeps_the_rules(backend: impl BlockingHttpBackend) {
//!     let report = Conformance::new().largest_response(1024 * 1024).cannot_stream().check_blocking(backend);
//!     println!("{report}");
//!     report.assert();
//! }
//! ```

mod conformance;
mod rules;
mod server;

pub use conformance::{Conformance, Report};
