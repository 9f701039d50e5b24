//! Holds the backend against the rules that the client counts on.

use linq_core::testing::Conformance;
use linq_reqwest::ReqwestBackend;

#[tokio::test]
async fn reqwest_keeps_every_rule() {
    Conformance::new().check(ReqwestBackend::new().unwrap()).await.assert();
}
