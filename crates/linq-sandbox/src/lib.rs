//! A faithful fake of the Linq API that keeps everything in memory: for tests in-process, and as a server.
//!
//! [`Sandbox::start`] starts a server on a free port of this machine. A client that uses [`Sandbox::base_url`] can open
//! chats, send, react and subscribe to webhooks. The sandbox rejects what the API rejects, with the same codes, moves
//! each sent message through pending, sent, delivered and read, and delivers the signed webhooks of each step, with the
//! API's retries. [`Sandbox::person`] plays the other person.
//!
//! ```
//! # mod linq { pub(crate) use linq_sandbox as sandbox; }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use linq::sandbox::Sandbox;
//!
//! let sandbox = Sandbox::builder().api_key("test").seed(7).start().await?;
//! let said = sandbox.person("+12025550199").says("Hello?")?;
//! // Let the code under test respond through `sandbox.base_url()`, then assert on the transcript:
//! assert_eq!(sandbox.transcript(&said.chat_id), "+12025550199: Hello?\n");
//! # Ok(())
//! # }
//! ```
//!
//! # Tests
//!
//! [`Person::hears`] waits for the next message of a line, [`Person::hears_nothing_for`] checks that there is none, and
//! [`Sandbox::until`] waits for any condition. Their panics show what was said and what failed. [`Sandbox::deliver_to`] delivers
//! webhooks to a receiver in the same process. [`Sandbox::expect_no_errors`] and [`Sandbox::faults_left`] are for the end of a
//! test. With the crate `linq-sdk`, `linq::sandbox::SandboxExt` adds clients of the sandbox.
//!
//! # Time, faults, other languages
//!
//! Time passes by itself, or only when [`Sandbox::advance`] is called ([`SandboxBuilder::manual_time`]). Everything
//! random derives from [`SandboxBuilder::seed`]. A [`Fault`] makes calls or webhooks go wrong. [`Assumptions`] has a
//! switch for each guess about the API. Programs in other languages do the same through the control endpoints at
//! [`Sandbox::control_url`]. Clients without an address of their own get webhooks from the relay at [`Sandbox::relay_url`].
//!
//! # Coverage
//!
//! All endpoints of V3: those of [`Operation::ALL`](linq_types::Operation::ALL), and those of the V2 API in
//! [`v2::Operation::ALL`](linq_types::v2::Operation::ALL). Every other path is a 404 with an error body.
//!
//! * `/v3/chats`, `/v3/messages`: direct chats and groups, messages and their delivery, edits, threads, reactions,
//!   typing indicators, polls, locations, backgrounds, voice memos, app cards, and the choice of a line.
//! * `/v3/experiences`: those that [`SandboxBuilder::experience`] adds.
//! * `/v3/attachments`: files are uploaded to the sandbox and downloaded from it.
//! * `/v3/phone_numbers` with reputation audits, `/v3/phonenumbers`, `/v3/available_number`, `/v3/contact_card`,
//!   `/v3/capability`, `/v3/blocked_handles`.
//! * `/v3/payment_requests`, and `/v3/payments` with its providers and handles.
//! * `/v3/webhook-subscriptions`, `/v3/webhook-events`: both payload versions, both signatures, filters, retries,
//!   delivery affinity.
//! * `/v2/chats`, `/v2/phone_numbers`, `/v2/i_message_availability` and `/v2/webhook_subscriptions`, with the same chats. A V2
//!   subscription gets the events about messages, reactions, typing and participants, signed as V2; there are no calls and
//!   contacts, so the events about them have no cause.
//!
//! # Differences from the API
//!
//! * Media at a URL is not fetched: it gets an id, a URL of the sandbox (which serves no file), a type guessed from its
//!   name, and a made-up size.
//! * Uploaded files are not inspected. The sandbox keeps up to 256 MiB of them; further uploads get 503. An upload that
//!   does not arrive within the [request timeout](SandboxBuilder::request_timeout) gets 400. Nothing expires: neither
//!   files nor messages.
//! * Webhooks are delivered to this machine only, and elsewhere if [`SandboxBuilder::allow_target`] allows it. A
//!   subscription with any other `https` URL is accepted, and its deliveries are logged as failed. TLS needs the feature
//!   `tls` of this crate.
//! * Cards of experiences are made up.
//! * No money moves. A price costs 10 dollars a month, a payment request can be paid for a day, and the links to pay,
//!   approve and connect lead nowhere: [`Person`] and [`Sandbox::connect_payment_provider`] do what people do there.
//!   Only payment requests publish `payment` webhooks.
//! * Contact cards are active at once, files are ready when they are uploaded, audits take 30 seconds.
//! * There are no calls; forwarding numbers are only stored. Lines are not added or removed, and contact cards are not
//!   deleted. The account has no team, API tokens, connections or environments, and no webhooks about them.
//! * There is one account. Resources of other accounts do not exist; numbers that are not its lines are foreign.
//! * Where the behavior of the API is not documented, the sandbox guesses. Many of the guesses are in [`Assumptions`].
//!   The others: chats and messages are listed newest first; a person has one tapback per part; a poll is listed among
//!   the messages without parts; a group that somebody joined or left is never reused for its members; nothing is
//!   published when the line types or reads; and a 404 for something without an error code of its own (a shared
//!   location, a reaction, an experience, a payment) has code 1005. Of V2: the codes of errors are the names of the statuses;
//!   deliveries without a secret are not signed; a display name has no effect; and `participant` events have the chat, its
//!   participants and who it was, since the reference does not show them.
//!
//! # Features
//!
//! <!-- generated: features -->
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `tls` | Delivers webhooks to `https` URLs: rustls with aws-lc-rs, and the root certificates of the platform |
//!
//! <!-- end -->
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access;
mod assumptions;
mod call;
mod check;
mod clock;
mod config;
mod connections;
mod control;
mod delivery;
mod duration;
mod endpoints;
mod error;
mod events;
mod expectations;
mod faults;
mod files;
mod hears;
mod hosts;
mod idempotency;
mod ids;
mod in_process;
mod json;
mod line;
mod log;
mod model;
mod page;
mod page_token;
mod person;
mod person_action;
mod queue;
mod receivers;
mod relay;
mod relay_connections;
mod request_body;
mod response;
mod response_body;
mod routes;
mod routing_tokens;
mod sandbox;
mod scheduler;
mod server;
mod shared;
mod state;
mod store;
mod streams;
mod summary;
mod target;
mod transcript;
mod until;
mod views;
mod wait;
mod webhook;

pub use assumptions::{Assumptions, InvalidAssumption};
pub use config::{Delays, InvalidDelays, RelayFrames};
pub use error::ApiError;
pub use faults::{Fault, FaultEffect, FaultTarget, InvalidFault};
pub use hears::Hears;
pub use line::Line;
pub use log::{Delivery, DeliveryOutcome, LogEntry, RequestLog};
pub use model::{LineFault, Location};
pub use person::Person;
pub use person_action::Said;
pub use sandbox::{Sandbox, SandboxBuilder};
pub use until::Until;
pub use webhook::{Webhook, WebhookQuery, WebhookStatus};
