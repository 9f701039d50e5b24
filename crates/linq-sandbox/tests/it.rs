//! Drives a sandbox over real HTTP, as a client and as a webhook receiver.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod any_json;
    mod api;
    mod bounds;
    mod connections;
    mod control;
    mod errors;
    mod every_rule;
    mod expectations;
    mod hears;
    mod in_process;
    mod layers;
    mod malformed;
    mod messages;
    mod operations;
    mod page {
        mod endpoints;
        mod log;
        mod safety;
        mod stream;
        mod views;
    }
    mod panics;
    mod people;
    mod reactions;
    mod receiver;
    mod relay;
    mod rules {
        mod account;
        mod after_sending;
        mod attachments;
        mod backgrounds;
        mod chats;
        mod delivery;
        mod envelope;
        mod experiences;
        mod faults;
        mod groups;
        mod locations;
        mod payments;
        mod people;
        mod person;
        mod polls;
        mod presence;
        mod recipients;
        mod sending;
        mod subscriptions;
        mod voice_memos;
    }
    mod sandbox;
    mod shapes;
    mod stage;
    mod surrogates;
    mod targets;
    mod until;
    mod v2;
    mod webhook_subscriptions;
    mod webhooks;
}
