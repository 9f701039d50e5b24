use std::{error::Error as StdError, fmt, sync::Arc};

use linq_types::{StrayCharacter, check::Violation};

use super::Unstorable;

/// What is wrong with the configuration of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvalidConfig {
    MissingKey,
    Header,
    Key(StrayCharacter),
    BaseUrl(&'static str),
    BaseUrlCharacter(StrayCharacter),
    PlainHttp,
    NoTls,
    NoClock,
    AllowPlainHttp,
}

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingKey => f.write_str(
                "missing API key; set the environment variable LINQ_API_V3_API_KEY or call `ClientBuilder::api_key`",
            ),
            Self::Header => f.write_str(
                "invalid default header: the name or value has characters that HTTP does not allow; remove them",
            ),
            Self::Key(stray) => write!(f, "invalid API key: {stray}"),
            Self::BaseUrlCharacter(stray) => write!(f, "invalid base URL: {stray}"),
            Self::PlainHttp => f.write_str(
                "invalid base URL: plain http sends the API key unencrypted to another machine; use https, or call \
                 `ClientBuilder::allow_plain_http` or set LINQ_API_V3_ALLOW_PLAIN_HTTP=1 for a network that you trust",
            ),
            Self::NoTls => f.write_str(
                "invalid base URL: https needs TLS, which this backend does not have; enable the feature `rustls` or \
                 `native-tls`, or use a connector with TLS",
            ),
            Self::NoClock => f.write_str(
                "invalid pace: the backend has no clock, without which no pace can be kept; use a backend with a clock, or \
                 do not call `ClientBuilder::pace`",
            ),
            Self::AllowPlainHttp => {
                f.write_str("invalid environment variable LINQ_API_V3_ALLOW_PLAIN_HTTP: expected 1 or 0")
            }
            Self::BaseUrl(reason) => write!(
                f,
                "invalid base URL: {reason}; expected something like https://api.linqapp.com/api/partner"
            ),
        }
    }
}

impl StdError for InvalidConfig {}

/// What is wrong with a request, found before anything was sent.
#[derive(Debug, Clone)]
pub(crate) enum InvalidRequest {
    Path(InvalidPath),
    Body(Arc<serde_json::Error>),
    #[cfg_attr(
        not(all(target_family = "wasm", target_os = "unknown")),
        expect(dead_code, reason = "every other target has a random generator")
    )]
    NoKeySource,
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    RandomGenerator(getrandom::Error),
    Uri,
    Header,
    EmptyKey,
    NoObject,
    Rule(Violation),
    Unstorable(Unstorable),
}

/// What is wrong with a value in the path, by its name in the route.
#[derive(Debug, Clone)]
pub(crate) enum InvalidPath {
    Empty(String),
    Dots(String),
    Fragment,
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(InvalidPath::Empty(name)) => write!(f, "invalid `{name}`: must not be empty"),
            Self::Path(InvalidPath::Dots(name)) => {
                write!(f, "invalid `{name}`: must not be `.` or `..`, which would change the path")
            }
            Self::Path(InvalidPath::Fragment) => {
                f.write_str("invalid `path`: must not have a fragment; encode `#` as `%23`")
            }
            Self::Body(_) => f.write_str("invalid body: not serializable as JSON"),
            Self::NoKeySource => f.write_str(
                "no idempotency key: this target has no random generator; call `ClientBuilder::key_source` or \
                 `Call::idempotency_key`",
            ),
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            Self::RandomGenerator(_) => f.write_str(
                "no idempotency key: the random generator of the operating system failed; call \
                 `ClientBuilder::key_source` or `Call::idempotency_key`",
            ),
            Self::Uri => f.write_str("invalid request URL: too long or not an absolute URL"),
            Self::EmptyKey => f.write_str("invalid idempotency key: must not be empty"),
            Self::NoObject => f.write_str(
                "invalid body: `body_field` needs a JSON object; set the field in the value given to `body`",
            ),
            Self::Rule(violation) => write!(f, "invalid request: {violation}"),
            Self::Unstorable(reason) => reason.fmt(f),
            Self::Header => {
                f.write_str("invalid header: the name or value has characters that HTTP does not allow")
            }
        }
    }
}

impl From<Violation> for InvalidRequest {
    fn from(violation: Violation) -> Self {
        Self::Rule(violation)
    }
}

impl From<Unstorable> for InvalidRequest {
    fn from(reason: Unstorable) -> Self {
        Self::Unstorable(reason)
    }
}

impl StdError for InvalidRequest {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Body(source) => Some(&**source),
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            Self::RandomGenerator(source) => Some(source),
            _ => None,
        }
    }
}
