//! Signatures, receivers and handlers, through the public API alone.

#[cfg(test)]
mod it {
    #[cfg(feature = "axum")]
    mod axum;
    mod delivery;
    mod duplicates;
    #[cfg(feature = "http-body")]
    mod http_body;
    #[cfg(feature = "macros")]
    mod linq_handler;
    mod memory;
    mod queue;
    mod receiving;
    mod responding;
    mod scripted;
    mod shutdown;
    #[cfg(feature = "tower")]
    mod tower;
    mod vectors;
    mod verification;
}
