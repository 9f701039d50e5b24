//! Everything that reads the clock: methods without a `now` argument, and the adapters for servers.

#[cfg(feature = "axum")]
mod axum;
mod block_on;
mod clock;
#[cfg(feature = "http-body")]
mod http_body;
#[cfg(not(feature = "tower"))]
mod missing;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "axum")]
pub use axum::{VerifiedEvent, VerifiedEventRejection};
pub use block_on::block_on;
pub(crate) use clock::Clock;
#[cfg(feature = "tower")]
pub use tower::{VerifyFuture, VerifyLayer, VerifyService};
