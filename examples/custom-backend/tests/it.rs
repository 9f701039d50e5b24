//! Checks the backend against the rules for backends, and sends a message with it.
#![cfg(test)]

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

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
    assert_eq!(sandbox.person("+12025550199").hears().await.text(), "Hello");
}
