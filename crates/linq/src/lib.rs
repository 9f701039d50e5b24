//! An SDK for the Linq API: iMessage, RCS and SMS.
//!
//! Send a message. Sends carry an idempotency key, so that retries after network errors do not send twice:
//!
#![cfg_attr(feature = "reqwest", doc = "```no_run")]
#![cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
//! use linq::{Client, ReqwestBackend, types::chats::NewChat};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), linq::Error> {
//! let client = Client::from_env(ReqwestBackend::new()?)?;
//! let created = client.chats().create(NewChat::new("+12025550100", ["+12025550199"], "Hello!")).await?;
//! client.chats().messages(&created.chat.id).send("How are you?").await?;
//! # Ok(())
//! # }
//! ```
//!
//! Handle webhooks. Only events with a valid signature reach the handler:
//!
#![cfg_attr(all(feature = "macros", feature = "client"), doc = "```")]
#![cfg_attr(not(all(feature = "macros", feature = "client")), doc = "```ignore")]
//! use linq::prelude::*;
//!
//! struct Bot {
//!     linq: Client,
//! }
//!
//! #[linq_handler]
//! impl Bot {
//!     #[on]
//!     async fn reply(&self, message: MessageReceived) -> Result<(), linq::Error> {
//!         self.linq.chats().messages(&message.chat.id).send("Got it").await?;
//!         Ok(())
//!     }
//! }
//!
//! fn receiver(linq: Client, secret: &str) -> Result<Receiver<Bot>, linq::webhooks::InvalidSecret> {
//!     Ok(Receiver::new(Verifier::new(secret)?, Bot { linq }))
//! }
//! ```
//!
//! # Features
//!
//! Everything is behind a feature. None changes what another one does, but that rustls is taken where both kinds of TLS
//! are on. Without any, there are the [`types`] alone.
//!
//! | feature | what it adds | default |
//! | --- | --- | --- |
//! | (none) | `linq::types`: models and events | always |
//! | `client` | `Client`, for any transport | by `reqwest` |
//! | `blocking` | `blocking::Client`, for threads that may block | |
//! | `stream` | lists as streams | |
//! | `tracing` | a `tracing` span for each call | |
//! | `reqwest` | `ReqwestBackend`, on reqwest and tokio | yes |
//! | `hyper` | `HyperBackend`, on hyper and tokio, over any connector | |
//! | `ureq` | `UreqBackend` for the blocking client: no async runtime | |
//! | `smol` | `Unblock`, an async backend made of a blocking one, for smol and its friends | |
//! | `rustls` | TLS by rustls for the backends that are on | yes |
//! | `native-tls` | TLS by the platform's own library for the backends that are on; for hyper bring a connector | |
//! | `webhooks` | `linq::webhooks`: verify, read, receive | yes |
//! | `macros` | `#[linq_handler]` | yes |
//! | `axum` | `VerifiedEvent`, an extractor for axum | |
//! | `tower` | a receiver as a tower service, and `VerifyLayer` | |
//! | `http-body` | a receiver on hyper, and on other servers with `http_body` bodies | |
//! | `chrono-0_4`, `jiff-0_2`, `time-0_3` | `Timestamp` from and to the types of these crates | |
//! | `sandbox` | `linq::sandbox`: the API on your own machine, for tests | |
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "stream")]
pub use linq_core::ItemStream;
#[cfg(feature = "client")]
pub use linq_core::{
    AttemptTimeout, BackendFuture, Body, Call, CallFuture, CallWithMeta, Chunks, Client, ClientBuilder,
    Error, ErrorKind, HttpBackend, Items, List, Meta, TransportError, TransportErrorKind, WithMeta,
    resources,
};
#[cfg(feature = "blocking")]
pub use linq_core::{BlockingHttpBackend, blocking};
#[cfg(feature = "hyper")]
pub use linq_hyper::{Connector, HyperBackend};
#[cfg(feature = "reqwest")]
pub use linq_reqwest::ReqwestBackend;
#[cfg(feature = "sandbox")]
pub use linq_sandbox as sandbox;
pub use linq_types as types;
#[doc(inline)]
pub use linq_types::Operation;
#[cfg(feature = "smol")]
pub use linq_ureq::Unblock;
#[cfg(feature = "ureq")]
pub use linq_ureq::UreqBackend;

pub mod prelude;

#[cfg(feature = "webhooks")]
pub mod webhooks {
    //! Webhooks: verification, parsing and dispatch to handlers.
    #[doc(inline)]
    #[cfg(feature = "macros")]
    pub use linq_macros::linq_handler_facade as linq_handler;
    pub use linq_webhooks::*;
}
