//! The store of the durable inbox on Redis and Valkey 7 or newer, for several machines.
//!
//! [`connect`] returns a [`Store`] and a [`Driver`], which keeps its connection alive: spawn it on tokio. Programs without
//! tokio use [`connect_on_thread`].
//!
//! ```no_run
//! # mod linq { pub(crate) use linq_durable as durable; pub(crate) use linq_redis as redis; }
//! use linq::{durable::Inbox, redis::{Config, connect}};
//! use redis::Client;
//!
//! # async fn doc() -> Result<(), Box<dyn std::error::Error>> {
//! let (store, driver) = connect(Config::new(Client::open("redis://localhost")?)).await?;
//! tokio::spawn(driver.run());
//! let inbox = Inbox::new(store);
//! # Ok(())
//! # }
//! ```
//!
//! # Durability
//!
//! An operation completes when the server has responded. With `appendonly yes` and `appendfsync always`, the server syncs its
//! append-only file before that, so that a crash loses nothing. [`connect`] reads the settings with `CONFIG GET`, and refuses a
//! server that can lose what was stored, unless [`Config::allow_loss`] allows it:
//!
//! | setting | what is lost |
//! | --- | --- |
//! | `appendonly no` | everything since the last snapshot, when the server ends |
//! | `appendfsync everysec` | up to two seconds, when the machine crashes |
//! | `appendfsync no` | what the system has not written yet, about 30 seconds, when the machine crashes |
//! | `no-appendfsync-on-rewrite yes` | what was stored during a rewrite of the file, when the machine crashes |
//! | a `maxmemory-policy` other than `noeviction` | items that the server deletes when its memory is full |
//!
//! A server that forbids `CONFIG GET`, as some hosting providers do, is refused for the same reason.
//!
//! **A failover can lose what was stored**, with every setting: a primary responds before its replicas have received a write,
//! and a replica that becomes the primary does not have what it has not received. The store does not use `WAIT`, which would
//! make that rarer and not exclude it. `min-replicas-to-write` limits how long a primary without replicas goes on. Where
//! nothing may be lost in a failover, use PostgreSQL with synchronous replication.
//!
//! # Servers
//!
//! All keys of a store begin with `{linq:NAME}:`, so that a cluster keeps them in one slot; the store finds the node of that
//! slot. A user needs the rights `~{linq:NAME}:* +@all -@dangerous +config|get`.
//!
//! Operations are Lua scripts, and times are those of the server. When memory is full, nothing is added, and what is stored can
//! still be processed.
//!
//! TLS is a feature of the `redis` crate: enable its `tokio-rustls-comp` or `tokio-native-tls-comp`, and use an address that
//! begins with `rediss://`.
//!
//! # Connections
//!
//! The store has one connection, on which operations are pipelined; the server syncs once for all that arrive together. If the
//! connection is lost, the driver connects again, for as long as it takes. Operations fail until then.
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

mod call;
mod config;
mod connect_error;
mod driver;
mod ledger;
mod link;
mod rows;
mod scripts;
mod store;
mod values;

pub use config::Config;
pub use connect_error::ConnectError;
pub use driver::{Driver, connect, connect_on_thread};
pub use store::Store;
