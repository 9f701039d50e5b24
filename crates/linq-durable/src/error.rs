use std::{error::Error, fmt};

/// The error of an operation of a [`Store`](crate::Store).
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kind of a [`StoreError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The queue holds as many items as it may.
    Full,
    /// The store cannot be reached or is busy. Nothing is known about the operation: it may have taken effect.
    Unavailable,
    /// The store must be changed before it can be used, for example because its schema is missing or newer than this version.
    Config,
}

impl StoreError {
    /// Creates an error without a cause.
    #[must_use]
    pub fn new(kind: StoreErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// Creates an error with its cause.
    pub fn with_source(kind: StoreErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StoreErrorKind::Full => "queue is full; raise its capacity or add workers",
            StoreErrorKind::Unavailable => "store is unavailable; the operation may have taken effect",
            StoreErrorKind::Config => "invalid store configuration",
        })?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
