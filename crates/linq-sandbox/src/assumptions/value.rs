use std::{fmt, time::Duration};

use http::StatusCode;
use linq_types::error::ErrorCode;

use crate::duration;

/// A value of an assumption that can be written as text.
pub(super) trait Value: Sized {
    /// What is allowed, after "expected".
    const EXPECTED: &str;

    fn parse(text: &str) -> Option<Self>;
}

impl Value for bool {
    const EXPECTED: &str = "true or false";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for Duration {
    const EXPECTED: &str = "a duration such as 30s or 5m";

    fn parse(text: &str) -> Option<Self> {
        duration::parse(text)
    }
}

impl Value for Option<Duration> {
    const EXPECTED: &str = "a duration such as 30s or 5m, or none";

    fn parse(text: &str) -> Option<Self> {
        if text == "none" { Some(None) } else { duration::parse(text).map(Some) }
    }
}

impl Value for Option<u32> {
    const EXPECTED: &str = "a number, or none";

    fn parse(text: &str) -> Option<Self> {
        if text == "none" { Some(None) } else { text.parse().ok().map(Some) }
    }
}

impl Value for ErrorCode {
    const EXPECTED: &str = "an error code such as 1005";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self::new)
    }
}

impl Value for StatusCode {
    const EXPECTED: &str = "a status code of an error, from 400 to 599";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|status: &Self| status.is_client_error() || status.is_server_error())
    }
}

/// An assumption that does not exist, or a value that it cannot have.
///
/// `Display` says what is allowed. It does not quote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidAssumption(Reason);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Name(&'static [&'static str]),
    Value { name: &'static str, expected: &'static str },
}

impl InvalidAssumption {
    pub(super) fn name(known: &'static [&'static str]) -> Self {
        Self(Reason::Name(known))
    }

    pub(super) fn value<T: Value>(name: &'static str, _: &T) -> Self {
        Self(Reason::Value { name, expected: T::EXPECTED })
    }
}

impl fmt::Display for InvalidAssumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Reason::Name(known) => write!(f, "unknown name; expected one of {}", known.join(", ")),
            Reason::Value { name, expected } => write!(f, "invalid value for {name}: expected {expected}"),
        }
    }
}

impl std::error::Error for InvalidAssumption {}
