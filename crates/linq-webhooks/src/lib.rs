//! Webhooks of the Linq API: verify them, read them, handle them, with any server or none.
//!
//! The service signs every event that it posts to you. [`Verifier`] checks the signature over the headers and
//! the body as it came; only then is there an event to look at:
//!
//! ```
//! use linq_webhooks::{Verifier, events::EventData};
//!
//! fn on_request(
//!     verifier: &Verifier,
//!     headers: &http::HeaderMap,
//!     body: bytes::Bytes,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let verified = verifier.verify(headers, body)?;
//!     let event = verified.parse()?;
//!     match &event.data {
//!         EventData::MessageReceived(message) => println!("{}", message.text()),
//!         _ => println!("{} ({})", event.event_type, event.event_id),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! By default a verifier accepts both ways in which the service signs webhooks of V3. Those of V2 it accepts for a
//! secret that is given with [`Schemes::V2`]; [`Schemes`] says how the scheme of a delivery is told. A [`Signer`]
//! signs in each of these ways, for tests and relays.
//!
//! An [`EventHandler`] says what is to be done, and a [`Receiver`] does all of the above and gives the status to
//! answer. A [`Router`] is a handler made of functions. With the feature `macros`, `#[linq_handler]` makes one of an
//! `impl` block that has one method per event:
//!
#![cfg_attr(feature = "macros", doc = "```")]
#![cfg_attr(not(feature = "macros"), doc = "```text")]
//! use linq_webhooks::{
//!     Outcome, Receiver, Signer, Verifier,
//!     events::{Event, MessageReceived},
//!     linq_handler,
//! };
//!
//! struct Bot;
//!
//! #[linq_handler]
//! impl Bot {
//!     #[on]
//!     async fn reply(&self, message: MessageReceived) -> Result<(), std::io::Error> {
//!         println!("{}", message.text());
//!         Ok(())
//!     }
//!
//!     #[on]
//!     fn rest(&self, event: Event) {
//!         println!("{}", event.event_type);
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
//! let receiver = Receiver::new(Verifier::new(secret)?, Bot);
//!
//! // What the service posts, made here by hand:
//! let body = r#"{"event_id": "e1", "event_type": "call.ringing", "data": {}}"#;
//! let headers = Signer::new(secret)?.headers("e1", 1_790_000_000, body.as_bytes())?;
//!
//! assert_eq!(receiver.receive_at(&headers, body, 1_790_000_001).await?, Outcome::Handled);
//! # Ok(())
//! # }
//! ```
//!
//! The service delivers at least once and in no particular order. A receiver handles each event once: a
//! [`Deduplicator`] remembers what was handled, by default in memory. The service waits 10 seconds for an answer:
//! what may take longer goes into the receiver's [queue](Receiver::queue), and is handled after the answer by a
//! [`Worker`].
//!
//! # Servers
//!
//! Whatever gives the headers and the raw body will do, with any executor or none.
//!
//! | server | what to use | feature |
//! | --- | --- | --- |
//! | axum | `route_service("/linq", receiver.into_service())` | `tower` |
//! | axum, without a receiver | the extractor `VerifiedEvent` | `axum` |
//! | anything on tower | `Receiver::into_service`; `VerifyLayer` before a service of yours | `tower` |
//! | hyper | `service_fn(move \|request\| receiver.clone().serve(request))` | `http-body` |
//! | lambda and the rest | [`Receiver::respond`] | |
//! | a blocking server, such as tiny_http | `block_on(receiver.respond(request))` | |
//! | workers on `wasm32-unknown-unknown` | [`Receiver::respond_at`] | |
//!
//! `wasm32-unknown-unknown` has no clock: the items of the features `axum`, `tower` and `http-body`, `block_on` and the
//! methods that do not take the time are absent there. Use [`Receiver::respond_at`] and [`Receiver::receive_at`].
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `axum` | The extractor `VerifiedEvent`, and `IntoResponse` for what a `Receiver` returns |
//! | `http-body` | `Receiver::serve`, for hyper and other servers with `http_body` bodies |
//! | `macros` | `#[linq_handler]` |
//! | `tower` | `Receiver::into_service` and `VerifyLayer`, for tower |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(feature = "axum", not(all(target_family = "wasm", target_os = "unknown"))))]
mod axum;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod block_on;
mod canonical;
mod catch_panic;
mod claims;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod clock;
mod deduplicator;
mod event_handler;
mod handler_fn;
mod header;
#[cfg(all(feature = "http-body", not(all(target_family = "wasm", target_os = "unknown"))))]
mod http_body;
mod memory_deduplicator;
mod monitor;
mod outcome;
mod receive_error;
mod receiver;
mod respond;
mod router;
mod scheme;
mod schemes;
mod secret;
mod signature;
mod signer;
#[cfg(all(feature = "tower", not(all(target_family = "wasm", target_os = "unknown"))))]
mod tower;
mod verified;
mod verifier;
mod verify_error;
mod worker;
mod workload;

#[cfg(all(feature = "axum", not(all(target_family = "wasm", target_os = "unknown"))))]
pub use axum::{VerifiedEvent, VerifiedEventRejection};
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub use block_on::block_on;
pub use canonical::NoCanonicalForm;
pub use deduplicator::{Claim, Deduplicator};
pub use event_handler::EventHandler;
pub use handler_fn::HandlerFn;
/// ```
/// use std::sync::Arc;
///
/// use linq_webhooks::{
///     EventHandler, Router,
///     events::{Event, EventPayload, MessageReceived},
///     linq_handler,
/// };
///
/// struct Bot;
///
/// #[linq_handler(error = std::io::Error)]
/// impl Bot {
///     #[on]
///     async fn reply(&self, message: MessageReceived) -> Result<(), std::io::Error> {
///         println!("{}", message.text());
///         Ok(())
///     }
///
///     #[on]
///     fn rest(&self, event: Event) {}
/// }
///
/// assert_eq!(Bot::EVENTS, [Some(MessageReceived::EVENT), None]);
///
/// #[linq_handler]
/// async fn reply(message: MessageReceived, bot: Arc<Bot>) -> Result<(), std::io::Error> {
///     bot.reply(message).await
/// }
///
/// let router = Router::new(Arc::new(Bot)).on(reply);
/// assert_eq!(router.events(), [Some(MessageReceived::EVENT)]);
/// ```
#[cfg(feature = "macros")]
pub use linq_macros::linq_handler;
#[cfg(feature = "macros")]
#[doc(hidden)]
pub use linq_macros::linq_handler_facade;
pub use linq_types::events;
pub use memory_deduplicator::MemoryDeduplicator;
pub use outcome::{IntoOutcome, Outcome};
pub use receive_error::ReceiveError;
pub use receiver::Receiver;
pub use router::Router;
pub use scheme::Scheme;
pub use schemes::Schemes;
pub use secret::InvalidSecret;
pub use signer::Signer;
#[cfg(all(feature = "tower", not(all(target_family = "wasm", target_os = "unknown"))))]
pub use tower::{VerifyFuture, VerifyLayer, VerifyService};
pub use verified::Verified;
pub use verifier::Verifier;
pub use verify_error::VerifyError;
pub use worker::{Failure, Worker};
