//! The names that most bots need, for one import.
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
//!     async fn reply(&self, message: MessageReceived, keys: EventKeys) -> Result<(), linq::Error> {
//!         let photo = Part::media_url("https://example.com/welcome.jpg");
//!         let welcome = MessageContent::new([Part::text("Welcome!"), photo]).effect(Effect::CONFETTI);
//!         let chat = self.linq.chats().messages(&message.chat.id);
//!         chat.send(welcome).idempotency_key(keys.key("welcome")).await?;
//!         Ok(())
//!     }
//!
//!     #[on]
//!     async fn react(&self, reaction: ReactionAdded) {
//!         println!("{:?}", reaction.message_id);
//!     }
//! }
//! ```
//!
//! Everything else is imported by its path, such as [`linq::types::chats`](crate::types::chats). The prelude is small on
//! purpose and has no name that is common outside this crate, such as `Error`.

#[cfg(feature = "client")]
#[doc(no_inline)]
pub use crate::Client;
#[cfg(feature = "inbox")]
#[doc(no_inline)]
pub use crate::durable::Inbox;
#[cfg(feature = "outbox")]
#[doc(no_inline)]
pub use crate::durable::Outbox;
#[doc(no_inline)]
pub use crate::types::{
    AttachmentId, ChatId, Handle, MessageId,
    chats::NewChat,
    events::{Event, EventData, EventKeys, InboundMessage, MessageReceived, ReactionAdded},
    messages::MessageContent,
    parts::{Effect, Part, ReplyTo},
    reactions::Reaction,
};
#[cfg(feature = "webhooks")]
#[doc(no_inline)]
pub use crate::webhooks::{Receiver, Verifier};

#[cfg(all(feature = "client", feature = "sandbox"))]
#[doc(no_inline)]
pub use crate::sandbox::SandboxExt;
#[cfg(feature = "macros")]
#[doc(no_inline)]
pub use crate::webhooks::linq_handler;
