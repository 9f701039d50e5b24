use std::time::Duration;

use linq_types::PaceLimit;
use rusqlite::{OptionalExtension as _, Result, params};

use super::{Micros, micros};
use crate::database::Database;

/// Takes one from each limit, or returns how long it takes until all of them allow it.
pub(crate) fn pace(database: &Database<'_>, now: Micros, limits: &[PaceLimit]) -> Result<Option<Duration>> {
    let since_1970 = |time: Micros| Duration::from_micros(u64::try_from(time).unwrap_or_default());
    let mut wait = None;
    let mut next = Vec::new();
    for PaceLimit { key, rate, .. } in limits {
        let sql = "select next_at from linq_pace where key = ?";
        let stored: Option<Micros> = database.row(sql, [key], |row| row.get(0)).optional()?;
        match rate.check(stored.map(since_1970), since_1970(now)) {
            Ok(arrival) => next.push((key, micros(arrival))),
            Err(until_allowed) => wait = wait.max(Some(until_allowed)),
        }
    }
    if wait.is_none() {
        for (key, next_at) in next {
            let sql = "insert into linq_pace (key, next_at) values (?, ?)
                on conflict do update set next_at = excluded.next_at";
            database.execute(sql, params![key, next_at])?;
        }
    }
    Ok(wait)
}
