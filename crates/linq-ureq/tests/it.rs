//! Checks the backends for conformance, and the conformance check with backends that break its rules.

#[cfg(test)]
mod it {
    mod bent;
    mod conformance;
    mod https;
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    mod tls;
    #[cfg(feature = "smol")]
    mod ui;
    #[cfg(feature = "smol")]
    mod unblock;
}
