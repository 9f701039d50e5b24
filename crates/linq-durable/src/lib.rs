//! A durable inbox of webhook events: each event is stored before the API gets its 202, and handled afterwards, in order per
//! chat, until it succeeds or becomes a dead letter.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `testing` | The conformance suite for implementations of `Store` |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod error;
mod inbox;
mod item;
mod lease;
mod ledger;
mod memory;
mod retry;
mod runner;
mod signal;
mod stats;
mod store;
mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
mod timer;
mod trace;
mod worker;

pub use attempt::{Attempt, AttemptEnd};
pub use error::{StoreError, StoreErrorKind};
pub use inbox::{Enqueue, Inbox, Order};
pub use item::{Item, ItemState, NewItem};
pub use lease::{Claim, Lease, Settled, Settlement};
pub use ledger::{Ledger, NewRecord, Record};
pub use memory::MemoryStore;
pub use retry::RetryPolicy;
pub use signal::{Changed, Signal};
pub use stats::Stats;
pub use store::{Enqueued, QueueName, Retention, Sleep, Store, StoreFuture};
pub use timer::Timer;
pub use worker::Worker;
