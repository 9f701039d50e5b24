use std::{env, path::PathBuf};

use super::{ProfileError, ProfileFile};

/// The profile that a client takes its key from, found when the client is built.
#[derive(Debug, Clone)]
pub(crate) struct ProfileChoice {
    name: Option<String>,
    /// The path of the file; `None` if the home folder is unknown.
    path: Option<PathBuf>,
}

impl ProfileChoice {
    pub(crate) fn new(name: Option<&str>) -> Self {
        let variable = || env::var_os("LINQ_PROFILE").map(|name| name.to_string_lossy().into_owned());
        let variable = || variable().filter(|name| !name.is_empty());
        Self { name: name.map(str::to_owned).or_else(variable), path: ProfileFile::path().ok() }
    }

    /// Returns the key of the profile with the name; without a name the default key, or that of the active profile.
    pub(crate) fn key_or(self, default: Option<String>) -> Result<String, ProfileError> {
        if let (None, Some(key)) = (&self.name, default.filter(|key| !key.is_empty())) {
            return Ok(key);
        }
        let file = ProfileFile::read_from(&self.path.ok_or(ProfileError::NoHome)?)?;
        let profile = file.profile(self.name.as_deref())?;
        match profile.token {
            Some(token) => Ok(token.expose().to_owned()),
            None => Err(ProfileError::NoToken { name: profile.name }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn key(json: Option<&str>, name: Option<&str>, default: Option<&str>) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        if let Some(json) = json {
            fs::write(&path, json).unwrap();
        }
        let choice = ProfileChoice { name: name.map(str::to_owned), path: Some(path.clone()) };
        let key = choice.key_or(default.map(str::to_owned));
        key.map_err(|error| error.to_string().replace(&path.display().to_string(), "config.json"))
    }

    #[test]
    fn the_key_is_that_of_the_named_profile_then_the_default_then_that_of_the_active_profile() {
        const FILE: &str =
            r#"{"profile": "home", "profiles": {"home": {"token": "h"}, "work": {"token": "w"}, "new": {}}}"#;
        const MISSING: &str = "missing profile file config.json; run `linq login`, which creates it";
        const UNKNOWN: &str =
            "unknown profile \"wrok\"; expected one of home, new, work, or run `linq login --profile wrok`";
        const GONE: &str = "the active profile \"gone\" is missing; run `linq profile use NAME` with one of home, work, or `linq login`";
        const ALL_GONE: &str =
            "the active profile \"gone\" is missing: there are no profiles; run `linq login`";
        for (json, name, default, expected) in [
            (Some(FILE), Some("work"), Some("d"), Ok("w")),
            (Some(FILE), Some("work"), None, Ok("w")),
            (Some(FILE), None, Some("d"), Ok("d")),
            (Some(FILE), None, Some(""), Ok("h")),
            (Some(FILE), None, None, Ok("h")),
            (Some(FILE), Some("wrok"), Some("d"), Err(UNKNOWN)),
            (
                Some(FILE),
                Some("new"),
                Some("d"),
                Err("profile \"new\" has no API key; run `linq login --profile new`"),
            ),
            (Some(r#"{"profile": "gone", "profiles": {"home": {}, "work": {}}}"#), None, None, Err(GONE)),
            (Some(r#"{"profile": "gone", "profiles": {}}"#), None, None, Err(ALL_GONE)),
            (None, None, Some("d"), Ok("d")),
            (None, Some("work"), Some("d"), Err(MISSING)),
            (None, None, None, Err(MISSING)),
            (Some("{"), None, Some("d"), Ok("d")),
            (
                Some("{"),
                None,
                None,
                Err(
                    "invalid profile file config.json: not JSON: EOF while parsing an object at line 1 column 1; correct it, or move it away and run `linq login`",
                ),
            ),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(key(json, name, default), expected, "{json:?} {name:?} {default:?}");
        }
    }
}
