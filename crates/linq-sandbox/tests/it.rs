//! Drives a sandbox over real HTTP, as a client and as a webhook receiver.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod api;
    mod chats;
    mod errors;
    mod messages;
    mod people;
    mod phone_numbers;
    mod reactions;
    mod receiver;
    mod rules {
        mod account;
        mod attachments;
        mod payments;
        mod recipients;
        mod subscriptions;
    }
    mod sandbox;
    mod shapes;
    mod webhook_subscriptions;
    mod webhooks;
}
