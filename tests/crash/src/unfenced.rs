use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use linq_durable::{Lease, QueueName};
use rusqlite::{Connection, params};

/// Another connection to the database of a store on SQLite, which makes each lease the one that is held: the store takes every
/// fencing token.
#[derive(Debug)]
pub(crate) struct Unfenced(Mutex<Connection>);

impl Unfenced {
    pub(crate) fn open(address: &str) -> anyhow::Result<Self> {
        let path = address.strip_prefix("sqlite:").context("this fault needs a store on SQLite")?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        Ok(Self(Mutex::new(connection)))
    }

    pub(crate) fn hold(&self, queue: &QueueName, lease: &Lease) {
        let sql = "update linq_key set token = ? where queue = ? and key = ?";
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A lease that is not held is lost, as without the fault.
        drop(connection.execute(sql, params![lease.token.cast_signed(), queue.as_str(), lease.key]));
    }
}
