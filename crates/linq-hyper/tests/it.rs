//! Holds the backend against the rules that the client counts on, and its connecting against connectors that fail.

#[cfg(test)]
mod it {
    mod conformance;
    mod connectors;
    mod https;
    #[cfg(feature = "rustls")]
    mod tls;
}
