use linq_durable::{NewRecord, Record};
use rusqlite::{OptionalExtension as _, Result, Row, params};

use super::{Queue, at_most, signed, timestamp};

impl Queue<'_, '_> {
    pub(crate) fn record(&self, id: &str) -> Result<Option<Record>> {
        let sql = "select sequence, id, state, body, version, updated_at from linq_record
            where queue = ? and id = ?";
        self.database.row(sql, [self.name(), id], |row| self.read_record(row)).optional()
    }

    pub(crate) fn put_record(&self, record: &NewRecord, expected: u64) -> Result<bool> {
        let NewRecord { id, state, body, .. } = record;
        let written = if expected == 0 {
            let sql = "insert into linq_record (queue, id, state, body, updated_at) values (?, ?, ?, ?, ?)
                on conflict do nothing";
            self.database.execute(sql, params![self.name(), id, state, &body[..], self.now])?
        } else {
            let sql = "update linq_record set state = ?, body = ?, updated_at = ?, version = version + 1
                where queue = ? and id = ? and version = ?";
            let values = params![state, &body[..], self.now, self.name(), id, signed(expected)];
            self.database.execute(sql, values)?
        };
        Ok(written > 0)
    }

    pub(crate) fn records(&self, state: Option<&str>, after: u64, limit: usize) -> Result<Vec<Record>> {
        let (after, limit) = (signed(after), at_most(limit));
        let read = |row: &Row<'_>| self.read_record(row);
        if let Some(state) = state {
            let sql = "select sequence, id, state, body, version, updated_at from linq_record
                where queue = ? and state = ? and sequence > ? order by sequence limit ?";
            self.database.rows(sql, params![self.name(), state, after, limit], read)
        } else {
            let sql = "select sequence, id, state, body, version, updated_at from linq_record not indexed
                where queue = ? and sequence > ? order by sequence limit ?";
            self.database.rows(sql, params![self.name(), after, limit], read)
        }
    }

    fn read_record(&self, row: &Row<'_>) -> Result<Record> {
        let (sequence, version): (i64, i64) = (row.get(0)?, row.get(4)?);
        let updated_at = row.get(5)?;
        let record =
            NewRecord::new(row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, Vec<u8>>(3)?);
        Ok(Record::new(
            sequence.unsigned_abs(),
            record,
            version.unsigned_abs(),
            timestamp(updated_at),
            self.since(updated_at),
        ))
    }
}
