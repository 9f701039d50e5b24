//! Compiler errors that users see.

use std::process::Command;

/// Compilers word errors differently: these are of one version.
const WORDED_BY: &str = concat!("rustc ", env!("SNAPSHOTS_RUST_VERSION"), ".");

#[test]
fn compiler_errors_say_how_the_call_is_made_and_which_feature_is_missing() {
    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    if !version.starts_with(WORDED_BY.as_bytes()) {
        eprintln!("not compared: the expected messages are those of {WORDED_BY}");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/call_on_the_asynchronous_client.rs");
    cases.compile_fail("tests/ui/stream_without_its_feature.rs");
}
