//! The store of the durable inbox on SQLite: one file, several processes of one machine, no server and no async runtime.
//!
//! ```no_run
//! # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_sqlite as sqlite; pub(crate) use linq_webhooks as webhooks; }
//! # #[derive(Clone)]
//! # struct Bot;
//! # impl linq_webhooks::EventHandler for Bot {
//! #     type Error = std::io::Error;
//! #     async fn handle(&self, _: linq_webhooks::events::Event) -> Result<linq_webhooks::Outcome, std::io::Error> {
//! #         Ok(linq_webhooks::Outcome::Handled)
//! #     }
//! # }
//! use linq::{durable::Inbox, sqlite::Store, webhooks::{Verifier, block_on}};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let inbox = Inbox::new(Store::open("bot.db")?);
//! let receiver = inbox.receiver(Verifier::from_env()?, &Bot);
//! let worker = inbox.worker(Bot).concurrency(16);
//! std::thread::spawn(move || block_on(worker.run()));
//! # drop(receiver);
//! # Ok(())
//! # }
//! ```
//!
//! # Durability
//!
//! The database is in WAL mode with `synchronous = FULL`: an operation completes after its transaction was synced to the disk.
//! A thread of the store runs all operations, and those that arrive while a transaction is being synced share the next one.
//!
//! The SQLite of `bundled` calls `fsync`. It calls `fdatasync`, which can be faster, if the environment of the build has
//! `LIBSQLITE3_FLAGS=-DHAVE_FDATASYNC=1`.
//!
//! SQLite needs a local disk, and locks that work. [`Store::open`] refuses a file on a network file system where it can tell,
//! which is on Linux. In a container, put the file on a volume.
//!
//! The file is created with the mode 0600, and the bodies of finished items are overwritten with zeros, because they are the
//! messages of people.
//!
//! # Transactions of the application
//!
//! The database can be the application's own: [`enqueue`](enqueue()) adds an item in a transaction of the application, together
//! with its other changes. It takes a transaction of [`rusqlite`], which is therefore a public dependency and re-exported.
//!
//! # Migrations
//!
//! [`Store::open`] creates the tables, and migrates those of an older version. [`Store::open_existing`] refuses them instead, for
//! deployments that migrate in a step of their own. Processes of the older version go on during and after the migration, but
//! cannot open the database again.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `bundled` | Compiles SQLite with the crate, in place of linking that of the system |
//! | `testing` | `TestStore`, to check the store with the conformance suite |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod database;
mod enqueue;
mod file;
mod open_error;
mod reply;
mod schema;
mod sql;
mod store;
mod thread;

pub use enqueue::enqueue;
pub use open_error::OpenError;
pub use rusqlite;
pub use schema::VERSION as SCHEMA_VERSION;
pub use store::Store;
