//! What the reader refuses, with the offset of the byte where it did.

use std::fmt;

use serde::de;

/// Why text could not be read.
pub(crate) struct Error(Box<Inner>);

struct Inner {
    reason: String,
    /// Unknown until the reader learns of what a visitor refused.
    at: Option<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The text is not JSON, or exceeds a limit.
    Syntax,
    /// A field occurs twice.
    Duplicate,
    /// The text is JSON of another type.
    Type,
}

impl Error {
    #[cold]
    pub(super) fn syntax(reason: &str, at: usize) -> Self {
        Self(Box::new(Inner { reason: reason.to_owned(), at: Some(at), kind: Kind::Syntax }))
    }

    pub(super) fn or_at(mut self, at: usize) -> Self {
        self.0.at.get_or_insert(at);
        self
    }

    pub(super) fn reason(&self) -> &str {
        &self.0.reason
    }

    pub(super) fn at(&self) -> usize {
        self.0.at.unwrap_or_default()
    }

    pub(super) fn is_syntax(&self) -> bool {
        self.0.kind == Kind::Syntax
    }

    pub(super) fn is_duplicate(&self) -> bool {
        self.0.kind == Kind::Duplicate
    }
}

impl de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self(Box::new(Inner { reason: reason.to_string(), at: None, kind: Kind::Type }))
    }

    #[cold]
    fn duplicate_field(field: &'static str) -> Self {
        let reason = format!("duplicate field `{field}`");
        Self(Box::new(Inner { reason, at: None, kind: Kind::Duplicate }))
    }

    #[cold]
    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        match found {
            de::Unexpected::Unit => Self::custom(format_args!("invalid type: null, expected {expected}")),
            found => Self::custom(format_args!("invalid type: {found}, expected {expected}")),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.0.reason, self.at())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.reason)
    }
}

impl std::error::Error for Error {}
