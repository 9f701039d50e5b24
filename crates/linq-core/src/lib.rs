//! The client of the Linq API, independent of any HTTP library: you bring the transport.
//!
//! Most programs use the `linq-sdk` facade, which comes with a backend. Use this crate alone to write a backend, or for as
//! few dependencies as possible.
//!
//! * [`Client`] is one plain type without a type parameter. It holds an [`HttpBackend`] behind a pointer.
//! * The API's resources are methods on it. They return handles, whose methods return a [`Call`], which is awaited.
//! * Sends are exactly-once: each has an idempotency key, created once and kept over its retries.
//! * [`Error`] tells operation, status, code, trace id, whether the request may have been executed, and whether a retry
//!   helps.
//!
//! ```
//! # use linq_core as linq;
//! use linq::{Client, HttpBackend, types::chats::NewChat};
//!
//! async fn greet(backend: impl HttpBackend) -> Result<(), linq::Error> {
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
//! | `http-body` | `backend::HttpBody`: request bodies as `http_body::Body`, for backends |
//! | `profile` | `profile` and `ClientBuilder::profile`: the accounts of `~/.linq/config.json`, which the command line writes |
//! | `testing` | `testing::Conformance`, the test suite for backends; enables `blocking` |
//! | `v2` | `v2`: a thin client for the older V2 API |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod backend;
#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
mod builder;
#[macro_use]
mod call;
mod client;
mod config;
mod deadline;
mod error;
mod event_watch;
mod exchange;
mod host;
mod key;
mod list;
mod memory;
mod meta;
mod misused;
mod pace;
#[cfg(feature = "profile")]
pub mod profile;
#[macro_use]
mod request;
mod replay;
#[macro_use]
pub mod resources;
mod retry;
mod stored_call;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;
#[cfg(feature = "v2")]
pub mod v2;
mod watched;

#[cfg(feature = "blocking")]
pub use backend::traits::BlockingHttpBackend;
pub use backend::{
    traits::{AttemptTimeout, BackendFuture, HttpBackend},
    transport_error::{TransportError, TransportErrorKind},
};
pub use body::{Body, Chunks};
pub use builder::ClientBuilder;
pub use call::{Call, CallFuture, CallWithMeta};
pub use client::Client;
pub use error::{Error, ErrorKind};
pub use event_watch::EventWatch;
pub use linq_types as types;
pub use list::{Items, List, ListCursor};
pub use meta::{Meta, WithMeta};
pub use pace::Pace;
pub use replay::{ReplayStored, Replayed};
pub use retry::{FailedAttempt, Retry};
pub use stored_call::StoredCall;
#[cfg(feature = "stream")]
pub use stream::ItemStream;

/// What users rely on although no signature says it.
const _: () = {
    const fn shared<T: Clone + Send + Sync>() {}
    shared::<Client>();
    #[cfg(feature = "blocking")]
    shared::<blocking::Client>();
    const fn sent<T: Send + Sync + 'static>() {}
    sent::<Error>();
    assert!(size_of::<Error>() == size_of::<usize>());
};
