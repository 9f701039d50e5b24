//! The stores that commands can work on: what a store is, is in this file alone.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc};

use linq::{
    durable::{Ledger, StoreError},
    postgres::{self, ConnectError},
    sqlite::{
        self, OpenError,
        rusqlite::{self, Connection, OpenFlags},
    },
};
use tokio_postgres::{NoTls, SimpleQueryMessage, config::SslMode};

use crate::failure::{Failure, causes};

/// Where a store is. It can contain a password, and is never printed.
#[derive(Clone)]
pub(crate) enum StoreAddress {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

impl StoreAddress {
    /// Opens the store, whose schema must exist.
    pub(crate) async fn open(&self) -> Result<Arc<dyn Ledger>, Failure> {
        match self {
            Self::Sqlite(path) => Ok(Arc::new(sqlite::Store::open_existing(path)?)),
            Self::Postgres(config) => {
                let store = connect(config).await?;
                store.check().await.map_err(|error| schema_failure(&error))?;
                Ok(Arc::new(store))
            }
        }
    }

    /// Creates the schema, or brings it to the newest version, which is returned.
    pub(crate) async fn migrate(&self) -> Result<i64, Failure> {
        match self {
            Self::Sqlite(path) => {
                sqlite::Store::open(path)?;
                Ok(sqlite::SCHEMA_VERSION)
            }
            Self::Postgres(config) => {
                connect(config).await?.migrate().await?;
                Ok(postgres::SCHEMA_VERSION)
            }
        }
    }

    /// Returns the SQL that creates the schema.
    pub(crate) fn migrations(&self) -> Result<String, Failure> {
        match self {
            Self::Sqlite(_) => Ok(sqlite::Store::migrations()),
            Self::Postgres(config) => Ok(postgres::Config::new((**config).clone()).migrations()?),
        }
    }

    /// Returns the kind of the store, and its settings that durability depends on, with their values. The schema must exist.
    pub(crate) async fn settings(&self) -> Result<Vec<(&'static str, String)>, Failure> {
        self.open().await?;
        match self {
            Self::Sqlite(path) => sqlite_settings(path).map_err(|error| unavailable(&error)),
            Self::Postgres(config) => postgres_settings(config).await.map_err(|error| unavailable(&error)),
        }
    }
}

/// Runs the driver of the store as a task.
async fn connect(config: &tokio_postgres::Config) -> Result<postgres::Store, Failure> {
    let (store, driver) = postgres::connect(postgres::Config::new(config.clone()), NoTls).await?;
    tokio::spawn(driver.run());
    Ok(store)
}

fn sqlite_settings(path: &PathBuf) -> rusqlite::Result<Vec<(&'static str, String)>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, String>(0));
    Ok(vec![
        ("store", "sqlite".to_owned()),
        ("schema_version", sqlite::SCHEMA_VERSION.to_string()),
        ("sqlite_version", rusqlite::version().to_owned()),
        ("journal_mode", pragma("journal_mode")?),
        ("quick_check", pragma("quick_check(1)")?),
    ])
}

async fn postgres_settings(
    config: &tokio_postgres::Config,
) -> Result<Vec<(&'static str, String)>, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    let mut settings = vec![
        ("store", "postgres".to_owned()),
        ("schema_version", postgres::SCHEMA_VERSION.to_string()),
    ];
    for name in ["server_version", "synchronous_commit", "fsync", "full_page_writes"] {
        let messages = client.simple_query(&format!("show {name}")).await?;
        let value = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        settings.push((name, value.unwrap_or_default().to_owned()));
    }
    Ok(settings)
}

/// The reasons contain no part of the text.
impl FromStr for StoreAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            Some(("postgres" | "postgresql", _)) => {
                let config: tokio_postgres::Config = text.parse().map_err(|_| {
                    "invalid PostgreSQL address; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE"
                })?;
                match config.get_ssl_mode() {
                    SslMode::Disable | SslMode::Prefer => Ok(Self::Postgres(Box::new(config))),
                    _ => Err("sslmode demands TLS, which this program does not have; connect through a socket or a tunnel, \
                              with sslmode=disable"),
                }
            }
            Some(("redis" | "rediss", _)) => Err("this build has no Redis"),
            _ => Err("expected sqlite:FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE"),
        }
    }
}

impl fmt::Debug for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite(<redacted>)",
            Self::Postgres(_) => "Postgres(<redacted>)",
        })
    }
}

const MIGRATE: &str = "create or migrate it with `linq store migrate`";

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::MissingSchema => Self::new(format!("the database has no store; {MIGRATE}")),
            OpenError::OlderSchema { found, known, .. } => Self::new(format!(
                "the store has schema version {found}, older than {known}, which this program needs; {MIGRATE}"
            )),
            error => Self::new(error.to_string()),
        }
        .with_kind("Store")
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        unavailable(&error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        unavailable(&error)
    }
}

fn schema_failure(error: &StoreError) -> Failure {
    unavailable(error).with_note("see `linq store migrate`")
}

fn unavailable(error: &dyn std::error::Error) -> Failure {
    Failure::new(error.to_string()).with_kind("Store").with_details([("causes", causes(error).into())])
}
