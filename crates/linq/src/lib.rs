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
pub use linq_durable as durable;
#[cfg(feature = "hyper")]
pub use linq_hyper::{Connector, HyperBackend};
#[cfg(feature = "postgres")]
pub use linq_postgres as postgres;
#[cfg(feature = "redis")]
pub use linq_redis as redis;
#[cfg(feature = "reqwest")]
pub use linq_reqwest::ReqwestBackend;
#[cfg(feature = "sqlite")]
pub use linq_sqlite as sqlite;
pub use linq_types as types;
#[doc(inline)]
pub use linq_types::Operation;
#[cfg(feature = "smol")]
pub use linq_ureq::Unblock;
#[cfg(feature = "ureq")]
pub use linq_ureq::UreqBackend;

pub mod prelude;
#[cfg(feature = "sandbox")]
pub mod sandbox;

#[cfg(feature = "webhooks")]
pub mod webhooks {
    //! Webhooks: verification, parsing and dispatch to handlers.
    #[doc(inline)]
    #[cfg(feature = "macros")]
    pub use linq_macros::linq_handler_facade as linq_handler;
    pub use linq_webhooks::*;
}
