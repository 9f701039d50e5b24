use std::{
    env,
    ffi::OsString,
    fmt,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Profile, ProfileError, legacy};

const DEFAULT_PROFILE: &str = "default";

/// The largest file that is read.
const MAX_BYTES: usize = 1024 * 1024;

/// The profile file.
///
/// Reading is lenient: older versions of the file are read as version 2. Serialization writes version 2 with the fields that
/// are not known, and with the API keys in plain text.
#[derive(Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ProfileFile {
    fields: Map<String, Value>,
}

impl ProfileFile {
    /// Returns the path of the file: `.linq/config.json` in the home folder, which is `HOME` if it is set and not empty, and
    /// else that of the platform.
    ///
    /// # Errors
    ///
    /// Returns an error if the home folder is unknown.
    pub fn path() -> Result<PathBuf, ProfileError> {
        let is_set = |path: &OsString| !path.is_empty();
        let home = env::var_os("HOME").filter(is_set).or_else(|| env::home_dir()?.into_os_string().into());
        let home = home.filter(is_set).ok_or(ProfileError::NoHome)?;
        Ok(Path::new(&home).join(".linq").join("config.json"))
    }

    /// Reads the file at its [path](Self::path).
    ///
    /// # Errors
    ///
    /// Returns an error if the home folder is unknown, there is no file, it cannot be read, or it is not a profile file of at
    /// most 1 MiB.
    pub fn read() -> Result<Self, ProfileError> {
        Self::read_from(&Self::path()?)
    }

    /// Reads a file at another path.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no file, it cannot be read, or it is not a profile file of at most 1 MiB.
    pub fn read_from(path: &Path) -> Result<Self, ProfileError> {
        let cannot_read = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => ProfileError::NoFile { path: path.to_owned() },
            _ => ProfileError::Read { path: path.to_owned(), source },
        };
        let invalid = |reason| ProfileError::Invalid { path: path.to_owned(), reason };
        // Opening a FIFO waits for a writer, so the type is checked before.
        if !fs::metadata(path).map_err(cannot_read)?.is_file() {
            return Err(invalid("not a regular file".to_owned()));
        }
        let mut json = Vec::new();
        let file = File::open(path).map_err(cannot_read)?;
        file.take(MAX_BYTES as u64 + 1).read_to_end(&mut json).map_err(cannot_read)?;
        if json.len() > MAX_BYTES {
            return Err(invalid(format!("longer than {MAX_BYTES} bytes")));
        }
        Self::parse(&json).map_err(invalid)
    }

    fn parse(json: &[u8]) -> Result<Self, String> {
        let json = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
        let value = serde_json::from_slice(json).map_err(|error| format!("not JSON: {error}"))?;
        let Value::Object(mut fields) = value else { return Err("expected a JSON object".to_owned()) };
        match fields.get("profiles") {
            None | Some(Value::Null) => {
                fields.remove("profiles");
                for (name, value) in Self::default().fields {
                    fields.entry(name).or_insert(value);
                }
            }
            Some(Value::Object(_)) => {}
            Some(_) => return Err("`profiles` must be an object".to_owned()),
        }
        legacy::migrate(&mut fields);
        Ok(Self { fields })
    }

    /// Returns the name of the active profile: that of the file, or `default` if it has none.
    #[must_use]
    pub fn active(&self) -> &str {
        let name = self.fields.get("profile").and_then(Value::as_str).filter(|name| !name.is_empty());
        name.unwrap_or(DEFAULT_PROFILE)
    }

    /// Returns the names of the profiles.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let profiles = self.profiles().into_iter().flatten();
        profiles.filter(|(_, profile)| profile.is_object()).map(|(name, _)| name.as_str()).collect()
    }

    /// Returns the profile with this name, or the active one without a name.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such profile, or the active one is missing.
    pub fn profile(&self, name: Option<&str>) -> Result<Profile, ProfileError> {
        let is_active = name.is_none();
        let name = name.unwrap_or_else(|| self.active());
        let fields = self.profiles().and_then(|profiles| profiles.get(name)?.as_object());
        fields.map(|fields| Profile::new(name, fields)).ok_or_else(|| {
            let name = name.to_owned();
            let existing = self.names().into_iter().map(str::to_owned).collect();
            match is_active {
                true => ProfileError::MissingActive { name, existing },
                false => ProfileError::UnknownProfile { name, existing },
            }
        })
    }

    fn profiles(&self) -> Option<&Map<String, Value>> {
        self.fields.get("profiles")?.as_object()
    }
}

/// The file of version 2 with one profile, `default`, which is active and empty.
impl Default for ProfileFile {
    fn default() -> Self {
        let profiles = Map::from_iter([(DEFAULT_PROFILE.to_owned(), Value::Object(Map::new()))]);
        let fields = [
            ("version", legacy::VERSION.into()),
            ("profile", DEFAULT_PROFILE.into()),
            ("profiles", profiles.into()),
        ];
        Self { fields: fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect() }
    }
}

/// Leaves the API keys out.
impl fmt::Debug for ProfileFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileFile")
            .field("active", &self.active())
            .field("names", &self.names())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use linq_types::Handle;
    use serde_json::json;

    use super::*;

    fn parsed(json: &Value) -> Map<String, Value> {
        ProfileFile::parse(json.to_string().as_bytes()).unwrap().fields
    }

    #[test]
    fn older_versions_are_read_as_version_2_and_unknown_fields_are_kept() {
        let empty = json!({"version": 2, "profile": "default", "profiles": {"default": {}}});
        assert_eq!(Value::Object(ProfileFile::default().fields), empty);
        for (old, new) in [
            (json!({}), empty.clone()),
            (json!({"profiles": null}), empty),
            (
                json!({"version": 3, "new": [1], "profile": "a", "profiles": {"a": {"token": "t", "new": {}}}}),
                json!({"version": 3, "new": [1], "profile": "a", "profiles": {"a": {"token": "t", "new": {}}}}),
            ),
            (
                json!({"profiles": {"a": {"token": "t", "phone": "1", "userPhone": "2", "sandbox": true}}}),
                json!({"version": 2, "profiles": {"a": {"token": "t"}}}),
            ),
            (
                json!({"version": 1, "profiles": {"sandbox": {"token": "t", "fromPhone": "1"}},
                    "sandbox": {"phone": "2", "expiresAt": "e", "githubLogin": "g"}}),
                json!({"version": 2, "profiles": {
                    "sandbox": {"token": "t", "fromPhone": "1", "expiresAt": "e", "githubLogin": "g"}}}),
            ),
            (
                json!({"sandbox": {"phone": "2"}, "profiles": {}}),
                json!({"version": 2, "profiles": {"sandbox": {"fromPhone": "2"}}}),
            ),
            (
                json!({"profiles": {"default": {"token": "t", "fromPhone": "1", "partnerId": "p", "new": 1,
                    "sandbox": {"phone": "1", "expiresAt": "e"}}}}),
                json!({"version": 2, "profiles": {"default": {"new": 1},
                    "sandbox": {"token": "t", "fromPhone": "1", "partnerId": "p", "expiresAt": "e"}}}),
            ),
            (
                json!({"profiles": {"work": {"token": "t", "fromPhone": "1", "sandbox": {"phone": "2"}}}}),
                json!({"version": 2, "profiles": {"work": {"token": "t", "fromPhone": "1"},
                    "sandbox": {"token": "t", "fromPhone": "2"}}}),
            ),
        ] {
            assert_eq!(Value::Object(parsed(&old)), new, "{old}");
        }
    }

    #[test]
    fn a_profile_has_the_fields_of_the_file_and_those_of_another_type_are_absent() {
        let file = r#"{"profile": "work", "profiles": {
            "work": {"token": "t", "fromPhone": "+12025550100", "partnerId": "p", "orgId": "o",
                "githubLogin": "g", "expiresAt": "2026-12-01T17:00:00Z", "new": 1},
            "odd": {"token": 1, "fromPhone": "", "partnerId": null, "orgId": [], "expiresAt": "soon"},
            "none": null
        }}"#;
        let file = ProfileFile::parse(format!("\u{feff}{file}").as_bytes()).unwrap();
        assert_eq!((file.active(), file.names()), ("work", vec!["odd", "work"]));
        let work = file.profile(None).unwrap();
        assert_eq!(work, file.profile(Some("work")).unwrap());
        assert_eq!(work.token.unwrap().expose(), "t");
        assert_eq!(work.from_phone, Some(Handle::from("+12025550100")));
        assert_eq!(
            [work.partner_id, work.org_id, work.github_login],
            ["p", "o", "g"].map(|text| Some(text.to_owned()))
        );
        assert_eq!(work.expires_at.unwrap().to_string(), "2026-12-01T17:00:00Z");
        let odd = file.profile(Some("odd")).unwrap();
        let expected = Profile {
            name: "odd".to_owned(),
            token: None,
            from_phone: None,
            partner_id: None,
            org_id: None,
            github_login: None,
            expires_at: None,
        };
        assert_eq!(odd, expected);
        for missing in ["none", "", "nowhere"] {
            assert!(
                matches!(file.profile(Some(missing)), Err(ProfileError::UnknownProfile { .. })),
                "{missing}"
            );
        }
        assert!(!format!("{file:?}").contains("\"t\""));
    }

    #[test]
    fn a_file_that_is_no_profile_file_is_an_error_that_does_not_quote_it() {
        for (text, reason) in [
            ("", "not JSON: EOF while parsing a value at line 1 column 0"),
            ("hunter2", "not JSON: expected value at line 1 column 1"),
            (r#"{"hunter2" 1}"#, "not JSON: expected `:` at line 1 column 12"),
            (r#"["hunter2"]"#, "expected a JSON object"),
            (r#"{"profiles": ["hunter2"]}"#, "`profiles` must be an object"),
        ] {
            assert_eq!(ProfileFile::parse(text.as_bytes()).unwrap_err(), reason, "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_regular_or_longer_than_1_mib_is_invalid() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        let reason = |path: &Path| match ProfileFile::read_from(path).unwrap_err() {
            ProfileError::Invalid { reason, .. } => reason,
            error => panic!("{error}"),
        };
        assert_eq!(reason(folder.path()), "not a regular file");
        fs::write(&path, format!("{{}}{}", " ".repeat(MAX_BYTES - 2))).unwrap();
        assert_eq!(ProfileFile::read_from(&path).unwrap(), ProfileFile::default());
        fs::write(&path, format!("{{}}{}", " ".repeat(MAX_BYTES - 1))).unwrap();
        assert_eq!(reason(&path), "longer than 1048576 bytes");
        if cfg!(unix) {
            let fifo = folder.path().join("fifo");
            assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
            for special in [&fifo, Path::new("/dev/zero")] {
                assert_eq!(reason(special), "not a regular file", "{}", special.display());
            }
        }
    }
}
