//! Settings that depend on the backend.

use std::time::Duration;

use linq_core::{BackendFuture, Body, Client, ErrorKind, HttpBackend, TransportError};

/// A backend without TLS.
#[derive(Debug)]
struct Plain;

impl HttpBackend for Plain {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<bytes::Bytes>, TransportError>> {
        unreachable!("nothing is sent")
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        super::script::sleep(duration)
    }

    fn supports_https(&self) -> bool {
        false
    }
}

#[cfg(feature = "blocking")]
impl linq_core::BlockingHttpBackend for Plain {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Duration,
    ) -> Result<http::Response<bytes::Bytes>, TransportError> {
        unreachable!("nothing is sent")
    }

    fn supports_https(&self) -> bool {
        false
    }
}

const LOCAL: &str = "http://127.0.0.1:4010";

#[test]
fn a_backend_without_tls_makes_no_client_for_https() {
    let error = Client::new("k", Plain).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    insta::assert_snapshot!(error, @"invalid base URL: https needs TLS, which this backend does not have; enable the feature `rustls` or `native-tls`, or use a connector with TLS");
    let client = Client::builder().api_key("k").base_url(LOCAL).build(Plain).unwrap();
    assert!(client.with_options(|options| options.timeout(Duration::ZERO)).is_ok());
    let https = client.with_options(|options| options.base_url("https://127.0.0.1:4010"));
    assert_eq!(https.unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn the_capabilities_of_a_shared_backend_are_its_own() {
    let shared: std::sync::Arc<dyn HttpBackend> = std::sync::Arc::new(Plain);
    assert!(!shared.supports_https());
    assert_eq!(Client::new("k", shared).unwrap_err().kind(), ErrorKind::Config);
}

#[cfg(feature = "blocking")]
#[test]
fn a_blocking_backend_without_tls_makes_no_client_for_https() {
    use linq_core::blocking;
    assert_eq!(blocking::Client::new("k", Plain).unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(blocking::Client::new("k", std::sync::Arc::new(Plain)).unwrap_err().kind(), ErrorKind::Config);
    let client = blocking::Client::builder().api_key("k").base_url(LOCAL).build_blocking(Plain).unwrap();
    assert!(client.with_options(|options| options.base_url("https://127.0.0.1:4010")).is_err());
}

#[cfg(feature = "profile")]
#[test]
fn the_key_that_was_set_needs_no_profile_whatever_the_order_of_the_calls() {
    let options = [
        Client::builder().api_key("k").profile(Some("no such profile")),
        Client::builder().profile(Some("no such profile")).api_key("k"),
    ];
    for options in options {
        let client = options.base_url(LOCAL).build(Plain).unwrap();
        let other = client.with_options(|options| options.profile(Some("no such profile")));
        let error = other.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.profile_error().unwrap().to_string(), error.to_string());
    }
}
