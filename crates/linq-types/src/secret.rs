use std::fmt;

use serde::{Deserialize, Serialize};

/// A secret text: `Debug` redacts it, and it has no `Display`.
///
/// Serialization writes the secret in plain text.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::Secret;
///
/// let secret = Secret::from("whsec_c2VjcmV0");
/// assert_eq!(secret.expose(), "whsec_c2VjcmV0");
/// assert_eq!(format!("{secret:?}"), "Secret(<redacted>)");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct Secret(Box<str>);

impl Secret {
    /// Returns the secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(<redacted>)")
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.into())
    }
}

impl From<&String> for Secret {
    fn from(secret: &String) -> Self {
        Self::from(secret.as_str())
    }
}

/// Clones the secret, for functions that take `impl Into<Secret>`.
impl From<&Self> for Secret {
    fn from(secret: &Self) -> Self {
        secret.clone()
    }
}

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret.into())
    }
}
