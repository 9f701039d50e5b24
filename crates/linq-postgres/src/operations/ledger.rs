use std::time::Duration;

use bytes::Bytes;
use linq_durable::{NewRecord, Record};
use linq_types::PaceLimit;
use tokio_postgres::{Error, Row, types::Type};

use super::Queue;
use crate::{
    session::{Session, Value},
    values::{count, duration, seconds, signed, text, timestamp},
};

const COLUMNS: &str =
    "select *, extract(epoch from clock_timestamp() + make_interval(secs => $2) - updated_at)::float8 as age
    from $schema.record where queue = $1";

impl Queue<'_> {
    pub(crate) async fn record(&self, id: &str) -> Result<Option<Record>, Error> {
        let values: [Value<'_>; 3] =
            [(&self.name.as_str(), Type::TEXT), (&self.ahead, Type::FLOAT8), (&text(id), Type::TEXT)];
        let rows = self.session.rows(&format!("{COLUMNS} and id = $3"), &values).await?;
        rows.first().map(record).transpose()
    }

    pub(crate) async fn records(
        &self,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Record>, Error> {
        let (queue, after, limit) = (self.name.as_str(), signed(after), count(limit));
        let state = state.map(text);
        let mut values: Vec<Value<'_>> = vec![
            (&queue, Type::TEXT),
            (&self.ahead, Type::FLOAT8),
            (&after, Type::INT8),
            (&limit, Type::INT8),
        ];
        let mut condition = "";
        if let Some(state) = &state {
            values.push((state, Type::TEXT));
            condition = "and state = $5";
        }
        let sql = format!("{COLUMNS} and sequence > $3 {condition} order by sequence limit $4");
        self.session.rows(&sql, &values).await?.iter().map(record).collect()
    }
}

/// Takes one from each limit, or returns how long it is until all of them allow it.
pub(crate) async fn pace(
    session: &Session,
    limits: &[PaceLimit],
    ahead: f64,
) -> Result<Option<Duration>, Error> {
    let keys: Vec<_> = limits.iter().map(|limit| text(&limit.key)).collect();
    let intervals: Vec<_> = limits.iter().map(|limit| seconds(limit.rate.interval())).collect();
    let burst = |limit: &PaceLimit| limit.rate.interval().saturating_mul(limit.rate.burst_size());
    let bursts: Vec<_> = limits.iter().map(|limit| seconds(burst(limit))).collect();
    let row = session
        .row(
            "select $schema.pace($1, $2, $3, $4)",
            &[
                (&keys, Type::TEXT_ARRAY),
                (&intervals, Type::FLOAT8_ARRAY),
                (&bursts, Type::FLOAT8_ARRAY),
                (&ahead, Type::FLOAT8),
            ],
        )
        .await?;
    Ok(row.try_get::<_, Option<f64>>(0)?.map(duration))
}

fn record(row: &Row) -> Result<Record, Error> {
    let body = Bytes::copy_from_slice(row.try_get::<_, &[u8]>("body")?);
    let new = NewRecord::new(row.try_get::<_, String>("id")?, row.try_get::<_, String>("state")?, body);
    let number = |column| row.try_get::<_, i64>(column).map(i64::unsigned_abs);
    let updated_at = timestamp(row.try_get("updated_at")?);
    Ok(Record::new(number("sequence")?, new, number("version")?, updated_at, duration(row.try_get("age")?)))
}
