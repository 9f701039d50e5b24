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
//! answer. With the feature `macros`, `#[linq_handler]` makes a handler of an `impl` block that has one method
//! per event:
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
//! The service delivers at least once and in no particular order: an event can come again, with the same
//! [`event_id`](events::Event::event_id). Answer within 10 seconds.
//!
//! # Servers
//!
//! Whatever gives the headers and the raw body will do. With axum:
//!
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "```text")]
//! use std::sync::Arc;
//!
//! use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
//! use linq_webhooks::{EventHandler, Outcome, ReceiveError, Receiver};
//! # use linq_webhooks::events::{Event, Route};
//! # struct Bot;
//! # impl EventHandler for Bot {
//! #     type Error = std::io::Error;
//! #     const EVENTS: &'static [Option<Route>] = &[None];
//! #     async fn handle(&self, _: Event) -> Result<Outcome, std::io::Error> {
//! #         Ok(Outcome::Handled)
//! #     }
//! # }
//!
//! type Hooks = Arc<Receiver<Bot>>;
//!
//! async fn hook(
//!     State(hooks): State<Hooks>,
//!     headers: HeaderMap,
//!     body: Bytes,
//! ) -> Result<Outcome, ReceiveError<std::io::Error>> {
//!     hooks.receive(&headers, body).await
//! }
//!
//! fn router(hooks: Hooks) -> Router {
//!     Router::new().route("/linq", post(hook)).with_state(hooks)
//! }
//! ```
//!
//! or, without a handler type, the extractor `VerifiedEvent`.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `macros` | `#[linq_handler]` |
//! | `axum` | the extractor `VerifiedEvent`, and responses of what a [`Receiver`] returns |
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(feature = "axum", not(all(target_family = "wasm", target_os = "unknown"))))]
mod axum;
mod canonical;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod clock;
mod event_handler;
mod header;
mod outcome;
mod receiver;
mod scheme;
mod schemes;
mod secret;
mod signature;
mod signer;
mod verified;
mod verifier;
mod verify_error;

#[cfg(all(feature = "axum", not(all(target_family = "wasm", target_os = "unknown"))))]
pub use axum::{VerifiedEvent, VerifiedEventRejection};
pub use canonical::NoCanonicalForm;
pub use event_handler::EventHandler;
/// # Example
///
/// ```
/// use linq_webhooks::{
///     EventHandler,
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
/// ```
#[cfg(feature = "macros")]
pub use linq_macros::linq_handler;
#[cfg(feature = "macros")]
#[doc(hidden)]
pub use linq_macros::linq_handler_facade;
pub use linq_types::events;
pub use outcome::{IntoOutcome, Outcome};
pub use receiver::{ReceiveError, Receiver};
pub use scheme::Scheme;
pub use schemes::Schemes;
pub use secret::InvalidSecret;
pub use signer::Signer;
pub use verified::Verified;
pub use verifier::Verifier;
pub use verify_error::VerifyError;
