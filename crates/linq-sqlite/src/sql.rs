//! The operations, each within the transaction of its caller.

use std::time::Duration;

use linq_durable::{
    Claim, Enqueued, Item, ItemState, Lease, NewItem, QueueName, Retention, Settled, Settlement, Stats,
};
use linq_types::Timestamp;
use rusqlite::{OptionalExtension as _, Result, Row, named_params, params};

use crate::database::Database;

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

    pub(crate) fn enqueue(&self, item: &NewItem) -> Result<Enqueued> {
        let sql = "insert into linq_seen (queue, id) values (?, ?) on conflict do nothing";
        if let Some(id) = &item.id
            && self.database.execute(sql, [self.name(), id])? == 0
        {
            return Ok(Enqueued::Duplicate);
        }
        let due_at = self.now.saturating_add(micros(item.delay));
        let (id, key) = (item.id.as_deref().unwrap_or_default(), item.key.as_deref().unwrap_or_default());
        let sequence = self.append(key, id, &item.kind, self.now, due_at, &item.body)?;
        let own = format!("#{sequence}");
        if item.id.is_none() {
            self.database.execute(sql, [self.name(), &own])?;
        }
        if item.id.is_none() || item.key.is_none() {
            let sql = "update linq_item set id = ?, key = ? where sequence = ?";
            let (id, key) = (item.id.as_ref().unwrap_or(&own), item.key.as_ref().unwrap_or(&own));
            self.database.execute(sql, params![id, key, sequence])?;
        }
        self.add_key(item.key.as_ref().unwrap_or(&own), due_at)?;
        Ok(Enqueued::New)
    }

    fn append(
        &self,
        key: &str,
        id: &str,
        kind: &str,
        received_at: Micros,
        due_at: Micros,
        body: &[u8],
    ) -> Result<i64> {
        let sql = "insert into linq_item (queue, key, id, kind, received_at, due_at, body) values (?, ?, ?, ?, ?, ?, ?)
            returning sequence";
        let values = params![self.name(), key, id, kind, received_at, due_at, body];
        self.database.row(sql, values, |row| row.get(0))
    }

    /// A key that has items already is due when the first of them is.
    fn add_key(&self, key: &str, due_at: Micros) -> Result<()> {
        let sql =
            "insert into linq_key (queue, key, due_at, token) values (?, ?, ?, 0) on conflict do nothing";
        self.database.execute(sql, params![self.name(), key, due_at])?;
        Ok(())
    }

    pub(crate) fn claim(&self, limit: usize, lease: Duration) -> Result<Vec<Claim>> {
        let sql = "select key from linq_key where queue = ? and due_at <= ? order by due_at limit ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let keys: Vec<String> =
            self.database.rows(sql, params![self.name(), self.now, limit], |row| row.get(0))?;
        keys.iter().map(|key| self.claim_key(key, lease)).collect()
    }

    fn claim_key(&self, key: &str, lease: Duration) -> Result<Claim> {
        let sql = "update linq_meta set value = value + 1 where name = 'token' returning value";
        let token: i64 = self.database.row(sql, [], |row| row.get(0))?;
        let sql = "update linq_key set token = ?, due_at = ? where queue = ? and key = ?";
        let ends_at = self.now.saturating_add(micros(lease));
        self.database.execute(sql, params![token, ends_at, self.name(), key])?;
        let sql = "update linq_item set attempts = attempts + 1
            where sequence = (select min(sequence) from linq_item where queue = ? and key = ?)
            returning sequence, id, key, kind, received_at, attempts, last_error, body";
        let item = self.database.row(sql, [self.name(), key], item)?;
        let added = item.received_at;
        Ok(Claim::new(item, token.unsigned_abs(), self.since(added)))
    }

    /// How long ago a time of the store was.
    fn since(&self, time: Timestamp) -> Duration {
        let micros =
            time.unix_seconds().saturating_mul(1_000_000) + i64::from(time.subsec_nanoseconds() / 1_000);
        Duration::from_micros(u64::try_from(self.now.saturating_sub(micros)).unwrap_or_default())
    }

    pub(crate) fn extend(&self, lease: &Lease, duration: Duration) -> Result<Settled> {
        let sql = "update linq_key set due_at = ? where queue = ? and key = ? and token = ?";
        let ends_at = self.now.saturating_add(micros(duration));
        let values = params![ends_at, self.name(), lease.key, signed(lease.token)];
        Ok(match self.database.execute(sql, values)? {
            0 => Settled::Lost,
            _ => Settled::Held,
        })
    }

    pub(crate) fn settle(&self, lease: &Lease, settlement: &Settlement) -> Result<Settled> {
        let sql = "select 1 from linq_key where queue = ? and key = ? and token = ?";
        let values = params![self.name(), lease.key, signed(lease.token)];
        if !self.database.exists(sql, values)? {
            return Ok(Settled::Lost);
        }
        let sequence = signed(lease.sequence);
        match settlement {
            Settlement::Retry { delay, error, .. } => {
                let sql = "update linq_item set due_at = ?, last_error = ? where sequence = ?";
                let due_at = self.now.saturating_add(micros(*delay));
                self.database.execute(sql, params![due_at, error, sequence])?;
            }
            Settlement::DeadLetter { error, .. } => {
                let sql = "insert into linq_dead
                    select sequence, queue, key, id, kind, received_at, ?, attempts, ?, body
                    from linq_item where sequence = ?";
                self.database.execute(sql, params![self.now, error, sequence])?;
                self.finish(sequence)?;
            }
            Settlement::Complete => self.finish(sequence)?,
            Settlement::Postpone { delay, .. } => {
                self.put_back(sequence, self.now.saturating_add(micros(*delay)))?;
            }
            // A release, or a settlement that this version does not know: nothing happened to the item.
            _ => self.put_back(sequence, self.now)?,
        }
        self.release_key(&lease.key)?;
        Ok(Settled::Held)
    }

    /// Takes the attempt back.
    fn put_back(&self, sequence: i64, due_at: Micros) -> Result<()> {
        let sql = "update linq_item set due_at = ?, attempts = max(attempts - 1, 0) where sequence = ?";
        self.database.execute(sql, params![due_at, sequence])?;
        Ok(())
    }

    fn finish(&self, sequence: i64) -> Result<()> {
        let sql = "delete from linq_item where sequence = ? returning id";
        let id: Option<String> = self.database.row(sql, [sequence], |row| row.get(0)).optional()?;
        let sql = "update linq_seen set ended_at = ? where queue = ? and id = ?";
        self.database.execute(sql, params![self.now, self.name(), id])?;
        Ok(())
    }

    /// Makes the next item of the key due, or removes the key.
    fn release_key(&self, key: &str) -> Result<()> {
        let sql = "select due_at from linq_item where queue = ? and key = ? order by sequence limit 1";
        let next: Option<Micros> = self.database.row(sql, [self.name(), key], |row| row.get(0)).optional()?;
        match next {
            Some(due_at) => {
                let sql = "update linq_key set due_at = ?, token = 0 where queue = ? and key = ?";
                self.database.execute(sql, params![due_at, self.name(), key])?;
            }
            None => {
                let sql = "delete from linq_key where queue = ? and key = ?";
                self.database.execute(sql, [self.name(), key])?;
            }
        }
        Ok(())
    }

    pub(crate) fn next_due(&self) -> Result<Option<Micros>> {
        let sql = "select min(due_at) from linq_key where queue = ?";
        self.database.row(sql, [self.name()], |row| row.get(0))
    }

    pub(crate) fn has_newer(&self, id: &str) -> Result<bool> {
        let sql = "select 1 from linq_item this join linq_item later
            on later.queue = this.queue and later.key = this.key and later.sequence > this.sequence
            where this.queue = ? and this.id = ?";
        self.database.exists(sql, [self.name(), id])
    }

    pub(crate) fn list(&self, state: ItemState, after: u64, limit: usize) -> Result<Vec<Item>> {
        let sql = match state {
            ItemState::Dead => {
                "select sequence, id, key, kind, received_at, attempts, last_error, body from linq_dead
                where queue = ? and sequence > ? order by sequence limit ?"
            }
            _ => {
                "select sequence, id, key, kind, received_at, attempts, last_error, body from linq_item
                where queue = ? and sequence > ? order by sequence limit ?"
            }
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.database.rows(sql, params![self.name(), signed(after), limit], item)
    }

    pub(crate) fn revive(&self, id: &str) -> Result<bool> {
        let sql = "delete from linq_dead where queue = ? and id = ? returning key, kind, received_at, body";
        let dead: Option<(String, String, Micros, Vec<u8>)> =
            self.database.row(sql, [self.name(), id], |row| row.try_into()).optional()?;
        let Some((key, kind, received_at, body)) = dead else { return Ok(false) };
        self.append(&key, id, &kind, received_at, self.now, &body)?;
        self.add_key(&key, self.now)?;
        let sql = "update linq_seen set ended_at = null where queue = ? and id = ?";
        self.database.execute(sql, [self.name(), id])?;
        Ok(true)
    }

    pub(crate) fn discard(&self, id: &str) -> Result<bool> {
        let sql = "delete from linq_dead where queue = ? and id = ?";
        Ok(self.database.execute(sql, [self.name(), id])? > 0)
    }

    pub(crate) fn stats(&self) -> Result<Stats> {
        let sql = "select
            (select count(*) from linq_item where queue = :queue),
            (select count(*) from linq_key where queue = :queue and token > 0 and due_at > :now),
            (select count(*) from linq_dead where queue = :queue),
            (select received_at from linq_item where queue = :queue order by sequence limit 1)";
        let values = named_params! {":queue": self.name(), ":now": self.now};
        self.database.row(sql, values, |row| {
            let oldest: Option<Micros> = row.get(3)?;
            let count = |column| row.get(column).map(i64::unsigned_abs);
            Ok(Stats::new(count(0)?, count(1)?, count(2)?, oldest.map(timestamp)))
        })
    }

    pub(crate) fn sweep(&self, retention: &Retention, limit: usize) -> Result<u64> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let before = |keep| self.now.saturating_sub(micros(keep));
        let sql = "delete from linq_dead where sequence in
            (select sequence from linq_dead where queue = ? and died_at < ? order by sequence limit ?)";
        let values = params![self.name(), before(retention.dead_letters), limit];
        let dead = self.database.execute(sql, values)?;
        let sql = "delete from linq_seen where queue = :queue and id in (
            select id from linq_seen seen where queue = :queue and ended_at < :before
            and not exists (select 1 from linq_dead where queue = :queue and id = seen.id)
            order by ended_at limit :limit)";
        let values = named_params! {":queue": self.name(), ":before": before(retention.ids), ":limit": limit};
        let ids = self.database.execute(sql, values)?;
        Ok((dead + ids) as u64)
    }
}

fn item(row: &Row<'_>) -> Result<Item> {
    let sequence: i64 = row.get(0)?;
    let new = NewItem::new(row.get::<_, String>(3)?, row.get::<_, Vec<u8>>(7)?)
        .id(row.get::<_, String>(1)?)
        .key(row.get::<_, String>(2)?);
    let mut item = Item::new(sequence.unsigned_abs(), new, timestamp(row.get(4)?));
    item.attempts = row.get(5)?;
    item.last_error = row.get(6)?;
    Ok(item)
}

/// A number of the store, which counts from 1.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn micros(duration: Duration) -> Micros {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn timestamp(micros: Micros) -> Timestamp {
    let nanoseconds = u32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap_or_default();
    Timestamp::from_unix(micros.div_euclid(1_000_000), nanoseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
