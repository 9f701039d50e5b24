//! Inbox and outbox through their public API, on the store in memory.

#[cfg(test)]
mod it {
    mod api;
    mod bot;
    mod conformance;
    mod crashes;
    mod delivery;
    mod outbox;
    mod receiver;
    mod worker;
}
