use linq_durable::{Enqueued, Item, ItemState, NewItem, Stats};
use rusqlite::{OptionalExtension as _, Result, Row, named_params, params};

use super::{Micros, Queue, at_most, micros, signed, timestamp};

impl Queue<'_, '_> {
    pub(crate) fn enqueue(&self, item: &NewItem) -> Result<Enqueued> {
        let remember = "insert into linq_seen (queue, id) values (?, ?) on conflict do nothing";
        if let Some(id) = &item.id
            && self.database.execute(remember, [self.name(), id])? == 0
        {
            return Ok(Enqueued::Duplicate);
        }
        let due_at = self.now.saturating_add(micros(item.delay));
        let (id, key) = (item.id.as_deref().unwrap_or_default(), item.key.as_deref().unwrap_or_default());
        let sql = "insert into linq_item (queue, key, id, kind, received_at, due_at, body)
            values (?, ?, ?, ?, ?, ?, ?)";
        let values = params![self.name(), key, id, item.kind, self.now, due_at, &item.body[..]];
        self.database.execute(sql, values)?;
        if let (Some(_), Some(key)) = (&item.id, &item.key) {
            self.add_key(key, due_at)?;
            return Ok(Enqueued::New);
        }
        let sequence = self.database.last_row();
        let own = format!("#{sequence}");
        if item.id.is_none() {
            self.database.execute(remember, [self.name(), &own])?;
        }
        let (id, key) = (item.id.as_ref().unwrap_or(&own), item.key.as_ref().unwrap_or(&own));
        let sql = "update linq_item set id = ?, key = ? where sequence = ?";
        self.database.execute(sql, params![id, key, sequence])?;
        self.add_key(key, due_at)?;
        Ok(Enqueued::New)
    }

    /// A key that has items already is due when the first of them is.
    fn add_key(&self, key: &str, due_at: Micros) -> Result<()> {
        let sql =
            "insert into linq_key (queue, key, due_at, token) values (?, ?, ?, 0) on conflict do nothing";
        self.database.execute(sql, params![self.name(), key, due_at])?;
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
                "select sequence, id, key, kind, received_at, attempts, last_error, body from linq_dead not indexed
                where queue = ? and sequence > ? order by sequence limit ?"
            }
            _ => {
                "select sequence, id, key, kind, received_at, attempts, last_error, body from linq_item not indexed
                where queue = ? and sequence > ? order by sequence limit ?"
            }
        };
        self.database.rows(sql, params![self.name(), signed(after), at_most(limit)], item)
    }

    pub(crate) fn find(&self, id: &str) -> Result<Option<(ItemState, Item)>> {
        let waiting = "select sequence, id, key, kind, received_at, attempts, last_error, body from linq_item
            where queue = ? and id = ?";
        let dead = "select sequence, id, key, kind, received_at, attempts, last_error, body from linq_dead
            where queue = ? and id = ?";
        for (state, sql) in [(ItemState::Waiting, waiting), (ItemState::Dead, dead)] {
            if let Some(item) = self.database.row(sql, [self.name(), id], item).optional()? {
                return Ok(Some((state, item)));
            }
        }
        Ok(None)
    }

    pub(crate) fn revive(&self, id: &str) -> Result<bool> {
        let sql = "insert into linq_item (queue, key, id, kind, received_at, due_at, last_error, body)
            select queue, key, id, kind, received_at, ?, last_error, body from linq_dead
            where queue = ? and id = ? returning key";
        let key: Option<String> =
            self.database.row(sql, params![self.now, self.name(), id], |row| row.get(0)).optional()?;
        let Some(key) = key else { return Ok(false) };
        self.discard(id)?;
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
            (select received_at from linq_item not indexed where queue = :queue order by sequence limit 1)";
        let values = named_params! {":queue": self.name(), ":now": self.now};
        self.database.row(sql, values, |row| {
            let oldest: Option<Micros> = row.get(3)?;
            let count = |column| row.get(column).map(i64::unsigned_abs);
            Ok(Stats::new(count(0)?, count(1)?, count(2)?, oldest.map(timestamp)))
        })
    }
}

pub(super) fn item(row: &Row<'_>) -> Result<Item> {
    let sequence: i64 = row.get(0)?;
    let new = NewItem::new(row.get::<_, String>(3)?, row.get::<_, Vec<u8>>(7)?)
        .id(row.get::<_, String>(1)?)
        .key(row.get::<_, String>(2)?);
    let mut item = Item::new(sequence.unsigned_abs(), new, timestamp(row.get(4)?));
    item.attempts = row.get(5)?;
    item.last_error = row.get(6)?;
    Ok(item)
}
