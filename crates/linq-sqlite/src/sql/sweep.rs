use linq_durable::Retention;
use rusqlite::{Result, named_params, params};

use super::{Queue, at_most, micros};

impl Queue<'_, '_> {
    pub(crate) fn sweep(&self, retention: &Retention, limit: usize) -> Result<u64> {
        let limit = at_most(limit);
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
        let sql = "delete from linq_record where sequence in (
            select sequence from linq_record record where queue = :queue and updated_at < :before
            and not exists (
                select 1 from linq_seen where queue = :queue and id = record.id and ended_at is null)
            order by updated_at limit :limit)";
        let values =
            named_params! {":queue": self.name(), ":before": before(retention.records), ":limit": limit};
        let records = self.database.execute(sql, values)?;
        // A pace whose time has passed allows as much as no pace.
        let sql = "delete from linq_pace where key in (select key from linq_pace where next_at <= ? limit ?)";
        self.database.execute(sql, params![self.now, limit])?;
        Ok((dead + ids + records) as u64)
    }
}
