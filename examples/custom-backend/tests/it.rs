//! Checks the backend against the rules for backends, and sends a message with it.
#![cfg(test)]

use std::process::Command;

use linq_core::testing::Conformance;
use linq_example_custom_backend::SmolBackend;
use linq_sandbox::Sandbox;

#[test]
fn it_follows_the_rules_for_backends() {
    smol::block_on(Conformance::new().check(SmolBackend::new())).assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sends_a_message() {
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
