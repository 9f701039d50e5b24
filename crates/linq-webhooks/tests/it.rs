//! Signatures, receivers and handlers, through the public API alone.

#[cfg(test)]
mod it {
    mod delivery;
    mod vectors;
    mod verification;
}
