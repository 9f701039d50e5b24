//! The operations that do not share a transaction with others, each one round trip.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use linq_durable::{Item, ItemState, Lease, NewItem, QueueName, Retention, Stats};
use tokio_postgres::{Error, Row, types::Type};

use crate::{
    session::{Session, Value},
    values::{count, duration, seconds, signed, text, timestamp},
};

mod ledger;

pub(crate) use ledger::pace;

/// A queue on a connection.
pub(crate) struct Queue<'s> {
    pub(crate) session: &'s Session,
    pub(crate) name: QueueName,
    /// How far the clock of the store is ahead of the server's, in seconds.
    pub(crate) ahead: f64,
}

impl Queue<'_> {
    pub(crate) async fn gather(&self, lease: &Lease, limit: usize) -> Result<Vec<Item>, Error> {
        let values: [Value<'_>; 5] = [
            (&self.name.as_str(), Type::TEXT),
            (&lease.key, Type::TEXT),
            (&signed(lease.token), Type::INT8),
            (&signed(lease.sequence), Type::INT8),
            (&count(limit), Type::INT8),
        ];
        let rows = self.session.rows("select * from $schema.gather($1, $2, $3, $4, $5)", &values).await?;
        rows.iter().map(item).collect()
    }

    /// Returns how long it takes until an item is due.
    pub(crate) async fn until_due(&self) -> Result<Option<Duration>, Error> {
        let scan = self.session.scan(&self.name);
        let values: [Value<'_>; 5] = [
            (&self.name.as_str(), Type::TEXT),
            (&scan.since, Type::TIMESTAMPTZ),
            (&scan.after, Type::INT8),
            (&scan.whole_at, Type::TIMESTAMPTZ),
            (&self.ahead, Type::FLOAT8),
        ];
        let row = self.session.row("select $schema.until_due($1, $2, $3, $4, $5)", &values).await?;
        Ok(row.try_get::<_, Option<f64>>(0)?.map(duration))
    }

    pub(crate) async fn has_newer(&self, id: &str) -> Result<bool, Error> {
        let sql = "select exists (select from $schema.seen n
            join $schema.item this on this.queue = n.queue and this.key = n.key and this.id = n.id and not this.alone
            join $schema.item later on later.queue = n.queue and later.key = n.key and later.sequence > this.sequence
            where n.queue = $1 and n.id = $2)";
        self.session.row(sql, &[(&self.name.as_str(), Type::TEXT), (&text(id), Type::TEXT)]).await?.try_get(0)
    }

    pub(crate) async fn list(&self, state: ItemState, after: u64, limit: usize) -> Result<Vec<Item>, Error> {
        let sql = match state {
            ItemState::Dead => {
                "select * from $schema.dead where queue = $1 and sequence > $2 order by sequence limit $3"
            }
            _ => {
                self.file().await?;
                "select * from $schema.item where queue = $1 and sequence > $2 order by sequence limit $3"
            }
        };
        let values: [Value<'_>; 3] =
            [(&self.name.as_str(), Type::TEXT), (&signed(after), Type::INT8), (&count(limit), Type::INT8)];
        self.session.rows(sql, &values).await?.iter().map(item).collect()
    }

    pub(crate) async fn find(&self, id: &str) -> Result<Option<(ItemState, Item)>, Error> {
        self.file().await?;
        let values: [Value<'_>; 2] = [(&self.name.as_str(), Type::TEXT), (&text(id), Type::TEXT)];
        let waiting = "select i.* from $schema.seen n join $schema.item i on i.queue = n.queue and i.key = n.key and i.id = n.id
            where n.queue = $1 and n.id = $2";
        if let Some(row) = self.session.rows(waiting, &values).await?.first() {
            return Ok(Some((ItemState::Waiting, item(row)?)));
        }
        let dead = "select * from $schema.dead where queue = $1 and id = $2";
        let rows = self.session.rows(dead, &values).await?;
        rows.first().map(|row| Ok((ItemState::Dead, item(row)?))).transpose()
    }

    pub(crate) async fn revive(&self, id: &str) -> Result<bool, Error> {
        let values: [Value<'_>; 3] =
            [(&self.name.as_str(), Type::TEXT), (&text(id), Type::TEXT), (&self.ahead, Type::FLOAT8)];
        self.session.row("select $schema.revive($1, $2, $3)", &values).await?.try_get(0)
    }

    pub(crate) async fn discard(&self, id: &str) -> Result<bool, Error> {
        let values: [Value<'_>; 2] = [(&self.name.as_str(), Type::TEXT), (&text(id), Type::TEXT)];
        let sql = "delete from $schema.dead where queue = $1 and id = $2";
        Ok(self.session.execute(sql, &values).await? > 0)
    }

    pub(crate) async fn stats(&self) -> Result<Stats, Error> {
        self.file().await?;
        let row = self
            .session
            .row(
                "select
                (select count(*) from $schema.item where queue = $1),
                (select count(*) from $schema.item where queue = $1 and token > 0
                    and claim_at > clock_timestamp() + make_interval(secs => $2)),
                (select count(*) from $schema.dead where queue = $1),
                (select received_at from $schema.item where queue = $1 order by sequence limit 1)",
                &[(&self.name.as_str(), Type::TEXT), (&self.ahead, Type::FLOAT8)],
            )
            .await?;
        let count = |column| row.try_get::<_, i64>(column).map(i64::unsigned_abs);
        let oldest: Option<SystemTime> = row.try_get(3)?;
        Ok(Stats::new(count(0)?, count(1)?, count(2)?, oldest.map(timestamp)))
    }

    /// Adds what applications added in their transactions, so that it is seen.
    async fn file(&self) -> Result<(), Error> {
        let values: [Value<'_>; 2] = [(&self.name.as_str(), Type::TEXT), (&self.ahead, Type::FLOAT8)];
        self.session.row("select $schema.file($1, 0, $2)", &values).await.map(drop)
    }

    pub(crate) async fn sweep(&self, retention: &Retention, limit: usize) -> Result<u64, Error> {
        let values: [Value<'_>; 6] = [
            (&self.name.as_str(), Type::TEXT),
            (&seconds(retention.dead_letters), Type::FLOAT8),
            (&seconds(retention.ids), Type::FLOAT8),
            (&seconds(retention.records), Type::FLOAT8),
            (&count(limit), Type::INT8),
            (&self.ahead, Type::FLOAT8),
        ];
        let row = self.session.row("select $schema.sweep($1, $2, $3, $4, $5, $6)", &values).await?;
        let mut key = Some(String::new());
        while let Some(after) = key {
            let values: [Value<'_>; 3] =
                [(&self.name.as_str(), Type::TEXT), (&after, Type::TEXT), (&count(limit), Type::INT8)];
            key = self.session.row("select $schema.sweep_keys($1, $2, $3)", &values).await?.try_get(0)?;
        }
        row.try_get::<_, i64>(0).map(i64::unsigned_abs)
    }
}

pub(crate) fn item(row: &Row) -> Result<Item, Error> {
    let body = Bytes::copy_from_slice(row.try_get::<_, &[u8]>("body")?);
    let new = NewItem::new(row.try_get::<_, String>("kind")?, body)
        .id(row.try_get::<_, String>("id")?)
        .key(row.try_get::<_, String>("key")?);
    let sequence: i64 = row.try_get("sequence")?;
    let mut item = Item::new(sequence.unsigned_abs(), new, timestamp(row.try_get("received_at")?));
    item.attempts = row.try_get::<_, i32>("attempts")?.unsigned_abs();
    item.last_error = row.try_get("last_error")?;
    Ok(item)
}
