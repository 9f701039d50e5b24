//! The operations, each within the transaction of its caller.

use std::time::Duration;

use linq_durable::QueueName;
use linq_types::Timestamp;

use crate::database::Database;

mod items;
mod leases;
mod pace;
mod records;
mod sweep;

pub(crate) use pace::pace;

/// Microseconds since 1970.
pub(crate) type Micros = i64;

/// A queue within a transaction.
pub(crate) struct Queue<'t, 'c> {
    pub(crate) database: &'t Database<'c>,
    pub(crate) name: &'t QueueName,
    pub(crate) now: Micros,
}

impl Queue<'_, '_> {
    fn name(&self) -> &str {
        self.name.as_str()
    }

    fn since(&self, time: Micros) -> Duration {
        Duration::from_micros(u64::try_from(self.now.saturating_sub(time)).unwrap_or_default())
    }
}

pub(crate) fn micros(duration: Duration) -> Micros {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn timestamp(micros: Micros) -> Timestamp {
    let nanoseconds = u32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap_or_default();
    Timestamp::from_unix(micros.div_euclid(1_000_000), nanoseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A number of the store, which counts from 1.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
