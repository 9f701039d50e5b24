//! The client of the Linq API, apart from any HTTP library: you bring the transport.
//!
//! Most programs take the `linq-sdk` facade, which comes with a backend. Take this crate alone to write a
//! backend of your own or to depend on as little as possible.
//!
//! * [`Client`] is one plain type. It holds an [`HttpBackend`] behind a pointer: no type parameter, no runtime.
//! * The API's resources are methods on it; every method makes a [`Call`], which is awaited.
//! * Sends are exactly-once: each carries an idempotency key, made once and kept over its retries.
//! * [`Error`] tells status, code, trace id, and whether the request may have been executed.
//!
//! ```
//! use linq_core::{Client, HttpBackend, types::chats::NewChat};
//!
//! async fn greet(backend: impl HttpBackend) -> Result<(), linq_core::Error> {
//!     let client = Client::from_env(backend)?;
//!     let created = client.chats().create(NewChat::new("+12025550100", ["+12025550199"], "Hello!")).await?;
//!     client.chats().messages(&created.chat.id).send("How are you?").await?;
//!     Ok(())
//! }
//! ```
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `blocking` | `blocking::Client` and `BlockingHttpBackend`, for threads that may block |
//! | `stream` | `Items::into_stream`: lists as streams |
//! | `tracing` | A `tracing` span for each call, with operation, attempt, status and trace id |
//! | `testing` | `testing::Conformance`, the test suite for backends; enables `blocking` |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

mod backend;
#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
mod builder;
mod call;
mod client;
mod config;
mod error;
mod exchange;
mod key;
mod list;
mod meta;
#[macro_use]
mod request;
pub mod resources;
mod retry;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;

#[cfg(feature = "blocking")]
pub use backend::BlockingHttpBackend;
pub use backend::{AttemptTimeout, BackendFuture, HttpBackend, TransportError, TransportErrorKind};
pub use body::{Body, Chunks};
pub use builder::ClientBuilder;
pub use call::{Call, CallFuture, CallWithMeta};
pub use client::Client;
pub use error::{Error, ErrorKind};
pub use linq_types as types;
pub use list::{Items, List};
pub use meta::{Meta, WithMeta};
#[cfg(feature = "stream")]
pub use stream::ItemStream;

/// What users rely on without seeing it.
const _: () = {
    const fn shared<T: Clone + Send + Sync>() {}
    shared::<Client>();
    #[cfg(feature = "blocking")]
    shared::<blocking::Client>();
    const fn sent<T: Send + Sync + 'static>() {}
    sent::<Error>();
    assert!(size_of::<Error>() == size_of::<usize>());
};
