//! The stores that commands can work on: what a store is, is in this file alone.

use std::{collections::BTreeMap, error::Error, fmt, path::PathBuf, str::FromStr, sync::Arc};

use linq::{
    durable::{Ledger, StoreError},
    postgres, redis,
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
    Redis(::redis::Client),
}

/// The names of settings, and their values.
pub(crate) type Settings = Vec<(&'static str, String)>;

impl StoreAddress {
    /// Opens the store, whose schema must exist. It is not refused if it can lose what was stored.
    pub(crate) async fn open(&self) -> Result<Arc<dyn Ledger>, Failure> {
        match self {
            Self::Sqlite(path) => Ok(Arc::new(sqlite::Store::open_existing(path)?)),
            Self::Postgres(config) => {
                let store = connect_postgres(postgres_config(config).allow_loss()).await?;
                store.check().await.map_err(|error| failure(&error).with_note(MIGRATE))?;
                Ok(Arc::new(store))
            }
            Self::Redis(client) => Ok(Arc::new(connect_redis(redis_config(client).allow_loss()).await?)),
        }
    }

    /// Creates the schema, or brings it to the newest version, which is returned; `None` if the store has none.
    pub(crate) async fn migrate(&self) -> Result<Option<i64>, Failure> {
        match self {
            Self::Sqlite(path) => {
                sqlite::Store::open(path)?;
                Ok(Some(sqlite::SCHEMA_VERSION))
            }
            Self::Postgres(config) => {
                let store = connect_postgres(postgres_config(config).allow_loss()).await?;
                store.migrate().await?;
                Ok(Some(postgres::SCHEMA_VERSION))
            }
            Self::Redis(_) => Ok(None),
        }
    }

    /// Returns the SQL that creates the schema.
    pub(crate) fn migrations(&self) -> Result<String, Failure> {
        match self {
            Self::Sqlite(_) => Ok(sqlite::Store::migrations()),
            Self::Postgres(config) => postgres_config(config).migrations().map_err(|error| failure(&error)),
            Self::Redis(_) => Err(Failure::new("a store on Redis has no schema").with_kind("Store")),
        }
    }

    /// Returns the kind of the store, the version of its schema, and the settings that durability depends on. It fails if the
    /// schema is missing, or if the store can lose what was stored.
    pub(crate) async fn check(&self) -> Result<Settings, Failure> {
        match self {
            Self::Sqlite(path) => {
                sqlite::Store::open_existing(path)?;
                sqlite_settings(path).map_err(|error| failure(&error))
            }
            Self::Postgres(config) => {
                let store = connect_postgres(postgres_config(config)).await?;
                store.check().await.map_err(|error| failure(&error).with_note(MIGRATE))?;
                postgres_settings(config).await.map_err(|error| failure(&error))
            }
            Self::Redis(client) => {
                connect_redis(redis_config(client)).await?;
                redis_settings(client).await.map_err(|error| failure(&error))
            }
        }
    }
}

fn postgres_config(config: &tokio_postgres::Config) -> postgres::Config {
    postgres::Config::new(config.clone())
}

fn redis_config(client: &::redis::Client) -> redis::Config {
    redis::Config::new(client.clone())
}

/// Connects, and runs the driver of the store as a task.
async fn connect_postgres(config: postgres::Config) -> Result<postgres::Store, Failure> {
    let (store, driver) = postgres::connect(config, NoTls).await.map_err(|error| failure(&error))?;
    tokio::spawn(driver.run());
    Ok(store)
}

async fn connect_redis(config: redis::Config) -> Result<redis::Store, Failure> {
    let (store, driver) = redis::connect(config).await.map_err(|error| failure(&error))?;
    tokio::spawn(driver.run());
    Ok(store)
}

fn sqlite_settings(path: &PathBuf) -> rusqlite::Result<Settings> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let pragma =
        |name: &str| connection.query_row(&format!("pragma {name}"), [], |row| row.get::<_, String>(0));
    Ok(vec![
        ("store", "sqlite".to_owned()),
        ("schema_version", sqlite::SCHEMA_VERSION.to_string()),
        ("sqlite_version", rusqlite::version().to_owned()),
        ("journal_mode", pragma("journal_mode")?),
        ("quick_check", pragma("quick_check(1)")?),
    ])
}

async fn postgres_settings(config: &tokio_postgres::Config) -> Result<Settings, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    let mut settings =
        vec![("store", "postgres".to_owned()), ("schema_version", postgres::SCHEMA_VERSION.to_string())];
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

async fn redis_settings(client: &::redis::Client) -> Result<Settings, ::redis::RedisError> {
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut settings = vec![("store", "redis".to_owned())];
    for name in ["appendonly", "appendfsync", "maxmemory-policy"] {
        let mut get = ::redis::cmd("CONFIG");
        let mut values: BTreeMap<String, String> =
            get.arg("GET").arg(name).query_async(&mut connection).await?;
        settings.push((name, values.remove(name).unwrap_or_default()));
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
                let config: tokio_postgres::Config = text.parse().map_err(
                    |_| "invalid PostgreSQL address; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE",
                )?;
                match config.get_ssl_mode() {
                    SslMode::Disable | SslMode::Prefer => Ok(Self::Postgres(Box::new(config))),
                    _ => Err(
                        "sslmode demands TLS, which this program does not have; connect through a socket or a tunnel, \
                              with sslmode=disable",
                    ),
                }
            }
            Some(("redis" | "redis+unix" | "valkey" | "valkey+unix", _)) => {
                let client = ::redis::Client::open(text);
                client
                    .map(Self::Redis)
                    .map_err(|_| "invalid Redis address; expected redis://USER:PASSWORD@HOST:PORT")
            }
            Some(("rediss" | "valkeys", _)) => {
                Err("rediss demands TLS, which this program does not have; connect through a tunnel")
            }
            _ => Err(
                "expected sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/DATABASE or redis://USER:PASSWORD@HOST:PORT",
            ),
        }
    }
}

impl fmt::Debug for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite(<redacted>)",
            Self::Postgres(_) => "Postgres(<redacted>)",
            Self::Redis(_) => "Redis(<redacted>)",
        })
    }
}

const MIGRATE: &str = "`linq store migrate` creates or migrates it";

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let failure = failure(&error);
        match error {
            OpenError::MissingSchema | OpenError::OlderSchema { .. } => failure.with_note(MIGRATE),
            _ => failure,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        failure(&error)
    }
}

/// The message has the causes that are not in it already.
fn failure(error: &dyn Error) -> Failure {
    let causes = causes(error);
    let mut message = String::new();
    for cause in causes.iter().filter(|cause| !cause.is_empty()) {
        if !message.contains(&**cause) {
            message = if message.is_empty() { cause.clone() } else { format!("{message}: {cause}") };
        }
    }
    Failure::new(message).with_kind("Store").with_details([("causes", causes.into())])
}
