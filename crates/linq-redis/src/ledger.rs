use std::time::Duration;

use linq_durable::{Ledger, NewRecord, QueueName, Record, StoreFuture};
use linq_types::PaceLimit;

use crate::{
    Store,
    rows::{self, RecordRow},
    scripts,
    store::read,
    values::{limit, micros},
};

impl Ledger for Store {
    fn record(&self, queue: &QueueName, id: &str) -> StoreFuture<Option<Record>> {
        let call = self.call(&scripts::RECORD, queue.as_str()).arg(id);
        read(call, |found: Option<RecordRow>| found.map(rows::record))
    }

    fn put_record(&self, queue: &QueueName, record: NewRecord, expected: u64) -> StoreFuture<bool> {
        let NewRecord { id, state, body, .. } = record;
        let call = self.call(&scripts::PUT_RECORD, queue.as_str());
        read(call.arg(id).arg(state).arg(&body[..]).arg(expected), |is_written| is_written)
    }

    fn records(
        &self,
        queue: &QueueName,
        state: Option<&str>,
        after: u64,
        most: usize,
    ) -> StoreFuture<Vec<Record>> {
        let call = self.call(&scripts::RECORDS, queue.as_str()).arg(after).arg(limit(most)).arg(state);
        read(call, |found: Vec<RecordRow>| found.into_iter().map(rows::record).collect())
    }

    fn pace(&self, limits: Vec<PaceLimit>) -> StoreFuture<Option<Duration>> {
        let call =
            limits.into_iter().fold(self.call(&scripts::PACE, ""), |call, PaceLimit { key, rate, .. }| {
                call.arg(key).arg(micros(rate.interval())).arg(rate.burst_size())
            });
        read(call, |wait: Option<u64>| wait.map(Duration::from_micros))
    }
}
