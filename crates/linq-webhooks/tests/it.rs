//! Tests of signatures, receivers and handlers through the public API.
//!
//! The tests of the server adapters need their features: `cargo test -p linq-webhooks --all-features`.

#[cfg(test)]
mod it {
    #[cfg(feature = "axum")]
    mod axum;
    mod bursts;
    mod delivery;
    mod dropped;
    mod duplicates;
    mod from_env;
    mod gate;
    mod hostile;
    #[cfg(feature = "http-body")]
    mod http_body;
    mod linq_handler;
    mod memory;
    mod outcomes;
    mod properties;
    mod receiving;
    mod responding;
    mod router;
    mod schemes;
    mod scripted;
    #[cfg(feature = "tower")]
    mod tower;
    #[cfg(feature = "tracing")]
    mod tracing;
    mod ui;
    mod unreadable;
    mod untaken;
    mod vectors;
    mod verification;
    mod without_id;
}
