//! Holds the backend against the rules for backends, and sends with it.
#![cfg(test)]

use std::{
    net::{SocketAddr, TcpListener},
    process::Command,
    time::Duration,
};

use http::Request;
use linq::{AttemptTimeout, Body, HttpBackend as _, TransportErrorKind};
use linq_core::testing::Conformance;
use linq_example_custom_backend::AgentBackend;
use linq_sandbox::Sandbox;

#[test]
fn it_keeps_the_rules_for_backends() {
    async_io::block_on(Conformance::new().cannot_cancel().cannot_stream().check(AgentBackend::new()))
        .assert();
}

/// A request that may take so long.
fn request(server: SocketAddr, timeout: Duration) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = format!("http://{server}/").parse().unwrap();
    request.extensions_mut().insert(AttemptTimeout(timeout));
    request
}

#[tokio::test]
async fn a_mute_server_keeps_a_thread_no_longer_than_the_client_waits() {
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let sent = AgentBackend::new().send(request(mute.local_addr().unwrap(), Duration::from_millis(100)));
    let outcome = tokio::time::timeout(Duration::from_secs(20), sent).await.unwrap();
    assert_eq!(outcome.unwrap_err().kind(), TransportErrorKind::Timeout);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_time_is_too_long() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = AgentBackend::new().send(request(sandbox.address(), Duration::MAX)).await.unwrap();
    assert_eq!(response.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sends() {
    let sandbox = Sandbox::start().await.unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_linq-example-custom-backend"))
        .args([sandbox.phone_number().as_str(), "+12025550199", "Hello"])
        .env("LINQ_API_V3_API_KEY", sandbox.api_key())
        .env("LINQ_API_V3_BASE_URL", sandbox.base_url())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().ends_with(" [pending]\n"));
}
