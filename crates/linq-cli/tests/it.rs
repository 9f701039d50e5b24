//! Runs the binary.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod call;
    mod command_line;
    mod examples;
    mod listen;
    mod running;
    mod sandbox;
    mod webhook;
}
