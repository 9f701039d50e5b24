//! Webhooks of the Linq API: verify, parse and handle events, with any server or none.
//!
//! The API signs every event that it posts. A [`Verifier`] checks the signature of the headers and the body as received,
//! and only then can the event be parsed:
//!
//! ```
//! # mod linq { pub(crate) use linq_webhooks as webhooks; }
//! use linq::webhooks::{Verifier, events::EventData};
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
//!         _ => println!("{} ({:?})", event.event_type, event.event_id),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! By default, a verifier accepts both schemes that sign V3 webhooks. V2 webhooks are accepted for secrets that are added
//! with [`Schemes::V2`]. See [`Schemes`] for how the scheme of a delivery is selected. A [`Signer`] signs with all of
//! these schemes, for tests and relays.
//!
//! An [`EventHandler`] handles events, and a [`Receiver`] does all of the above and returns the status code to respond
//! with. A [`Router`] is a handler made of functions. With the feature `macros`, `#[linq_handler]` makes a handler of an
//! `impl` block with one method per event:
//!
#![cfg_attr(feature = "macros", doc = "```")]
#![cfg_attr(not(feature = "macros"), doc = "```text")]
//! # mod linq { pub(crate) use linq_webhooks as webhooks; }
//! use linq::webhooks::{
//!     Outcome, Receiver, Signer, Timestamp, Verifier,
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
//! // A delivery as the API makes it:
//! let now: Timestamp = "2026-09-21T14:13:20Z".parse()?;
//! let body = r#"{"event_id": "e1", "event_type": "call.ringing", "data": {}}"#;
//! let headers = Signer::new(secret)?.headers("e1", now, body.as_bytes())?;
//!
//! assert_eq!(receiver.receive_at(&headers, body, now).await?, Outcome::Handled);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Gate`] around a handler ignores what needs no answer: own messages, other lines, history, groups without a mention,
//! people who opted out. [`Receiver::on_outcome`] tells what became of each event, and why it was ignored.
//!
//! The API delivers each event at least once and in no particular order. A receiver handles each event once: a
//! [`Deduplicator`] remembers the handled events, by default in memory. The API waits 10 seconds for a response; then the
//! server drops the handler, and the API delivers the event again. Send with the [keys](events::EventKeys) of the event, so
//! that what the first run sent is not sent twice. Events that take longer are for a durable inbox
//! (`linq::durable`, feature `inbox`), which stores them, responds with 202, and handles them after the response.
//!
//! # Servers
//!
//! Any server that provides the headers and the raw body works, with any executor or none.
//!
//! | server | use | feature |
//! | --- | --- | --- |
//! | axum | `route_service("/linq", receiver.into_service())` | `tower` |
//! | axum, without a receiver | the extractor `VerifiedEvent` | `axum` |
//! | tower | `Receiver::into_service`; `VerifyLayer` around your own service | `tower` |
//! | hyper | `service_fn(move \|request\| receiver.clone().serve(request))` | `http-body` |
//! | AWS Lambda and others | [`Receiver::respond`] | |
//! | a blocking server, such as tiny_http | `block_on(receiver.respond(request))` | |
//! | workers on `wasm32-unknown-unknown` | [`Receiver::respond_at`] | |
//!
//! `wasm32-unknown-unknown` has no clock. The items of the features `axum`, `tower` and `http-body`, `block_on`, and the
//! methods that do not take the time are not available there. Use [`Receiver::respond_at`] and [`Receiver::receive_at`].
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
//! | `tracing` | `tracing` events of receivers |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

mod handle;
mod receive;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod server;
mod trace;
mod verify;

#[doc(hidden)]
pub use handle::split_burst;
pub use handle::{
    EventHandler, Gate, GateError, HandlerFn, IgnoreReason, IntoOutcome, MemoryOptOuts, OptOuts, Outcome,
    Router,
};
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use std::sync::Arc;
///
/// use linq::webhooks::{
///     EventHandler, Router,
///     events::{Event, EventPayload, Interest, MessageReceived},
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
/// assert_eq!(Bot::EVENTS, [Interest::Only(MessageReceived::EVENT), Interest::All]);
///
/// #[linq_handler]
/// async fn reply(message: MessageReceived, bot: Arc<Bot>) -> Result<(), std::io::Error> {
///     bot.reply(message).await
/// }
///
/// let router = Router::new(Arc::new(Bot)).on(reply);
/// assert_eq!(router.events(), [Interest::Only(MessageReceived::EVENT)]);
/// ```
#[cfg(feature = "macros")]
pub use linq_macros::linq_handler;
#[cfg(feature = "macros")]
#[doc(hidden)]
pub use linq_macros::linq_handler_facade;
pub use linq_types::{Secret, StrayCharacter, Timestamp, events};
#[doc(hidden)]
pub use receive::catch_panic;
pub use receive::{BodyTimeout, Claim, ClaimToken, Deduplicator, MemoryDeduplicator, ReceiveError, Receiver};
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub use server::*;
pub use verify::{
    FromEnvError, InvalidSecret, NoCanonicalForm, Scheme, Schemes, Signer, Verified, Verifier, VerifyError,
};
