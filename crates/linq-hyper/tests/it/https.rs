use linq_core::HttpBackend as _;
use linq_hyper::HyperBackend;

#[test]
fn https_is_supported_unless_the_connector_is_that_for_tcp() {
    assert!(!HyperBackend::http().supports_https());
    #[cfg(feature = "rustls")]
    assert!(HyperBackend::rustls().unwrap().supports_https());
}
