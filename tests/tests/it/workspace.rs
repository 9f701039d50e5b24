//! Access to the workspace.

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

/// Returns the output of cargo, which uses the lock file. It may download crates of disabled features.
pub(super) fn cargo(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO")).args(arguments).arg("--locked").current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns `true` if the compiler is of the version that the snapshots of compiler and rustdoc output were made with.
pub(super) fn has_compiler_of_snapshots() -> bool {
    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    let expected = concat!("rustc ", env!("SNAPSHOTS_RUST_VERSION"), ".");
    let is_expected = version.starts_with(expected.as_bytes());
    if !is_expected {
        eprintln!("not compared: the snapshots are of {expected}");
    }
    is_expected
}
