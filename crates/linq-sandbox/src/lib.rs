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
//! let said = sandbox.person("+12025550199").says("Hello?").await?;
//! // Let the code under test answer through `sandbox.base_url()`, then look at what was said:
//! assert_eq!(sandbox.transcript(&said.chat_id), "+12025550199: Hello?\n");
//! # Ok(())
//! # }
//! ```
//!
//! # Time, faults, other languages
//!
//! Time passes by itself, or only when [`Sandbox::advance`] says so ([`SandboxBuilder::manual_time`]). Everything that
//! looks random follows from [`SandboxBuilder::seed`]. A [`Fault`] makes calls or webhooks go wrong. [`Rules`] has a
//! switch for each guess about the API. What these methods do, `/sandbox/...` does for other languages:
//! [`Sandbox::control_url`].
//!
//! # What it knows
//!
//! Everything under `/v3/chats`, `/v3/messages` and `/v3/experiences`: groups, edits, threads, reactions, typing,
//! polls, locations, backgrounds, voice memos, app cards. Beside that `GET /v3/phone_numbers`, `POST` and `GET
//! /v3/webhook-subscriptions` and `DELETE /v3/webhook-subscriptions/{subscriptionId}`. Everything else is a 404
//! with an error body.
//!
//! # Where it differs from the API
//!
//! * Media at an address is not fetched: it gets an id, an address of the sandbox (which holds no file), a type
//!   guessed from its name and a size that is made up.
//! * Nobody looks into uploaded files. The sandbox keeps 256 MiB of them; beyond that an upload gets 503.
//! * Webhooks are delivered over plain `http` only. A subscription with an `https` address is taken, and its
//!   deliveries are logged as failed.
//! * Experiences are those that [`SandboxBuilder::experience`] adds; their cards are made up.
//! * Where the API's behaviour is not known the sandbox guesses. Many of the guesses are switches of [`Rules`].
//!   The others: chats and messages are listed newest first, one person has one tapback on a part, a poll is listed
//!   among the messages without parts, a group that somebody joined or left is never found by its people again, what
//!   the line types and reads is told to nobody, and where something is missing that has no code of its own (a
//!   sharing to stop, a reaction to move, an experience) the 404 has code 1005.
//!   deliveries are logged as failed. Delivery affinity (`routing_key_header`) is stored, not acted upon.
//! * No money moves. A price costs 10 dollars a month, a payment request can be paid for a day, and the links to pay,
//!   approve and connect lead nowhere: [`Person`] and [`Sandbox::connect_payment_provider`] do what people do there.
//!   Only payment requests cause `payment` webhooks.
//! * Contact cards are active at once, files are ready when they are uploaded, audits take 30 seconds.
//! * Where the API's behaviour is not known the sandbox guesses ([`Rules`] has what can be switched): messages are
//!   listed newest first, idempotency keys count account-wide and never expire, one person has one tapback on a
//!   part.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod config;
mod control;
mod delivery;
mod error;
mod events;
mod faults;
mod files;
mod handle;
mod ids;
mod json;
mod line;
mod location;
mod log;
mod operations;
mod parts;
mod person;
mod routes;
mod rules;
mod sandbox;
mod scheduler;
mod server;
mod shared;
mod store;
mod transcript;
mod views;
mod webhook;

pub use config::Delays;
pub use error::ApiError;
pub use faults::{Fault, FaultEffect, FaultTarget, InvalidFault};
pub use line::{Line, LineFault};
pub use location::Location;
pub use log::{Delivery, LogEntry, Outcome, RequestLog};
pub use operations::{Operation, operations};
pub use person::{Person, Said};
pub use rules::Rules;
pub use sandbox::{Sandbox, SandboxBuilder};
pub use webhook::{Webhook, WebhookQuery, WebhookStatus};
