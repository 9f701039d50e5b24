//! Conversions between the values of the store and those of PostgreSQL.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use linq_durable::{Settled, StoreError, StoreErrorKind};
use linq_types::Timestamp;
use tokio_postgres::Error;

/// The longest duration that is stored, in seconds: about a century.
const MAX_SECONDS: f64 = 3e9;

pub(crate) fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64().min(MAX_SECONDS)
}

pub(crate) fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// Replaces the zero character, which PostgreSQL does not store.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// A number of the store, which counts from 1.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(crate) fn settled(is_held: bool) -> Settled {
    if is_held { Settled::Held } else { Settled::Lost }
}

pub(crate) fn store_error(error: &Error) -> StoreError {
    let kind = match error.code() {
        // Undefined schemas, tables, functions and columns, and missing privileges.
        Some(code) if code.code().starts_with("42") || code.code() == "3F000" => StoreErrorKind::Config,
        _ => StoreErrorKind::Unavailable,
    };
    let text = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    StoreError::with_source(kind, text)
}
