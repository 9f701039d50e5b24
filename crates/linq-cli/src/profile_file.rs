//! Changes to the profile file.

mod rewritten;

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use linq::profile::{ProfileError, ProfileFile};
use serde_json::{Map, Value};

use crate::{account::of_profile_error, exit_code, failure::Failure, terminal::say_warning};

/// The profile of the trial account, which the official command line signs up for.
pub(crate) const RESERVED: &str = "sandbox";
pub(crate) const DEFAULT: &str = "default";

/// How long to wait between two attempts to lock the file.
const LOCK_INTERVAL: Duration = Duration::from_millis(50);
/// After how many attempts the user learns of the wait: 1 s.
const ATTEMPTS_BEFORE_WARNING: u32 = 20;
/// After how many attempts the wait fails: 10 s.
const MAX_LOCK_ATTEMPTS: u32 = 200;

/// The JSON of the file.
pub(crate) type Fields = Map<String, Value>;

/// Returns the file, or one with an empty profile if there is none.
pub(crate) fn read() -> Result<ProfileFile, Failure> {
    match ProfileFile::read() {
        Err(ProfileError::NoFile { .. }) => Ok(ProfileFile::default()),
        file => file.map_err(of_profile_error),
    }
}

/// Changes the file, and creates it if there is none. Fields that are not known stay as they are.
///
/// The new file replaces the old one at once, with mode 0600. Changes by several processes wait for each other, up to 10 s; the
/// official command line does not, and can undo a change that is made in the same moment. A file that cannot be read is not replaced.
pub(crate) fn change<T>(
    change: impl FnOnce(&ProfileFile, &mut Fields) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let path = ProfileFile::path().map_err(of_profile_error)?;
    let cannot_write = |error: io::Error| {
        let message = format!(
            "cannot write the profile file {}: {error}; check the permissions of its folder",
            path.display()
        );
        Failure::new(message).with_kind("Config")
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder).map_err(cannot_write)?;
    let _lock = lock(&path.with_extension("json.lock"), cannot_write)?;

    let target = target(&path).map_err(cannot_write)?;
    let file = match ProfileFile::read_from(&target) {
        Err(ProfileError::NoFile { .. }) => ProfileFile::default(),
        file => file.map_err(of_profile_error)?,
    };
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&file) else {
        return Err(Failure::new("the profile file is not an object"));
    };
    let result = change(&file, &mut fields)?;
    replace(&target, &fields).map_err(cannot_write)?;
    Ok(result)
}

/// Returns the fields of a profile, which is created if it does not exist.
pub(crate) fn profile<'f>(fields: &'f mut Fields, name: &str) -> Result<&'f mut Fields, Failure> {
    if name == RESERVED {
        let message = "the profile \"sandbox\" is reserved for trial accounts; choose another name";
        return Err(usage_failure(message));
    }
    if name.is_empty() {
        return Err(usage_failure("invalid profile name: must not be empty"));
    }
    let profiles = fields.entry("profiles").or_insert_with(|| Fields::new().into());
    let profile = profiles.as_object_mut().map(|profiles| profiles.entry(name).or_insert(Value::Null));
    let profile = profile.ok_or_else(|| Failure::new("`profiles` is not an object"))?;
    if !profile.is_object() {
        *profile = Fields::new().into();
    }
    profile.as_object_mut().ok_or_else(|| Failure::new("the profile is not an object"))
}

pub(crate) fn usage_failure(message: &str) -> Failure {
    Failure::new(message).with_kind("Usage").with_exit_code(exit_code::USAGE)
}

fn create_folder(folder: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "permissions are set on Unix"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

/// Locks a file, which is created if it does not exist, until it is dropped.
#[expect(clippy::disallowed_methods, reason = "a lock that another process holds can only be polled")]
fn lock(path: &Path, cannot_write: impl Fn(io::Error) -> Failure) -> Result<File, Failure> {
    // Opening a FIFO waits for a reader, so the type is checked before.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let message = format!("invalid lock file {}: not a regular file; remove it", path.display());
        return Err(Failure::new(message).with_kind("Config").with_exit_code(exit_code::USAGE));
    }
    let file = open_private(path).map_err(&cannot_write)?;
    for attempt in 0..MAX_LOCK_ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(cannot_write(error)),
        }
        if attempt == ATTEMPTS_BEFORE_WARNING {
            say_warning(&format!("waiting for another process, which has locked {}", path.display()))?;
        }
        thread::sleep(LOCK_INTERVAL);
    }
    let message = format!(
        "timed out waiting for another process, which has locked {}; end that process, or try again later",
        path.display()
    );
    Err(Failure::new(message).with_kind("Config"))
}

/// Opens or creates a file that only the user can read.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.append(true).create(true).open(path)
}

/// Returns the file that a symbolic link leads to.
fn target(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => Ok(path.to_owned()),
        target => target,
    }
}

/// Replaces the file. The order of its fields stays, and numbers keep all digits.
fn replace(target: &Path, fields: &Fields) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".config.json.").tempfile_in(folder)?;
    rewritten::write(&Value::Object(fields.clone()), &fs::read(target).unwrap_or_default(), &mut file)?;
    writeln!(file)?;
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}
