//! Receiving deliveries: verification, deduplication, handling and the response.

pub(crate) mod body_timeout;
mod catch_panic;
mod claim_token;
mod claims;
mod deduplicator;
mod error;
mod memory_deduplicator;
mod receiver;
pub(crate) mod respond;
pub(crate) mod settings;
mod started;

pub use body_timeout::BodyTimeout;
pub use catch_panic::catch_panic;
pub use claim_token::ClaimToken;
pub use deduplicator::{Claim, Deduplicator};
pub use error::ReceiveError;
pub use memory_deduplicator::MemoryDeduplicator;
pub use receiver::Receiver;
