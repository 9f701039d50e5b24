use linq_core::testing::Conformance;
use linq_hyper::HyperBackend;

#[tokio::test]
async fn hyper_keeps_every_rule() {
    Conformance::new().check(HyperBackend::http()).await.assert();
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn hyper_with_rustls_keeps_every_rule() {
    let backend = HyperBackend::rustls().unwrap().max_response_bytes(100_000);
    Conformance::new().max_response_bytes(100_000).check(backend).await.assert();
}
