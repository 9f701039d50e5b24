use std::{error::Error, fmt, io};

/// The error when a database cannot be opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be created or read.
    File(io::Error),
    /// The file is on a network file system of this type, where the locks of SQLite cannot be trusted.
    NetworkFileSystem(String),
    /// The database has no tables of a store. [`Store::open`](crate::Store::open) creates them.
    MissingSchema,
    /// The schema of the database is older than that of this version of the crate. [`Store::open`](crate::Store::open) migrates
    /// it.
    #[non_exhaustive]
    OlderSchema {
        /// The version of the schema.
        found: i64,
        /// The version that this crate needs.
        known: i64,
    },
    /// The schema of the database is newer than this version of the crate.
    #[non_exhaustive]
    NewerSchema {
        /// The version of the schema.
        found: i64,
        /// The newest version that this crate knows.
        known: i64,
    },
    /// SQLite returned an error, for example because the file is not a database.
    Sqlite(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "cannot open the database file: {error}"),
            Self::NetworkFileSystem(kind) => write!(
                f,
                "database file is on a network file system ({kind}), where SQLite can lose data; put it on a local disk"
            ),
            Self::MissingSchema => f.write_str(
                "schema is missing in the database; create it with `Store::open` or `Store::migrations`",
            ),
            Self::OlderSchema { found, known } => write!(
                f,
                "schema version {found} of the database is older than {known}, which this version needs; migrate it with `Store::open`"
            ),
            Self::NewerSchema { found, known } => write!(
                f,
                "schema version {found} of the database is newer than {known}, which this version knows; upgrade linq-sqlite"
            ),
            Self::Sqlite(error) => write!(f, "cannot open the database: {error}"),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File(error) => Some(error),
            Self::Sqlite(error) => Some(&**error),
            Self::NetworkFileSystem(_)
            | Self::MissingSchema
            | Self::OlderSchema { .. }
            | Self::NewerSchema { .. } => None,
        }
    }
}

impl OpenError {
    pub(crate) fn sqlite(error: rusqlite::Error) -> Self {
        Self::Sqlite(error.into())
    }
}
