//! Receiving deliveries: verification, deduplication, handling and the response.

mod catch_panic;
mod claims;
mod deduplicator;
mod error;
mod job_queue;
mod memory_deduplicator;
mod monitor;
pub(crate) mod receiver;
pub(crate) mod respond;
mod worker;

pub use deduplicator::{Claim, Deduplicator};
pub use error::ReceiveError;
pub use memory_deduplicator::MemoryDeduplicator;
pub use receiver::Receiver;
pub use worker::{Failure, Worker};
