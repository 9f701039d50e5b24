//! Signatures, receivers and handlers, through the public API alone.

#[cfg(test)]
mod it {
    #[cfg(feature = "axum")]
    mod axum;
    mod delivery;
    mod duplicates;
    mod hostile;
    #[cfg(feature = "http-body")]
    mod http_body;
    #[cfg(feature = "macros")]
    mod linq_handler;
    mod memory;
    mod properties;
    mod queue;
    mod receiving;
    mod responding;
    mod router;
    mod schemes;
    mod scripted;
    mod shutdown;
    #[cfg(feature = "tower")]
    mod tower;
    mod vectors;
    mod verification;
}
