//! A faithful fake of the Linq API that keeps everything in memory: for tests in-process, and as a server.
//!
//! [`Sandbox::start`] gives a server on a free port of this machine. A client that is pointed at
//! [`Sandbox::base_url`] can open chats, send, react and subscribe to webhooks; the sandbox refuses what the API
//! refuses, with the same codes; it moves each sent message through pending, sent, delivered and read, and
//! delivers the webhooks of each step, signed both ways, with the API's retries. [`Sandbox::person`] plays the
//! other person.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use linq_sandbox::Sandbox;
//!
//! let sandbox = Sandbox::builder().api_key("test").seed(7).start().await?;
//! let said = sandbox.person("+12025550199").says("Hello?")?;
//! // Let the code under test answer through `sandbox.base_url()`, then look at what was said:
//! assert_eq!(sandbox.transcript(&said.chat_id), "+12025550199: Hello?\n");
//! # Ok(())
//! # }
//! ```
//!
//! # Time, faults, other languages
//!
//! Time passes by itself, or only when [`Sandbox::advance`] says so ([`SandboxBuilder::manual_time`]). Everything that
//! looks random follows from [`SandboxBuilder::seed`]. A [`Fault`] makes calls or webhooks go wrong. [`Assumptions`] has a
//! switch for each guess about the API. What these methods do, `/sandbox/...` does for other languages:
//! [`Sandbox::control_url`].
//!
//! # What it knows
//!
//! All endpoints of V3: those of [`Operation::ALL`](linq_types::Operation::ALL).
//!
//! * `/v3/chats`, `/v3/messages`: direct chats and groups, what was sent and its way to the people, edits, threads,
//!   reactions, typing, polls, locations, backgrounds, voice memos, app cards, and the choice of a line.
//! * `/v3/experiences`: those that [`SandboxBuilder::experience`] adds.
//! * `/v3/attachments`: files are uploaded to the sandbox and downloaded from it.
//! * `/v3/phone_numbers` with reputation audits, `/v3/phonenumbers`, `/v3/available_number`, `/v3/contact_card`,
//!   `/v3/capability`, `/v3/blocked_handles`.
//! * `/v3/payment_requests`, and `/v3/payments` with its providers and handles.
//! * `/v3/webhook-subscriptions`, `/v3/webhook-events`: both payload versions, both signatures, filters, retries,
//!   delivery affinity.
//!
//! Everything else is a 404 with an error body.
//!
//! # Where it differs from the API
//!
//! * Media at an address is not fetched: it gets an id, an address of the sandbox (which holds no file), a type
//!   guessed from its name and a size that is made up.
//! * Nobody looks into uploaded files. The sandbox keeps 256 MiB of them; beyond that an upload gets 503. Nothing
//!   that is kept expires: neither files nor messages.
//! * Webhooks are delivered over plain `http` only. A subscription with an `https` address is taken, and its
//!   deliveries are logged as failed.
//! * Cards of experiences are made up.
//! * No money moves. A price costs 10 dollars a month, a payment request can be paid for a day, and the links to pay,
//!   approve and connect lead nowhere: [`Person`] and [`Sandbox::connect_payment_provider`] do what people do there.
//!   Only payment requests cause `payment` webhooks.
//! * Contact cards are active at once, files are ready when they are uploaded, audits take 30 seconds.
//! * Nobody calls, and forwarding numbers are only kept. Lines do not come and go, and contact cards are not deleted.
//!   The account has no team, API tokens, connections or environments. There are no webhooks about any of these.
//! * There is one account. What belongs to another one does not exist; numbers that are not its lines are foreign.
//! * Where the API's behaviour is not known the sandbox guesses. Many of the guesses are switches of [`Assumptions`].
//!   The others: chats and messages are listed newest first, one person has one tapback on a part, a poll is listed
//!   among the messages without parts, a group that somebody joined or left is never found by its people again, what
//!   the line types and reads is told to nobody, and where something is missing that has no code of its own (a
//!   sharing to stop, a reaction to move, an experience, a payment) the 404 has code 1005.

mod assumptions;
mod call;
mod check;
mod clock;
mod config;
mod control;
mod delivery;
mod endpoints;
mod error;
mod events;
mod faults;
mod files;
mod idempotency;
mod ids;
mod json;
mod line;
mod log;
mod model;
mod person;
mod person_action;
mod queue;
mod response;
mod routes;
mod routing_tokens;
mod sandbox;
mod scheduler;
mod server;
mod shared;
mod state;
mod store;
mod transcript;
mod views;
mod webhook;

pub use assumptions::Assumptions;
pub use config::Delays;
pub use error::ApiError;
pub use faults::{Fault, FaultEffect, FaultTarget, InvalidFault};
pub use line::Line;
pub use log::{Delivery, LogEntry, Outcome, RequestLog};
pub use model::{LineFault, Location};
pub use person::Person;
pub use person_action::Said;
pub use sandbox::{Sandbox, SandboxBuilder};
pub use webhook::{Webhook, WebhookQuery, WebhookStatus};
