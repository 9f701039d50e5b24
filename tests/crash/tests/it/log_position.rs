//! The log of PostgreSQL proves that the commit of an event is flushed before its 202.

use std::{collections::HashMap, time::Duration};

use tokio::runtime;
use tokio_postgres::{Client, NoTls, types::FromSql};

use super::{
    postgres::{Server, skip},
    scene::Scene,
    victim::{OURS, Setup},
    watchdog::within,
};

const LIMIT: Duration = Duration::from_secs(90);
const EVENTS: usize = 40;
/// The first version with `pg_walinspect`.
const MINIMUM_VERSION: u32 = 150_000;

/// Leaves the log to the transactions: nothing flushes it in the background for as long as the test takes.
const QUIET: &[&str] = &[
    "alter system set wal_writer_delay = '10s'",
    "alter system set checkpoint_timeout = '1h'",
    "alter system set bgwriter_lru_maxpages = 0",
    "alter system set autovacuum = off",
    "create extension pg_walinspect",
];

/// The commits of the transactions that enqueued events, with the ends of their records.
const COMMITS: &str = "select item.id, (log.end_lsn - '0/0')::int8 as committed
    from pg_get_wal_records_info($1::text::pg_lsn, pg_current_wal_flush_lsn()) log
    join linq.item on item.xmin::text = log.xid::text
    where log.resource_manager = 'Transaction' and log.record_type like 'COMMIT%'";

/// A connection of the test.
struct Session {
    client: Client,
    runtime: runtime::Runtime,
}

impl Session {
    fn open(address: &str) -> Self {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        Self { client, runtime }
    }

    fn execute(&self, sql: &str) {
        self.runtime.block_on(self.client.batch_execute(sql)).unwrap();
    }

    fn value<T: for<'r> FromSql<'r>>(&self, sql: &str) -> T {
        self.runtime.block_on(self.client.query_one(sql, &[])).unwrap().get(0)
    }

    fn commits(&self, start: &str) -> Vec<(String, i64)> {
        let rows = self.runtime.block_on(self.client.query(COMMITS, &[&start])).unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }
}

/// Starts a server, if it is installed and new enough.
fn start() -> Option<Server> {
    let server = Server::start()?;
    let session = Session::open(&server.address());
    let version: String = session.value("select current_setting('server_version_num')");
    if version.parse::<u32>().unwrap() < MINIMUM_VERSION {
        skip(&format!("PostgreSQL {version} has no pg_walinspect"));
        return None;
    }
    QUIET.iter().for_each(|sql| session.execute(sql));
    server.stop_at_once();
    server.start_again();
    Some(server)
}

/// Delivers events one after the other to a receiver without a worker, and passes those to the test whose commit was not
/// flushed when their 202 had arrived.
///
/// Nothing but the backend of the receiver flushes the log, and it does so before it responds to the commit or not at all:
/// afterwards it waits for the next event. What is flushed when the 202 has arrived was flushed before it was sent.
fn deliver(options: &'static str, test: fn(Vec<String>)) {
    within(LIMIT, move |stage| {
        let Some(server) = start() else { return };
        let session = Session::open(&server.address());
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log").display().to_string();
        let store = format!("{}{options}", server.address());
        let setup =
            Setup { program: OURS.to_owned(), role: "receiver", store, log, fault: None, trace: None };
        let scene = stage.get_or_init(|| Scene::receiver(folder, setup, Some(Box::new(server)), 1));

        let start: String = session.value("select pg_current_wal_insert_lsn()::text");
        let mut flushed = HashMap::new();
        for _ in 0..EVENTS {
            scene.deliver_once();
            let position: i64 = session.value("select (pg_current_wal_flush_lsn() - '0/0')::int8");
            flushed.insert(scene.posters[0].accepted().pop().unwrap(), position);
        }
        assert_eq!(flushed.len(), EVENTS);
        session.execute("checkpoint");
        let commits = session.commits(&start);
        assert_eq!(commits.len(), EVENTS, "{commits:?}");
        let unflushed = commits.into_iter().filter(|(id, committed)| flushed[id] < *committed);
        test(unflushed.map(|(id, _)| id).collect());
    });
}

#[test]
fn every_202_of_postgresql_follows_a_flush_of_its_commit() {
    deliver("", |unflushed| assert_eq!(unflushed, [""; 0]));
}

#[test]
fn a_202_before_the_flush_is_noticed() {
    let asynchronous = " options='-c synchronous_commit=off'";
    deliver(asynchronous, |unflushed| assert!(unflushed.len() > EVENTS / 2, "{unflushed:?}"));
}
