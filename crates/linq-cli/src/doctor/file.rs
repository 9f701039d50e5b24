use std::path::Path;

use linq::profile::{ProfileError, ProfileFile};

use super::Check;

const NAME: &str = "config file";

/// Checks that the profile file can be read, by nobody else.
pub(super) fn check() -> Check {
    let path = match ProfileFile::path() {
        Ok(path) => path,
        Err(error) => return Check::warning(NAME, "the home folder is unknown", error.to_string()),
    };
    match ProfileFile::read_from(&path) {
        Ok(_) if is_readable_by_others(&path) => Check::failed(
            NAME,
            format!("other users can read {}", path.display()),
            format!("chmod 600 '{}'", path.display()),
        ),
        Ok(file) => {
            let count = file.names().len();
            let profiles = if count == 1 { "profile" } else { "profiles" };
            Check::ok(NAME, format!("{}, {count} {profiles}", path.display()))
        }
        Err(ProfileError::NoFile { .. }) => Check::skipped(NAME, format!("there is no {}", path.display())),
        Err(ProfileError::Invalid { reason, .. }) => Check::failed(
            NAME,
            format!("{}: {reason}", path.display()),
            "correct it, or move it away and run `linq login`",
        ),
        Err(error) => Check::failed(NAME, error.to_string(), "check its permissions and those of its folder"),
    }
}

#[cfg(unix)]
fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Path) -> bool {
    false
}
