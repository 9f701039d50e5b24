use std::{error::Error as StdError, fmt, io, path::PathBuf};

/// Why a profile could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProfileError {
    /// The home folder is unknown.
    NoHome,
    /// There is no profile file.
    NoFile {
        /// The path of the file.
        path: PathBuf,
    },
    /// The file could not be read.
    Read {
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The file is not a regular one, is longer than 1 MiB, is not JSON, or not the JSON of a profile file.
    Invalid {
        /// The path of the file; empty for a text that is not from a file.
        path: PathBuf,
        /// What is wrong with it. It does not quote the file.
        reason: String,
    },
    /// There is no profile with this name.
    UnknownProfile {
        /// The name.
        name: String,
        /// The names of the profiles that exist.
        existing: Vec<String>,
    },
    /// The active profile is not in the file.
    MissingActive {
        /// The name.
        name: String,
        /// The names of the profiles that exist.
        existing: Vec<String>,
    },
    /// The profile has no API key.
    NoToken {
        /// The name of the profile.
        name: String,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHome => f.write_str("missing home folder; set the environment variable HOME"),
            Self::NoFile { path } => {
                write!(f, "missing profile file {}; run `linq login`, which creates it", path.display())
            }
            Self::Read { path, source } => {
                write!(f, "cannot read the profile file {}: {source}; check its permissions", path.display())
            }
            Self::Invalid { path, reason } => write!(
                f,
                "invalid profile file {}: {reason}; correct it, or move it away and run `linq login`",
                path.display()
            ),
            Self::UnknownProfile { name, existing } if existing.is_empty() => write!(
                f,
                "unknown profile \"{name}\": there are no profiles; run `linq login --profile {name}`"
            ),
            Self::UnknownProfile { name, existing } => write!(
                f,
                "unknown profile \"{name}\"; expected one of {}, or run `linq login --profile {name}`",
                existing.join(", ")
            ),
            Self::MissingActive { name, existing } if existing.is_empty() => {
                write!(f, "the active profile \"{name}\" is missing: there are no profiles; run `linq login`")
            }
            Self::MissingActive { name, existing } => write!(
                f,
                "the active profile \"{name}\" is missing; run `linq profile use NAME` with one of {}, or `linq login`",
                existing.join(", ")
            ),
            Self::NoToken { name } => {
                write!(f, "profile \"{name}\" has no API key; run `linq login --profile {name}`")
            }
        }
    }
}

impl StdError for ProfileError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Read { source, .. } => Some(source),
            _ => None,
        }
    }
}
