//! The operations, each one round trip and one transaction.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use linq_durable::{
    Claim, Enqueued, Item, ItemState, Lease, NewItem, QueueName, Retention, Settled, Settlement, Stats,
    StoreError, StoreErrorKind,
};
use linq_types::Timestamp;
use tokio_postgres::{
    Error, Row,
    types::{ToSql, Type},
};

use crate::job::{Addition, Session};

/// Adds a batch, and replies to each of its items.
pub(crate) async fn enqueue(session: &Session, queue: &QueueName, batch: Vec<Addition>) {
    let ids: Vec<_> = batch.iter().map(|addition| addition.item.id.as_deref()).collect();
    let keys: Vec<_> = batch.iter().map(|addition| addition.item.key.as_deref()).collect();
    let kinds: Vec<_> = batch.iter().map(|addition| addition.item.kind.as_str()).collect();
    let delays: Vec<_> = batch.iter().map(|addition| addition.item.delay.as_secs_f64()).collect();
    let bodies: Vec<&[u8]> = batch.iter().map(|addition| &*addition.item.body).collect();
    let ahead = batch.iter().map(|addition| addition.ahead).fold(0.0, f64::max);
    let added = session
        .row(
            "select $schema.enqueue($1, $2, $3, $4, $5, $6, $7)",
            &[
                (&queue.as_str(), Type::TEXT),
                (&ids, Type::TEXT_ARRAY),
                (&keys, Type::TEXT_ARRAY),
                (&kinds, Type::TEXT_ARRAY),
                (&delays, Type::FLOAT8_ARRAY),
                (&bodies, Type::BYTEA_ARRAY),
                (&ahead, Type::FLOAT8),
            ],
        )
        .await
        .and_then(|row| row.try_get::<_, Vec<bool>>(0));
    match added {
        Ok(added) => {
            for (addition, is_new) in batch.into_iter().zip(added) {
                let enqueued = if is_new { Enqueued::New } else { Enqueued::Duplicate };
                drop(addition.sender.send(Ok(enqueued)));
            }
        }
        Err(error) => {
            for addition in batch {
                drop(addition.sender.send(Err(store_error(&error))));
            }
        }
    }
}

/// A queue on a connection.
pub(crate) struct Queue<'s> {
    pub(crate) session: &'s Session,
    pub(crate) name: QueueName,
    /// How far the clock of the store is ahead of the server's, in seconds.
    pub(crate) ahead: f64,
}

impl Queue<'_> {
    pub(crate) async fn claim(&self, limit: usize, lease: Duration) -> Result<Vec<Claim>, Error> {
        let rows = self
            .session
            .rows(
                "select * from $schema.claim($1, $2, $3, $4)",
                &[
                    (&self.name.as_str(), Type::TEXT),
                    (&count(limit), Type::INT8),
                    (&lease.as_secs_f64(), Type::FLOAT8),
                    (&self.ahead, Type::FLOAT8),
                ],
            )
            .await?;
        let claim = |row: &Row| {
            let token = row.try_get::<_, i64>("token")?.unsigned_abs();
            let age = Duration::try_from_secs_f64(row.try_get("age")?).unwrap_or_default();
            Ok(Claim::new(item(row)?, token, age))
        };
        rows.iter().map(claim).collect()
    }

    pub(crate) async fn extend(&self, lease: &Lease, duration: Duration) -> Result<Settled, Error> {
        let changed = self
            .session
            .execute(
                "update $schema.key set due_at = clock_timestamp() + make_interval(secs => $4 + $5)
                where queue = $1 and key = $2 and token = $3",
                &[
                    (&self.name.as_str(), Type::TEXT),
                    (&lease.key, Type::TEXT),
                    (&signed(lease.token), Type::INT8),
                    (&duration.as_secs_f64(), Type::FLOAT8),
                    (&self.ahead, Type::FLOAT8),
                ],
            )
            .await?;
        Ok(settled(changed > 0))
    }

    pub(crate) async fn settle(&self, lease: &Lease, settlement: &Settlement) -> Result<Settled, Error> {
        let (what, delay, error) = match settlement {
            Settlement::Complete => (1_i32, 0.0, None),
            Settlement::DeadLetter { error, .. } => (2, 0.0, Some(error)),
            Settlement::Retry { delay, error, .. } => (3, delay.as_secs_f64(), Some(error)),
            Settlement::Postpone { delay, .. } => (4, delay.as_secs_f64(), None),
            // A release, or a settlement that this version does not know: nothing happened to the item.
            _ => (4, 0.0, None),
        };
        let row = self
            .session
            .row(
                "select $schema.settle($1, $2, $3, $4, $5, $6, $7, $8)",
                &[
                    (&self.name.as_str(), Type::TEXT),
                    (&lease.key, Type::TEXT),
                    (&signed(lease.token), Type::INT8),
                    (&signed(lease.sequence), Type::INT8),
                    (&what, Type::INT4),
                    (&delay, Type::FLOAT8),
                    (&error, Type::TEXT),
                    (&self.ahead, Type::FLOAT8),
                ],
            )
            .await?;
        row.try_get(0).map(settled)
    }

    /// Returns how long it takes until an item is due.
    pub(crate) async fn until_due(&self) -> Result<Option<Duration>, Error> {
        let row = self
            .session
            .row(
                "select extract(epoch from min(due_at) - clock_timestamp())::float8 - $2
                from $schema.key where queue = $1",
                &[(&self.name.as_str(), Type::TEXT), (&self.ahead, Type::FLOAT8)],
            )
            .await?;
        let seconds: Option<f64> = row.try_get(0)?;
        Ok(seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default()))
    }

    pub(crate) async fn has_newer(&self, id: &str) -> Result<bool, Error> {
        let sql = "select exists (select from $schema.item this join $schema.item later
            on later.queue = this.queue and later.key = this.key and later.sequence > this.sequence
            where this.queue = $1 and this.id = $2)";
        self.with_id(sql, id).await?.try_get(0)
    }

    pub(crate) async fn list(&self, state: ItemState, after: u64, limit: usize) -> Result<Vec<Item>, Error> {
        let sql = match state {
            ItemState::Dead => {
                "select * from $schema.dead where queue = $1 and sequence > $2 order by sequence limit $3"
            }
            _ => "select * from $schema.item where queue = $1 and sequence > $2 order by sequence limit $3",
        };
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.name.as_str(), Type::TEXT), (&signed(after), Type::INT8), (&count(limit), Type::INT8)];
        self.session.rows(sql, &values).await?.iter().map(item).collect()
    }

    pub(crate) async fn revive(&self, id: &str) -> Result<bool, Error> {
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.name.as_str(), Type::TEXT), (&id, Type::TEXT), (&self.ahead, Type::FLOAT8)];
        self.session.row("select $schema.revive($1, $2, $3)", &values).await?.try_get(0)
    }

    pub(crate) async fn discard(&self, id: &str) -> Result<bool, Error> {
        let values: [(&(dyn ToSql + Sync), Type); 2] = [(&self.name.as_str(), Type::TEXT), (&id, Type::TEXT)];
        let sql = "delete from $schema.dead where queue = $1 and id = $2";
        Ok(self.session.execute(sql, &values).await? > 0)
    }

    pub(crate) async fn stats(&self) -> Result<Stats, Error> {
        let row = self
            .session
            .row(
                "select
                (select count(*) from $schema.item where queue = $1),
                (select count(*) from $schema.key where queue = $1 and token > 0
                    and due_at > clock_timestamp() + make_interval(secs => $2)),
                (select count(*) from $schema.dead where queue = $1),
                (select received_at from $schema.item where queue = $1 order by sequence limit 1)",
                &[(&self.name.as_str(), Type::TEXT), (&self.ahead, Type::FLOAT8)],
            )
            .await?;
        let count = |column| row.try_get::<_, i64>(column).map(i64::unsigned_abs);
        let oldest: Option<SystemTime> = row.try_get(3)?;
        Ok(Stats::new(count(0)?, count(1)?, count(2)?, oldest.map(timestamp)))
    }

    pub(crate) async fn sweep(&self, retention: &Retention, limit: usize) -> Result<u64, Error> {
        let row = self
            .session
            .row(
                "with dead as (
                    delete from $schema.dead where sequence in (
                        select sequence from $schema.dead where queue = $1
                        and died_at < clock_timestamp() + make_interval(secs => $5 - $2) order by sequence limit $4)
                    returning 1
                ), ids as (
                    delete from $schema.seen where queue = $1 and id in (
                        select s.id from $schema.seen s where s.queue = $1
                        and s.ended_at < clock_timestamp() + make_interval(secs => $5 - $3)
                        and not exists (select from $schema.dead d where d.queue = $1 and d.id = s.id)
                        order by s.ended_at limit $4)
                    returning 1
                )
                select (select count(*) from dead) + (select count(*) from ids)",
                &[
                    (&self.name.as_str(), Type::TEXT),
                    (&retention.dead_letters.as_secs_f64(), Type::FLOAT8),
                    (&retention.ids.as_secs_f64(), Type::FLOAT8),
                    (&count(limit), Type::INT8),
                    (&self.ahead, Type::FLOAT8),
                ],
            )
            .await?;
        row.try_get::<_, i64>(0).map(i64::unsigned_abs)
    }

    async fn with_id(&self, sql: &str, id: &str) -> Result<Row, Error> {
        self.session.row(sql, &[(&self.name.as_str(), Type::TEXT), (&id, Type::TEXT)]).await
    }
}

/// Statements without a name, so that a pooler can give each one another connection.
impl Session {
    async fn rows(&self, sql: &str, values: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Row>, Error> {
        self.client.query_typed(&self.in_schema(sql), values).await
    }

    async fn row(&self, sql: &str, values: &[(&(dyn ToSql + Sync), Type)]) -> Result<Row, Error> {
        self.client.query_typed_one(&self.in_schema(sql), values).await
    }

    /// Returns the number of rows that changed.
    async fn execute(&self, sql: &str, values: &[(&(dyn ToSql + Sync), Type)]) -> Result<u64, Error> {
        self.client.execute_typed(&self.in_schema(sql), values).await
    }

    fn in_schema(&self, sql: &str) -> String {
        sql.replace("$schema", &self.schema)
    }
}

fn item(row: &Row) -> Result<Item, Error> {
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

fn settled(is_held: bool) -> Settled {
    if is_held { Settled::Held } else { Settled::Lost }
}

/// A number of the store, which counts from 1.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(crate) fn store_error(error: &Error) -> StoreError {
    let kind = match error.code() {
        // Undefined tables, functions and columns, and missing privileges.
        Some(code) if code.code().starts_with("42") => StoreErrorKind::Config,
        _ => StoreErrorKind::Unavailable,
    };
    let text = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    StoreError::with_source(kind, text)
}
