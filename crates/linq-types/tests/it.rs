//! Recorded and made-up payloads, through the public API alone.

#[cfg(test)]
mod it {
    mod data;
    mod forward_compat;
    mod v3_payloads;
}
