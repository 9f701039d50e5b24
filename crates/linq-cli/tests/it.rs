//! Runs the binary.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

mod it {
    mod call;
    mod sandbox;
}
