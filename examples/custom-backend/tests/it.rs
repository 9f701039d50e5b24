//! Checks the backend against the rules for backends, and sends a message with it.
#![cfg(test)]

use std::{
    io::Write as _,
    net::{SocketAddr, TcpListener},
    process::{Command, Stdio},
    time::Duration,
};

use http::Request;
use linq::{AttemptTimeout, Body, HttpBackend as _, TransportErrorKind};
use linq_core::testing::Conformance;
use linq_example_custom_backend::AgentBackend;
use linq_sandbox::Sandbox;

#[test]
fn it_follows_the_rules_for_backends() {
    async_io::block_on(Conformance::new().cannot_cancel().cannot_stream().check(AgentBackend::new()))
        .assert();
}

/// Returns a request with this timeout.
fn request(server: SocketAddr, timeout: Duration) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = format!("http://{server}/").parse().unwrap();
    request.extensions_mut().insert(AttemptTimeout(timeout));
    request
}

#[tokio::test]
async fn a_request_to_a_server_that_hangs_ends_after_the_attempt_timeout() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let sent = AgentBackend::new().send(request(server.local_addr().unwrap(), Duration::from_millis(100)));
    let outcome = tokio::time::timeout(Duration::from_secs(20), sent).await.unwrap();
    assert_eq!(outcome.unwrap_err().kind(), TransportErrorKind::Timeout);
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_the_longest_timeout() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = AgentBackend::new().send(request(sandbox.address(), Duration::MAX)).await.unwrap();
    assert_eq!(response.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sends_a_message() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_linq-example-custom-backend"))
        .args([sandbox.phone_number().as_str(), "+12025550199"])
        .env("LINQ_API_V3_API_KEY", sandbox.api_key())
        .env("LINQ_API_V3_BASE_URL", sandbox.base_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(b"Hello").unwrap();
    let output = program.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().ends_with(" [pending]\n"));
    assert_eq!(sandbox.sent()[0].parts[0].as_text(), Some("Hello"));
}
