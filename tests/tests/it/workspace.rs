//! The workspace that these tests look at.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub(super) fn read(path: impl AsRef<Path>) -> String {
    let path: PathBuf = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What cargo prints, with the lock file as it is. It may fetch what the build did not need, such as the crates of features
/// that are off.
pub(super) fn cargo(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO")).args(arguments).arg("--locked").current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Whether what the compiler and rustdoc write can be compared: the snapshots are of the oldest version that the workspace
/// takes.
pub(super) fn has_compiler_of_snapshots() -> bool {
    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    let expected = concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"), ".");
    let is_expected = version.starts_with(expected.as_bytes());
    if !is_expected {
        eprintln!("not compared: the snapshots are of {expected}");
    }
    is_expected
}
