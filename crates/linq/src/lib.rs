//! The Linq API from Rust: iMessage, RCS and SMS.
//!
//! Send a message, and have it sent once even when the network fails halfway:
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
//! Handle what comes back, and only what the service really sent:
//!
#![cfg_attr(all(feature = "macros", feature = "client"), doc = "```")]
#![cfg_attr(not(all(feature = "macros", feature = "client")), doc = "```ignore")]
//! use linq::{Client, webhooks::{Receiver, Verifier, events::MessageReceived, linq_handler}};
//!
//! struct Bot {
//!     linq: Client,
//! }
//!
//! #[linq_handler]
//! impl Bot {
//!     #[on]
//!     async fn answer(&self, message: MessageReceived) -> Result<(), linq::Error> {
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
//! Everything is behind a feature; none changes what another one does. Without any, there are the
//! [`types`] alone.
//!
//! | feature | what it brings |
//! | --- | --- |
//! | `client` | `Client`, for any transport |
//! | `reqwest` (default) | `ReqwestBackend`, on reqwest and tokio |
//! | `rustls` (default) | TLS by rustls for the backend that is on |
//! | `native-tls` | TLS by the platform's library for the backend that is on |
//! | `webhooks` (default) | `webhooks`: verify, parse, receive |
//! | `macros` (default) | `#[linq_handler]` |
//! | `axum` | the axum extractor for verified events |
//! | `sandbox` | `sandbox`: the API on your own machine, for tests |
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
pub use linq_core::{
    BackendFuture, Body, Call, CallFuture, Client, ClientBuilder, Error, ErrorKind, HttpBackend, Items, List,
    TransportError, TransportErrorKind, resources,
};
#[cfg(feature = "reqwest")]
pub use linq_reqwest::ReqwestBackend;
#[cfg(feature = "sandbox")]
pub use linq_sandbox as sandbox;
pub use linq_types as types;

#[cfg(feature = "webhooks")]
pub mod webhooks {
    //! Webhooks: verify what arrives, read it as an event, hand it to your code.
    #[cfg(feature = "macros")]
    pub use linq_macros::linq_handler_facade as linq_handler;
    pub use linq_webhooks::*;
}
