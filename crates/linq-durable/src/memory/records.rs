use std::{collections::HashMap, time::Duration};

use super::queue::timestamp;
use crate::{NewRecord, Record};

/// The records of one queue. All times are since 1970.
#[derive(Default)]
pub(super) struct Records(HashMap<String, (Duration, Record)>);

impl Records {
    pub(super) fn get(&self, id: &str, now: Duration) -> Option<Record> {
        self.0.get(id).map(|written| at(written, now))
    }

    pub(super) fn put(&mut self, record: NewRecord, expected: u64, sequence: u64, now: Duration) -> bool {
        let present = self.0.get(&record.id).map(|(_, present)| (present.version, present.sequence));
        let (version, sequence) = present.unwrap_or((0, sequence));
        if version != expected {
            return false;
        }
        let id = record.id.clone();
        let record = Record::new(sequence, record, version + 1, timestamp(now), Duration::ZERO);
        self.0.insert(id, (now, record));
        true
    }

    pub(super) fn list(&self, state: Option<&str>, after: u64, limit: usize, now: Duration) -> Vec<Record> {
        let mut records: Vec<_> = self
            .0
            .values()
            .filter(|(_, record)| record.sequence > after && state.is_none_or(|state| state == record.state))
            .map(|written| at(written, now))
            .collect();
        records.sort_by_key(|record| record.sequence);
        records.truncate(limit);
        records
    }

    /// Deletes up to `limit` records for which `is_old` returns `true`, and returns how many.
    pub(super) fn sweep(&mut self, is_old: impl Fn(&str, Duration) -> bool, limit: usize) -> usize {
        let old = self.0.iter().filter(|(id, (at, _))| is_old(id, *at));
        let old: Vec<_> = old.map(|(id, _)| id.clone()).take(limit).collect();
        for id in &old {
            self.0.remove(id);
        }
        old.len()
    }
}

fn at((written, record): &(Duration, Record), now: Duration) -> Record {
    Record { age: now.saturating_sub(*written), ..record.clone() }
}
