//! The profiles of the command line: API keys and lines by name, in `~/.linq/config.json`.
//!
//! `linq login` writes the file, and the official command line and its MCP server share it. A client takes its API key from it
//! with [`ClientBuilder::profile`](crate::ClientBuilder::profile); the line of the profile is read from the file:
//!
//! ```
//! # use linq_core as linq;
//! use linq::{Client, Error, HttpBackend, profile::{ProfileError, ProfileFile}, types::Handle};
//!
//! fn connect(backend: impl HttpBackend) -> Result<Client, Error> {
//!     Client::builder().from_env().profile(Some("work")).build(backend)
//! }
//!
//! fn line() -> Result<Option<Handle>, ProfileError> {
//!     Ok(ProfileFile::read()?.profile(Some("work"))?.from_phone)
//! }
//! ```

mod choice;
mod error;
mod file;
mod legacy;

use linq_types::{Handle, Secret, Timestamp};
use serde_json::{Map, Value};

pub(crate) use self::choice::ProfileChoice;
pub use self::{error::ProfileError, file::ProfileFile};

/// An account in the profile file. Fields of another JSON type or format are read as absent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The name of the profile.
    pub name: String,
    /// The API key (`token`); `None` if it is absent or empty.
    pub token: Option<Secret>,
    /// The line that sends unless another one is given (`fromPhone`), in E.164 form; `None` if it is absent or empty.
    pub from_phone: Option<Handle>,
    /// The partner that the key belongs to (`partnerId`).
    pub partner_id: Option<String>,
    /// The organization that the key belongs to (`orgId`).
    pub org_id: Option<String>,
    /// The GitHub account that a trial was signed up with (`githubLogin`).
    pub github_login: Option<String>,
    /// When a trial ends (`expiresAt`).
    pub expires_at: Option<Timestamp>,
}

impl Profile {
    fn new(name: &str, fields: &Map<String, Value>) -> Self {
        let text = |name| fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        Self {
            name: name.to_owned(),
            token: text("token").map(Secret::from),
            from_phone: text("fromPhone").map(Handle::from),
            partner_id: text("partnerId").map(str::to_owned),
            org_id: text("orgId").map(str::to_owned),
            github_login: text("githubLogin").map(str::to_owned),
            expires_at: text("expiresAt").and_then(|time| time.parse().ok()),
        }
    }
}
