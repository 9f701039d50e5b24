//! Type errors in handlers, as the compiler prints them.

use std::process::Command;

/// Compilers word errors differently: these are of the oldest one that the workspace takes.
const WORDED_BY: &str = concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"), ".");

#[test]
fn type_errors_point_at_what_the_user_wrote() {
    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    if version.starts_with(WORDED_BY.as_bytes()) {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    } else {
        eprintln!("not compared: the messages are those of {WORDED_BY}");
    }
}
