use std::time::SystemTime;

use linq::types::Timestamp;

/// Returns the current time in whole seconds.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix(now_with_millis().unix_seconds(), 0).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Returns the current time in milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "commands sign, verify and record with the current time by default"
)]
pub(crate) fn now_with_millis() -> Timestamp {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(elapsed.as_secs()).unwrap_or_default();
    Timestamp::from_unix(seconds, elapsed.subsec_millis() * 1_000_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Parses whole seconds since 1970.
pub(super) fn parse_unix(text: &str) -> Result<Timestamp, &'static str> {
    let timestamp = text.parse().ok().and_then(|seconds| Timestamp::from_unix(seconds, 0).ok());
    timestamp.ok_or("invalid time: expected whole seconds since 1970, such as 1790000000")
}
