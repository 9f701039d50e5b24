//! Runs the binary.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod call;
    mod command_line;
    mod escaping;
    mod examples;
    mod failures;
    mod listen;
    mod output;
    mod proxy;
    mod running;
    mod sandbox;
    mod shutdown;
    mod webhook;
}
