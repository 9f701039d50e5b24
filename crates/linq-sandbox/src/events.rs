//! The bodies of webhooks, as pure functions of the model.

mod account;
mod chats;
mod contact_cards;
mod envelope;
mod lines;
mod locations;
mod messages;
mod participants;
mod payments;
mod polls;
pub(crate) mod v2;

pub(crate) use account::{card_created, card_updated, change, forwarding_updated, subscription};
pub(crate) use chats::{background, chat, group_update, typing, update_failure};
pub(crate) use contact_cards::card_received;
pub(crate) use envelope::Envelope;
pub(crate) use lines::status_updated;
pub(crate) use locations::{sharing_started, sharing_stopped};
pub(crate) use messages::{edit, failure, message, reaction};
pub(crate) use participants::participant;
pub(crate) use payments::payment;
pub(crate) use polls::{poll, poll_failure, poll_update, vote};
pub(crate) use v2::V2Envelope;
