//! Inbox and outbox through their public API, on the store in memory.

#[cfg(test)]
mod it {
    mod api;
    mod bot;
    mod bursts;
    mod conformance;
    mod crashes;
    mod deduplicator;
    mod delivery;
    mod handled_later;
    mod opt_outs;
    mod outbox;
    mod outbox_crashes;
    mod receiver;
    mod slow_claims;
    mod tracing;
    mod worker;
}
