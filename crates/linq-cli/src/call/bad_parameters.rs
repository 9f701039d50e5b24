use std::fmt;

use linq::types::json::JsonError;
use serde_json::{Value, json};

/// Parameters that do not fit the endpoint.
#[derive(Debug)]
pub struct BadParameters {
    path: String,
    reason: String,
}

impl BadParameters {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }

    /// Where the fault is, as in `body.message.parts[0]`; empty for the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn to_json(&self) -> Value {
        json!({"error": {"kind": "BadParameters", "path": self.path, "message": self.reason}})
    }
}

impl From<JsonError> for BadParameters {
    fn from(error: JsonError) -> Self {
        let message = error.to_string();
        let reason = message.strip_prefix(&format!("`{}`: ", error.path())).unwrap_or(&message);
        Self::new(error.path(), reason)
    }
}

impl fmt::Display for BadParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "`{path}`: {}", self.reason),
        }
    }
}

impl std::error::Error for BadParameters {}
