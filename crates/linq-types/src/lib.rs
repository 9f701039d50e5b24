//! Models and webhook events of the Linq API. No I/O, no clock, no HTTP types.
//!
//! Use this crate on its own to read stored events or responses. `linq-core` sends the requests; `linq-webhooks` verifies
//! the events. Modules are named after the first segment of the URL: `/v3/chats` is [`chats`], `/v3/webhook-subscriptions`
//! is [`webhook_subscriptions`].
//!
//! # Conventions
//!
//! * Request bodies are named `New…` or `Update…`, or by verb and noun; queries `…Params`; responses `…Response`, or by
//!   the resource that they contain. Bodies have `new(required…)` and chained setters named like the fields.
//! * Fields that a response may lack are [`Option`]s; `null` and absent read the same. Lists are [`Vec`]s, and `null` and
//!   absent read as empty.
//! * Ids are opaque newtypes over text ([`ChatId`], [`MessageId`]).
//! * Enums are open: a value that this version does not know is kept and written back unchanged. Unknown fields are
//!   ignored; an [`Event`](events::Event) keeps its raw body.
//! * Ids and enums convert from and compare with text.
//!
//! ```
//! use linq_types::chats::NewChat;
//!
//! let chat = NewChat::new("+12025550100", ["+12025550199"], "Hello!");
//! assert_eq!(
//!     serde_json::to_value(&chat)?,
//!     serde_json::json!({
//!         "from": "+12025550100",
//!         "to": ["+12025550199"],
//!         "message": { "parts": [{ "type": "text", "value": "Hello!" }] },
//!     })
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `chrono-0_4` | Conversions between `Timestamp` and the types of chrono 0.4 |
//! | `jiff-0_2` | Conversions between `Timestamp` and the types of jiff 0.2 |
//! | `time-0_3` | Conversions between `Timestamp` and the types of time 0.3 |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

#[macro_use]
mod macros;

pub mod attachments;
pub mod available_number;
pub mod backgrounds;
pub mod blocked_handles;
pub mod capability;
pub mod chats;
pub mod check;
pub mod contact_card;
pub mod error;
pub mod events;
pub mod experiences;
mod handle;
mod health;
mod id;
pub mod json;
mod list;
pub mod locations;
pub mod messages;
pub mod operation;
pub mod page;
pub mod participants;
pub mod parts;
mod patch;
pub mod payment_requests;
pub mod payments;
pub mod phone_numbers;
pub mod phonenumbers;
pub mod polls;
pub mod reactions;
mod secret;
mod service;
mod stray_character;
mod timestamp;
mod unknown;
pub mod webhook_events;
pub mod webhook_subscriptions;

pub use handle::{ChatHandle, Handle, HandleStatus, LineType};
pub use health::{HealthStatus, HealthStatusKind};
pub use id::{
    ActorId, ApiTokenId, AttachmentId, ChatId, ContactCardId, EventId, HandleId, IdempotencyKey, MessageId,
    PartnerId, PaymentConnectId, PaymentId, PaymentRequestId, PhoneNumberId, PollOptionId, ReactionId,
    ReputationAuditId, TeamMemberId, TraceId, WebhookSubscriptionId,
};
pub use operation::Operation;
pub use patch::Patch;
pub use secret::Secret;
pub use service::{PreferredService, Service};
pub use stray_character::StrayCharacter;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use unknown::UnknownValue;
