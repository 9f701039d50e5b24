use std::{error::Error, fmt};

/// The error of [`connect`](crate::connect).
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The name of the schema is not an identifier of lower case letters, digits and underscores.
    InvalidSchema,
    /// The server has `synchronous_commit = off`: a commit can be lost.
    AsynchronousCommit,
    /// The server cannot be reached, or refused the connection.
    Postgres(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidSchema => f.write_str(
                "invalid schema name: expected a lower case letter, followed by such letters, digits and underscores",
            ),
            Self::AsynchronousCommit => f.write_str(
                "`synchronous_commit` is off, so that what was stored can be lost; set it to on for this role, or call \
                 `Config::allow_loss`",
            ),
            Self::Postgres(error) => write!(f, "cannot connect to PostgreSQL: {error}"),
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Postgres(error) => Some(&**error),
            Self::InvalidSchema | Self::AsynchronousCommit => None,
        }
    }
}

impl From<tokio_postgres::Error> for ConnectError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error.into())
    }
}
