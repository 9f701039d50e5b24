use linq::profile::ProfileError;

use crate::{did_you_mean::did_you_mean, exit_code, failure::Failure};

pub(super) fn missing_key() -> Failure {
    Failure::new("missing API key; run `linq login`, or set LINQ_TOKEN")
        .with_kind("MissingKey")
        .with_exit_code(exit_code::AUTHENTICATION)
}

/// A profile file that cannot be used. The name of a profile that does not exist is not printed, because it could be a
/// misplaced API key; that of the active profile is, which is in the file.
pub(crate) fn of_profile_error(error: ProfileError) -> Failure {
    match error {
        ProfileError::UnknownProfile { name, existing } => unknown_profile(&name, &existing),
        ProfileError::NoToken { name } => {
            Failure::new(format!("profile \"{name}\" has no API key; run `linq login --profile {name}`"))
                .with_kind("MissingKey")
                .with_exit_code(exit_code::AUTHENTICATION)
        }
        ProfileError::MissingActive { .. } => {
            Failure::new(error.to_string()).with_kind("UnknownProfile").with_exit_code(exit_code::USAGE)
        }
        error => Failure::new(error.to_string()).with_kind("Config").with_exit_code(exit_code::USAGE),
    }
}

pub(crate) fn unknown_profile(name: &str, existing: &[String]) -> Failure {
    let expected = match did_you_mean(name, existing.iter().map(String::as_str)) {
        Some(similar) => format!("did you mean \"{similar}\"? "),
        None => String::new(),
    };
    let message = match existing {
        [] => {
            "unknown profile: there are no profiles; create one with `linq login --profile NAME`".to_owned()
        }
        names => format!(
            "unknown profile; {expected}expected one of {}, or create it with `linq login --profile NAME`",
            names.join(", ")
        ),
    };
    Failure::new(message).with_kind("UnknownProfile").with_exit_code(exit_code::USAGE)
}
