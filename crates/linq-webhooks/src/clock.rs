use std::time::SystemTime;

/// Seconds since 1970; a clock that is set before that reads as 1970.
#[expect(clippy::disallowed_methods, reason = "a receiver has to know how old a signature is")]
pub(crate) fn unix_now() -> i64 {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}
