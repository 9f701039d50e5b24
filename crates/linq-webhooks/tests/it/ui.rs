//! Compiler errors that users see.

use std::process::Command;

/// Compilers word errors differently: these are of one version.
const WORDED_BY: &str = concat!("rustc ", env!("SNAPSHOTS_RUST_VERSION"), ".");

#[test]
fn compiler_errors_name_the_mistake_and_what_to_write_instead() {
    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    if version.starts_with(WORDED_BY.as_bytes()) {
        let cases = trybuild::TestCases::new();
        cases.compile_fail("tests/ui/*.rs");
        if cfg!(not(feature = "http-body")) {
            cases.compile_fail("tests/ui/without/http_body.rs");
        }
        if cfg!(not(feature = "tower")) {
            cases.compile_fail("tests/ui/without/tower.rs");
        }
    } else {
        eprintln!("not compared: the expected messages are those of {WORDED_BY}");
    }
}
