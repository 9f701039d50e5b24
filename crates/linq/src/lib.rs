#![cfg_attr(all(feature = "macros", feature = "reqwest"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "macros", feature = "reqwest")),
    doc = "The Linq API from Rust: iMessage, RCS and SMS."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "stream")]
pub use linq_core::ItemStream;
#[cfg(feature = "profile")]
pub use linq_core::profile;
#[cfg(feature = "v2")]
pub use linq_core::v2;
#[cfg(feature = "client")]
pub use linq_core::{
    AttemptTimeout, BackendFuture, Body, Call, CallFuture, CallWithMeta, Chunks, Client, ClientBuilder,
    Error, ErrorKind, EventWatch, FailedAttempt, HttpBackend, Items, List, ListCursor, Meta, Pace,
    ReplayStored, Replayed, Retry, StoredCall, TransportError, TransportErrorKind, WithMeta, backend,
    resources,
};
#[cfg(feature = "blocking")]
pub use linq_core::{BlockingHttpBackend, blocking};
#[cfg(feature = "inbox")]
#[doc(inline)]
pub use linq_durable as durable;
#[cfg(all(feature = "hyper", feature = "rustls"))]
#[doc(no_inline)]
pub use linq_hyper::rustls;
#[cfg(feature = "hyper")]
pub use linq_hyper::{Connector, HyperBackend};
#[cfg(feature = "postgres")]
#[doc(inline)]
pub use linq_postgres as postgres;
#[cfg(feature = "redis")]
#[doc(inline)]
pub use linq_redis as redis;
#[cfg(feature = "reqwest")]
pub use linq_reqwest::ReqwestBackend;
#[cfg(feature = "reqwest")]
#[doc(no_inline)]
pub use linq_reqwest::reqwest;
#[doc(inline)]
pub use linq_types as types;
#[doc(inline)]
pub use linq_types::Operation;
#[cfg(feature = "smol")]
pub use linq_ureq::Unblock;
#[cfg(feature = "ureq")]
pub use linq_ureq::UreqBackend;
#[cfg(feature = "ureq")]
#[doc(no_inline)]
pub use linq_ureq::ureq;

pub mod prelude;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "sqlite")]
pub mod sqlite;

#[cfg(feature = "webhooks")]
pub mod webhooks {
    //! Webhooks: verification, parsing and dispatch to handlers.
    #[cfg_attr(feature = "client", doc = "```")]
    #[cfg_attr(not(feature = "client"), doc = "```ignore")]
    /// use linq::{
    ///     Client,
    ///     types::events::{EventKeys, MessageReceived, ReactionAdded},
    ///     webhooks::linq_handler,
    /// };
    ///
    /// struct Bot {
    ///     linq: Client,
    /// }
    ///
    /// #[linq_handler(error = linq::Error)]
    /// impl Bot {
    ///     #[on]
    ///     async fn reply(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
    ///         let chat = self.linq.chats().messages(&message.chat.id);
    ///         chat.send("Hello!").idempotency_key(keys.key("reply")).await?;
    ///         Ok(())
    ///     }
    ///
    ///     #[on]
    ///     fn reaction(&self, reaction: ReactionAdded) {
    ///         println!("{:?}", reaction.message_id);
    ///     }
    /// }
    /// ```
    ///
    #[doc(inline)]
    #[cfg(feature = "macros")]
    pub use linq_macros::linq_handler_facade as linq_handler;
    pub use linq_webhooks::*;
}
