//! A durable inbox of webhook events, and a durable outbox of sends.
//!
//! - An [`Inbox`] stores each event before the API gets its 202. Its worker handles it afterwards, in order per chat, until that
//!   succeeds or the event becomes a dead letter.
//! - An `Outbox` (feature `outbox`) stores each send with its idempotency key. Its dispatcher makes the send, with that key,
//!   until the API has answered, so that it is executed once.
//!
//! Both are kept in a [`Store`]. [`MemoryStore`] is one without durability; other crates have those on databases.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `outbox` | The durable outbox: sends that are recorded first, and executed once |
//! | `testing` | The conformance suite for implementations of `Store` and `Ledger` |
//! | `tracing` | `tracing` spans of the workers, and `tracing` events of the receivers |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod deduplicator;
mod error;
mod inbox;
mod item;
mod lease;
mod ledger;
mod memory;
mod opt_outs;
#[cfg(feature = "outbox")]
mod outbox;
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
pub use deduplicator::StoreDeduplicator;
pub use error::{StoreError, StoreErrorKind};
pub use inbox::{Enqueue, Inbox, Order};
pub use item::{Item, ItemState, NewItem};
pub use lease::{Claim, Lease, Settled, Settlement};
pub use ledger::{Ledger, NewRecord, Record};
pub use memory::MemoryStore;
pub use opt_outs::StoreOptOuts;
#[cfg(feature = "outbox")]
pub use outbox::{
    AddError, Added, Delivery, Dispatcher, NewSend, Outbox, PreparedSend, SendRecord, SendState, Tracking,
    TrackingError,
};
pub use retry::RetryPolicy;
pub use signal::{Changed, Signal};
pub use stats::Stats;
pub use store::{Enqueued, QueueName, Retention, Sleep, Store, StoreFuture};
pub use timer::Timer;
pub use worker::Worker;
