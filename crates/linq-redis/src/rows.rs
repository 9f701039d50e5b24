//! The replies of the scripts.

use std::time::Duration;

use bytes::Bytes;
use linq_durable::{Claim, Item, NewItem, NewRecord, Record};
use linq_types::Timestamp;

/// The sequence number, and the id, key, kind, time in microseconds, attempts, error and body.
pub(crate) type ItemRow = (u64, (String, String, String, u64, u32, Option<String>, Bytes));

/// The token, the age in microseconds and the item.
pub(crate) type ClaimRow = (u64, u64, ItemRow);

/// The id; the sequence number, state, body, version and time in microseconds; and the age in microseconds.
pub(crate) type RecordRow = (String, (u64, String, Bytes, u64, u64), u64);

pub(crate) fn item((sequence, (id, key, kind, received_at, attempts, error, body)): ItemRow) -> Item {
    let new = NewItem::new(kind, body).id(id).key(key);
    let mut item = Item::new(sequence, new, timestamp(received_at));
    item.attempts = attempts;
    item.last_error = error;
    item
}

pub(crate) fn claim((token, age, row): ClaimRow) -> Claim {
    Claim::new(item(row), token, Duration::from_micros(age))
}

pub(crate) fn record((id, (sequence, state, body, version, updated_at), age): RecordRow) -> Record {
    let record = NewRecord::new(id, state, body);
    Record::new(sequence, record, version, timestamp(updated_at), Duration::from_micros(age))
}

/// The time that is so many microseconds after 1970.
pub(crate) fn timestamp(micros: u64) -> Timestamp {
    let since_1970 = Duration::from_micros(micros);
    i64::try_from(since_1970.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_unix(seconds, since_1970.subsec_nanos()).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}
