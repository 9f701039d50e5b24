use linq_core::BlockingHttpBackend as _;
use linq_ureq::UreqBackend;

#[test]
fn https_is_supported_if_a_tls_library_is_compiled_in() {
    assert_eq!(UreqBackend::new().supports_https(), cfg!(any(feature = "native-tls", feature = "rustls")));
}

#[cfg(feature = "smol")]
#[test]
fn unblock_has_the_clock_and_the_tls_of_its_backend() {
    use linq_core::HttpBackend as _;
    use linq_ureq::Unblock;

    let backend = UreqBackend::new();
    assert_eq!(Unblock::new(backend.clone()).supports_https(), backend.supports_https());
    assert!(Unblock::new(backend).now().is_some());
}
