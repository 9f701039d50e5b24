//! Values on their way to the scripts.

use std::time::Duration;

/// The longest duration that is sent, about 127 years: the sum with the time of the server is exact in Lua.
const MAX_MICROS: u64 = 4_000_000_000_000_000;

pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX).min(MAX_MICROS)
}

pub(crate) fn limit(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
