use std::fmt;

use linq::types::json::JsonError;

/// Parameters that do not fit the endpoint.
#[derive(Debug)]
pub(crate) struct InvalidParameters {
    /// The place of the (first) error, such as `body.message.parts[0]`; empty for the whole.
    pub(crate) path: String,
    pub(crate) reason: String,
    /// The paths of all missing fields.
    pub(crate) missing: Vec<String>,
    pub(crate) unknown: Vec<UnknownField>,
}

/// A field that the endpoint does not have.
#[derive(Debug)]
pub(crate) struct UnknownField {
    pub(crate) path: String,
    /// The name that was probably meant.
    pub(crate) meant: Option<String>,
}

impl InvalidParameters {
    pub(crate) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), missing: Vec::new(), unknown: Vec::new() }
    }

    pub(super) fn of_fields(missing: Vec<String>, unknown: Vec<UnknownField>) -> Self {
        let first = missing.first().or(unknown.first().map(|field| &field.path)).cloned();
        let names = unknown.iter().map(ToString::to_string).collect::<Vec<_>>();
        let reasons = [listed("missing", &missing), listed("unknown", &names)];
        let reasons: Vec<_> = reasons.into_iter().flatten().collect();
        Self { path: first.unwrap_or_default(), reason: reasons.join("; "), missing, unknown }
    }
}

fn listed(what: &str, names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [name] => Some(format!("{what} field: {name}")),
        names => Some(format!("{what} fields: {}", names.join(", "))),
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
            // The reason has the paths.
            _ if !self.missing.is_empty() || !self.unknown.is_empty() => f.write_str(&self.reason),
            path => write!(f, "`{path}`: {}", self.reason),
        }
    }
}

impl fmt::Display for UnknownField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.meant {
            Some(meant) => write!(f, "{} (did you mean {meant}?)", self.path),
            None => f.write_str(&self.path),
        }
    }
}
