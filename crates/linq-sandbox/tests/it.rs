//! Drives a sandbox over real HTTP, as a client and as a webhook receiver.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod api;
    mod chats;
    mod control;
    mod errors;
    mod malformed;
    mod messages;
    mod people;
    mod phone_numbers;
    mod reactions;
    mod receiver;
    mod rules {
        mod delivery;
        mod envelope;
        mod faults;
        mod people;
    }
    mod sandbox;
    mod shapes;
    mod webhook_subscriptions;
    mod webhooks;
}
