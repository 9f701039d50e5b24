//! Signatures, receivers and handlers, through the public API alone.

#[cfg(test)]
mod it {
    #[cfg(feature = "axum")]
    mod axum;
    mod delivery;
    mod hostile;
    #[cfg(feature = "macros")]
    mod linq_handler;
    mod properties;
    mod receiving;
    mod schemes;
    mod vectors;
    mod verification;
}
