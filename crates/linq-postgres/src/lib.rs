//! The store of the durable inbox on PostgreSQL, for several machines.
//!
//! [`connect`] returns a [`Store`] and a [`Driver`], which owns the connections: spawn it on tokio, or give it a thread with
//! [`Driver::on_thread`].
//!
//! ```no_run
//! # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_postgres as postgres; }
//! use linq::{durable::Inbox, postgres::Config};
//! use tokio_postgres::NoTls;
//!
//! # async fn doc() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::new("host=/run/postgresql user=bot dbname=bot".parse()?);
//! let (store, driver) = linq::postgres::connect(config, NoTls).await?;
//! tokio::spawn(driver.run());
//! store.migrate().await?;
//! let inbox = Inbox::new(store);
//! # Ok(())
//! # }
//! ```
//!
//! # Durability
//!
//! An operation completes after its transaction was committed. [`connect`] refuses a server or role with
//! `synchronous_commit = off`, because then a commit can be lost, unless the [`Config`] allows it.
//!
//! # Connections
//!
//! The store has two connections, one for claims and settlements and one for everything else. Items that are added together share a
//! transaction, and so do leases that are extended, records that are written, and items that are settled and claimed.
//!
//! It uses neither prepared statements nor other state of the session, so that it works behind PgBouncer in transaction mode.
//! If a connection is lost, the driver connects again, for as long as it takes. Operations fail until then.
//!
//! # Transactions of the application
//!
//! [`add_statement`] adds an item in a transaction of the application, together with its other changes, with any driver.
//!
//! # Migrations
//!
//! [`Store::migrate`] creates the schema or brings it to the newest version; [`Config::migrations`] returns the SQL. Processes of
//! the older version go on during and after the migration, but [`Store::check`] refuses the newer schema when they start again.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `testing` | `TestStore`, to check the store with the conformance suite |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

mod add;
mod batches;
mod config;
mod connect_error;
mod driver;
mod job;
mod leases;
mod operations;
mod schema;
mod session;
mod store;
mod values;

pub use add::{add_statement, item_json};
pub use config::Config;
pub use connect_error::ConnectError;
pub use driver::{Driver, connect};
pub use schema::VERSION as SCHEMA_VERSION;
pub use store::Store;
