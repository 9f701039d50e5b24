use linq_core::{Body, HttpBackend, TransportErrorKind, testing::Conformance};
use linq_reqwest::{ReqwestBackend, reqwest};

#[tokio::test]
async fn reqwest_keeps_every_rule() {
    Conformance::new().check(ReqwestBackend::new().unwrap()).await.assert();
}

#[tokio::test]
async fn a_backend_on_a_client_of_the_caller_has_the_callers_settings_and_its_own_limit() {
    let backend = ReqwestBackend::from(reqwest::Client::new()).max_response_bytes(100_000);
    let report = Conformance::new().max_response_bytes(100_000).check(backend).await;
    assert_eq!(report.broken().map(|(rule, _)| rule).collect::<Vec<_>>(), ["redirects are responses"]);
}

#[tokio::test]
async fn a_request_that_cannot_be_built_counts_as_not_sent() {
    for address in ["/v3/chats", "host"] {
        let request = http::Request::get(address).body(Body::empty()).unwrap();
        let error = ReqwestBackend::new().unwrap().send(request).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
    }
}
