//! The database servers, which are started for one run.

use std::{env, sync::Arc};

use anyhow::{Context as _, Result};
use redis::AsyncConnectionConfig;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, config::Host};

use super::by_hand::Xadd;

#[path = "../../../crates/linq-postgres/tests/it/server.rs"]
#[allow(dead_code, clippy::disallowed_methods, clippy::unwrap_used, reason = "code of tests")]
mod postgres_server;
#[path = "../../../crates/linq-redis/tests/it/server.rs"]
#[allow(dead_code, clippy::disallowed_methods, clippy::unwrap_used, reason = "code of tests")]
mod redis_server;

/// Those that are installed.
pub(super) struct Servers {
    pub(super) postgres: Option<Postgres>,
    pub(super) redis: Option<Redis>,
}

impl Servers {
    pub(super) fn start(runtime: &Arc<Runtime>) -> Result<Self> {
        let postgres = postgres_server::Server::start().map(|server| Postgres::new(server, runtime));
        // On the disk that is measured.
        let redis = redis_server::Server::start_in(&env::temp_dir(), None);
        let redis = redis.map(|server| Redis::new(server, runtime));
        Ok(Self { postgres: postgres.transpose()?, redis: redis.transpose()? })
    }

    /// Their names and versions.
    pub(super) fn versions(&self) -> String {
        let postgres = self.postgres.as_ref().map(|server| format!(", PostgreSQL {}", server.version));
        let redis = self.redis.as_ref().map(|server| format!(", Redis {}", server.version));
        let sqlite = linq_sqlite::rusqlite::version();
        format!("SQLite {sqlite}{}{}", postgres.unwrap_or_default(), redis.unwrap_or_default())
    }
}

pub(super) struct Postgres {
    runtime: Arc<Runtime>,
    version: String,
    admin: Client,
    config: tokio_postgres::Config,
    _server: postgres_server::Server,
}

/// A database. Transactions in one of them do not hold back the vacuum of the others.
pub(super) struct Database(tokio_postgres::Config);

impl Postgres {
    fn new(server: postgres_server::Server, runtime: &Arc<Runtime>) -> Result<Self> {
        let config: tokio_postgres::Config = server.address().parse()?;
        let (admin, version) = runtime.block_on(async {
            let admin = Database(config.clone()).connect().await?;
            let version: String = admin.query_one("show server_version", &[]).await?.get(0);
            anyhow::Ok((admin, version))
        })?;
        let version = version.split(' ').next().unwrap_or_default().to_owned();
        Ok(Self { runtime: Arc::clone(runtime), version, admin, config, _server: server })
    }

    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Creates a database.
    pub(super) fn database(&self, name: &str) -> Result<Database> {
        self.block_on(self.admin.batch_execute(&format!("create database \"{name}\"")))?;
        let mut config = self.config.clone();
        config.dbname(name);
        Ok(Database(config))
    }

    /// Creates a store in a database.
    pub(super) fn store(&self, database: &Database) -> Result<linq_postgres::Store> {
        self.block_on(async {
            let config = linq_postgres::Config::new(database.0.clone());
            let (store, driver) = linq_postgres::connect(config, NoTls).await?;
            tokio::spawn(driver.run());
            store.migrate().await?;
            Ok(store)
        })
    }
}

impl Database {
    pub(super) async fn connect(&self) -> Result<Client> {
        let (client, connection) = self.0.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Opens a transaction that sees what the database has now, and is idle until the client is dropped.
    pub(super) async fn idle_transaction(&self) -> Result<Client> {
        let client = self.connect().await?;
        client.batch_execute("begin isolation level repeatable read; select txid_current()").await?;
        Ok(client)
    }

    /// Returns the address for programs that want a URL.
    pub(super) fn url(&self) -> Result<String> {
        let folder = match self.0.get_hosts() {
            [Host::Unix(folder)] => folder.display().to_string(),
            _ => anyhow::bail!("the server listens on no socket"),
        };
        let name = self.0.get_dbname().context("the database has no name")?;
        Ok(format!("postgres://postgres@localhost/{name}?host={folder}"))
    }
}

pub(super) struct Redis {
    runtime: Arc<Runtime>,
    version: String,
    server: redis_server::Server,
}

impl Redis {
    fn new(server: redis_server::Server, runtime: &Arc<Runtime>) -> Result<Self> {
        let info: String = server.run("INFO server");
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:")).unwrap_or_default();
        Ok(Self { runtime: Arc::clone(runtime), version: version.to_owned(), server })
    }

    /// Creates a store with a name.
    pub(super) fn store(&self, name: &str) -> Result<linq_redis::Store> {
        self.runtime.block_on(async {
            let config = linq_redis::Config::new(self.server.client()).name(name);
            let (store, driver) = linq_redis::connect(config).await?;
            tokio::spawn(driver.run());
            Ok(store)
        })
    }

    pub(super) fn xadd(&self) -> Result<Xadd> {
        let client = self.server.client();
        // The default of half a second is too short for a sync on a busy disk.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let connection = client.get_multiplexed_async_connection_with_config(&config);
        Ok(Xadd(self.runtime.block_on(connection)?))
    }
}
