//! The store of inbox and outbox on SQLite: one file, several processes of one machine, no server and no async runtime.
//!
//! ```no_run
//! use linq::{
//!     durable::Inbox,
//!     sqlite::Store,
//!     webhooks::{EventHandler, Verifier, block_on},
//! };
//!
//! # fn start<H>(bot: H) -> Result<(), Box<dyn std::error::Error>>
//! # where
//! #     H: EventHandler + Clone + Send + 'static,
//! # {
//! let inbox = Inbox::new(Store::open("bot.db")?);
//! let receiver = inbox.receiver(Verifier::from_env()?, &bot);
//! # Ok(())
//! # }
//! ```
//!
//! [linq-sqlite](https://docs.rs/linq-sqlite) describes durability, migrations, and transactions of the application.

#[doc(no_inline)]
pub use linq_sqlite::rusqlite;
pub use linq_sqlite::{OpenError, SCHEMA_VERSION, Store, enqueue};
