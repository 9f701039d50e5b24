use linq_core::HttpBackend as _;
use linq_reqwest::{ReqwestBackend, reqwest};

#[test]
fn https_is_supported_if_a_tls_library_is_compiled_in_or_the_client_is_the_callers() {
    let has_tls = cfg!(any(feature = "native-tls", feature = "rustls"));
    assert_eq!(ReqwestBackend::new().unwrap().supports_https(), has_tls);
    assert!(ReqwestBackend::from(reqwest::Client::new()).supports_https());
}
