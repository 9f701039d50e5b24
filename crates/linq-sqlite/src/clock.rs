#![expect(clippy::disallowed_methods, reason = "the store owns the clock")]

use std::time::{Instant, SystemTime};

use crate::sql::{Micros, micros};

/// Microseconds since 1970.
pub(crate) fn now() -> Micros {
    micros(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// A time to measure intervals from.
pub(crate) fn instant() -> Instant {
    Instant::now()
}
