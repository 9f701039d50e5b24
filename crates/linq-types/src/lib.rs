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
//! * A response or an event can be read if its identifying fields are there: the type of an event; the id of what it is
//!   about, and the address of a handle; the chat and the parts of a message; the text or URL of a part, or the URL or id of
//!   a media part; the code of a failure; the items of a list, and whether there are more. All other fields are [`Option`]s,
//!   which are `None` if the field is absent, `null`, or cannot be read, or lists, which are then empty. See
//!   [`json::from_slice`] for the values that are read in several forms.
//! * A part of a message that cannot be read is a [`PartResponse::Unknown`](parts::PartResponse::Unknown). Elements of other
//!   lists that cannot be read are left out, except for items of a page, which are an error.
//! * Ids are opaque newtypes over text ([`ChatId`], [`MessageId`]).
//! * Enums are open: a value that this version does not know is kept and written back unchanged. Unknown fields are
//!   ignored; an [`Event`](events::Event) keeps its raw body.
//! * Ids and enums convert from and compare with text.
//!
//! ```
//! # mod linq { pub(crate) use linq_types as types; }
//! use linq::types::chats::NewChat;
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
//! | `markdown` | `text::Markdown`: Markdown as decorated texts, media and links |
//! | `phone-numbers` | `Handle::parse_in`: phone numbers as people write them in a `Region` |
//! | `schemars-1` | JSON schemas of the request types, as `schemars::JsonSchema` of schemars 1 |
//! | `text` | `text`: splits long texts, and turns parts into plain text |
//! | `time-0_3` | Conversions between `Timestamp` and the types of time 0.3 |
//! | `v2` | `v2`: requests and responses of the V2 API |
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
mod escape;
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
mod rate;
pub mod reactions;
#[cfg(feature = "phone-numbers")]
mod region;
mod secret;
mod service;
mod stray_character;
#[cfg(feature = "text")]
pub mod text;
mod timestamp;
mod unknown;
#[cfg(feature = "v2")]
pub mod v2;
pub mod webhook_events;
pub mod webhook_subscriptions;

pub use escape::escape;
pub use handle::{ChatHandle, Handle, HandleStatus, InvalidHandle, LineType};
pub use health::{HealthStatus, HealthStatusKind};
pub use id::{
    ActorId, ApiTokenId, AttachmentId, ChatId, ContactCardId, EventId, HandleId, IdempotencyKey, MessageId,
    PartnerId, PaymentConnectId, PaymentId, PaymentRequestId, PhoneNumberId, PollOptionId, ReactionId,
    ReputationAuditId, TeamMemberId, TraceId, WebhookSubscriptionId,
};
pub use operation::Operation;
pub use patch::Patch;
pub use rate::{PaceLimit, Rate};
#[cfg(feature = "phone-numbers")]
pub use region::{Region, UnknownRegion};
pub use secret::Secret;
pub use service::{PreferredService, Service};
pub use stray_character::StrayCharacter;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use unknown::UnknownValue;
