//! Holds the backends against the rules that the client counts on, and the check against backends that break them.

#[cfg(test)]
mod it {
    mod bent;
    mod conformance;
    mod positions;
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    mod tls;
    #[cfg(feature = "smol")]
    mod unblock;
}
