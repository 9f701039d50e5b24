use std::fmt;

use linq::types::json::JsonError;

/// Parameters that do not fit the endpoint.
#[derive(Debug)]
pub(crate) struct InvalidParameters {
    /// The place of the error, such as `body.message.parts[0]`; empty for the whole.
    pub(crate) path: String,
    pub(crate) reason: String,
}

impl InvalidParameters {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl From<JsonError> for InvalidParameters {
    fn from(error: JsonError) -> Self {
        let message = error.to_string();
        let reason = message.strip_prefix(&format!("`{}`: ", error.path())).unwrap_or(&message);
        Self::new(error.path(), reason)
    }
}

impl fmt::Display for InvalidParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "`{path}`: {}", self.reason),
        }
    }
}
