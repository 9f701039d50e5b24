use std::{error::Error as StdError, fmt};

/// Why there is no response.
///
/// `Display` and `Debug` show the error of the HTTP library. A backend removes URLs from it, because they can be signed.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// Creates an error of this kind.
    #[must_use]
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// Creates an error of this kind with the error of the HTTP library.
    pub fn with_source(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// Returns the kind, by which the client decides about a retry.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::Timeout => "timed out",
            TransportErrorKind::TooLarge => {
                "the response is too large; raise `max_response_bytes` of the backend"
            }
            TransportErrorKind::Other => "the connection failed",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The kinds of transport errors, by what they mean for a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was established, also not before the timeout, so the request was not sent. A retry is always safe.
    Connect,
    /// No response arrived in time. The request may have been sent.
    Timeout,
    /// The response is larger than the backend accepts.
    TooLarge,
    /// Anything else. The request may have been sent.
    Other,
}
