use std::process::Command;

/// Compilers word errors differently: these are of one version.
const WORDED_BY: &str = concat!("rustc ", env!("SNAPSHOTS_RUST_VERSION"), ".");

#[test]
fn a_backend_of_the_other_client_is_a_type_error_that_names_the_remedy() {
    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    if version.starts_with(WORDED_BY.as_bytes()) {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    } else {
        eprintln!("not compared: the messages are those of {WORDED_BY}");
    }
}
