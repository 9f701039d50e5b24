//! Runs the receiver, and lets a sandbox deliver to it.
#![cfg(test)]

use std::{
    io::{BufRead as _, BufReader, Lines},
    net::TcpListener,
    process::{Child, ChildStdout, Command, Stdio},
};

use linq_sandbox::Sandbox;

/// The running program and what it prints. It ends with the test.
struct Receiver {
    program: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Receiver {
    fn start(listen: &str, secret: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_linq-example-receiver"))
            .env("LISTEN", listen)
            .env("LINQ_WEBHOOK_SECRET", secret)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(program.stdout.take().unwrap()).lines();
        Self { program, lines }
    }

    fn says(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.program.kill().ok();
        self.program.wait().ok();
    }
}

/// An address that nobody listens on.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_handles_what_the_service_signed_and_refuses_what_another_did() {
    let address = free_address();
    let target = format!("http://{address}/linq");
    let (sandbox, forger) = (Sandbox::start().await.unwrap(), Sandbox::start().await.unwrap());
    let secret = sandbox.subscribe(&target).unwrap();
    forger.subscribe(&target).unwrap();
    let mut receiver = Receiver::start(&address, secret.expose());
    assert_eq!(receiver.says(), format!("listens on http://{address}"));

    sandbox.person("+12025550199").says("When do you open?").await.unwrap();
    assert_eq!(receiver.says(), "handled “When do you open?”");
    forger.person("+12025550199").says("Let me in").await.unwrap();
    assert!(receiver.says().starts_with("answered 401 Unauthorized: the signature does not match"));
}

#[test]
fn it_does_not_serve_without_a_secret() {
    let output = Command::new(env!("CARGO_BIN_EXE_linq-example-receiver"))
        .env_remove("LINQ_WEBHOOK_SECRET")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("LINQ_WEBHOOK_SECRET is not set"));
}
