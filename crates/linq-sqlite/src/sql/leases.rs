use std::time::Duration;

use linq_durable::{Claim, Item, Lease, Settled, Settlement};
use rusqlite::{OptionalExtension as _, Result, Row, params};

use super::{Micros, Queue, at_most, items::item, micros, signed};

impl Queue<'_, '_> {
    pub(crate) fn claim(&self, limit: usize, lease: Duration) -> Result<Vec<Claim>> {
        let sql = "select key from linq_key where queue = ? and due_at <= ? order by due_at, key limit ?";
        let keys: Vec<String> =
            self.database.rows(sql, params![self.name(), self.now, at_most(limit)], |row| row.get(0))?;
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
        let claimed = |row: &Row<'_>| Ok((item(row)?, row.get(4)?));
        let (item, received_at) = self.database.row(sql, [self.name(), key], claimed)?;
        Ok(Claim::new(item, token.unsigned_abs(), self.since(received_at)))
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

    /// A lease that ended is held as long as nobody else claimed the key.
    fn is_held(&self, lease: &Lease) -> Result<bool> {
        let sql = "select 1 from linq_key where queue = ? and key = ? and token = ?";
        self.database.exists(sql, params![self.name(), lease.key, signed(lease.token)])
    }

    pub(crate) fn gather(&self, lease: &Lease, limit: usize) -> Result<Vec<Item>> {
        if !self.is_held(lease)? {
            return Ok(Vec::new());
        }
        let sequence = signed(lease.sequence);
        let sql = "select 1 from linq_item where sequence = ? and attempts > 1";
        let is_again = self.database.exists(sql, [sequence])?;
        let sql = "select sequence, id, key, kind, received_at, attempts, last_error, body from linq_item
            where queue = ? and key = ? and sequence > ? order by sequence limit ?";
        let values = params![self.name(), lease.key, sequence, at_most(limit)];
        let mut burst = self.database.rows(sql, values, item)?;
        if is_again {
            let attempted = burst.iter().take_while(|item| item.attempts > 0).count();
            burst.truncate(attempted);
        }
        if let Some(last) = burst.last() {
            let sql = "update linq_item set attempts = attempts + 1
                where queue = ? and key = ? and sequence > ? and sequence <= ?";
            let values = params![self.name(), lease.key, sequence, signed(last.sequence)];
            self.database.execute(sql, values)?;
        }
        burst.iter_mut().for_each(|item| item.attempts = item.attempts.saturating_add(1));
        Ok(burst)
    }

    pub(crate) fn settle(&self, lease: &Lease, settlement: &Settlement) -> Result<Settled> {
        if !self.is_held(lease)? {
            return Ok(Settled::Lost);
        }
        let (first, last) = (signed(lease.sequence), signed(lease.last_sequence));
        match settlement {
            Settlement::Retry { delay, error, .. } => {
                let sql = "update linq_item set due_at = ?, last_error = ?
                    where queue = ? and key = ? and sequence between ? and ?";
                let due_at = self.now.saturating_add(micros(*delay));
                let values = params![due_at, error, self.name(), lease.key, first, last];
                self.database.execute(sql, values)?;
            }
            Settlement::DeadLetter { error, .. } => {
                let sql = "insert into linq_dead
                    (sequence, queue, key, id, kind, received_at, died_at, attempts, last_error, body)
                    select sequence, queue, key, id, kind, received_at, ?, attempts, ?, body from linq_item
                    where queue = ? and key = ? and sequence between ? and ?";
                let values = params![self.now, error, self.name(), lease.key, first, last];
                self.database.execute(sql, values)?;
                self.finish(lease)?;
            }
            Settlement::Complete => self.finish(lease)?,
            Settlement::Postpone { delay, .. } => {
                self.put_back(lease, self.now.saturating_add(micros(*delay)))?;
            }
            // A release, or a settlement that this version does not know: nothing happened to the items.
            _ => self.put_back(lease, self.now)?,
        }
        self.release_key(&lease.key)?;
        Ok(Settled::Held)
    }

    /// Takes the attempts back.
    fn put_back(&self, lease: &Lease, due_at: Micros) -> Result<()> {
        let sql = "update linq_item set due_at = ?, attempts = max(attempts - 1, 0)
            where queue = ? and key = ? and sequence between ? and ?";
        let (first, last) = (signed(lease.sequence), signed(lease.last_sequence));
        self.database.execute(sql, params![due_at, self.name(), lease.key, first, last])?;
        Ok(())
    }

    fn finish(&self, lease: &Lease) -> Result<()> {
        let (first, last) = (signed(lease.sequence), signed(lease.last_sequence));
        let sql = "update linq_seen set ended_at = ?1 where queue = ?2 and id in
            (select id from linq_item where queue = ?2 and key = ?3 and sequence between ?4 and ?5)";
        self.database.execute(sql, params![self.now, self.name(), lease.key, first, last])?;
        let sql = "delete from linq_item where queue = ? and key = ? and sequence between ? and ?";
        self.database.execute(sql, params![self.name(), lease.key, first, last])?;
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
}
