use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use linq_durable::QueueName;
use tokio_postgres::{
    Client, Error, Row,
    types::{ToSql, Type},
};

/// A value of a statement, with its type.
pub(crate) type Value<'v> = (&'v (dyn ToSql + Sync), Type);

/// What the operations share while both connections are open.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) client: Client,
    /// The connection for claims and settlements.
    leases: Client,
    pub(crate) schema: Arc<str>,
    scans: Mutex<HashMap<QueueName, Scan>>,
}

/// Where the next scan of a queue starts, as the last one returned it: see `claim` in the schema.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scan {
    pub(crate) since: Option<SystemTime>,
    pub(crate) after: Option<i64>,
    pub(crate) whole_at: Option<SystemTime>,
    /// The earliest item that became due since the last scan, perhaps after that scan passed it.
    earliest: Option<SystemTime>,
}

impl Scan {
    pub(crate) fn new(since: Option<SystemTime>, after: Option<i64>, whole_at: Option<SystemTime>) -> Self {
        Self { since, after, whole_at, earliest: None }
    }
}

impl Session {
    pub(crate) fn new(client: Client, leases: Client, schema: &str) -> Self {
        Self { client, leases, schema: schema.into(), scans: Mutex::default() }
    }

    pub(crate) fn scan(&self, queue: &QueueName) -> Scan {
        self.scans(|scans| scans.get(queue).copied().unwrap_or_default())
    }

    pub(crate) fn set_scan(&self, queue: &QueueName, scan: Scan) {
        self.scans(|scans| {
            let earliest = scans.get(queue).and_then(|scan| scan.earliest);
            let since = scan.since.map(|since| since.min(earliest.unwrap_or(since)));
            scans.insert(queue.clone(), Scan { since, ..scan });
        });
    }

    /// Makes the next scan of a queue start at this time, if it would start later.
    pub(crate) fn scan_from(&self, queue: &QueueName, time: SystemTime) {
        self.scans(|scans| {
            let scan = scans.entry(queue.clone()).or_default();
            scan.since = scan.since.map(|since| since.min(time));
            scan.earliest = Some(scan.earliest.map_or(time, |earliest| earliest.min(time)));
        });
    }

    fn scans<T>(&self, access: impl FnOnce(&mut HashMap<QueueName, Scan>) -> T) -> T {
        access(&mut self.scans.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Statements without a name, so that a pooler can give each one another connection.
impl Session {
    pub(crate) async fn rows(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        self.client.query_typed(&self.in_schema(sql), values).await
    }

    pub(crate) async fn row(&self, sql: &str, values: &[Value<'_>]) -> Result<Row, Error> {
        self.client.query_typed_one(&self.in_schema(sql), values).await
    }

    /// Runs a statement on the connection for claims and settlements.
    pub(crate) async fn lease(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        self.leases.query_typed(&self.in_schema(sql), values).await
    }

    /// Returns the number of rows that changed.
    pub(crate) async fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        self.client.execute_typed(&self.in_schema(sql), values).await
    }

    fn in_schema(&self, sql: &str) -> String {
        sql.replace("$schema", &self.schema)
    }
}
