//! Signatures, receivers and handlers, through the public API alone.

#[cfg(test)]
mod it {
    #[cfg(feature = "axum")]
    mod axum;
    mod delivery;
    #[cfg(feature = "macros")]
    mod linq_handler;
    mod receiving;
    mod vectors;
    mod verification;
}
