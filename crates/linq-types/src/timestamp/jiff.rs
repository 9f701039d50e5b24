//! Conversions from and to `jiff` 0.2.

use jiff::{Timestamp as Instant, Zoned, tz::Offset};

use crate::Timestamp;

/// Converts the instant and drops the offset.
#[cfg(feature = "jiff-0_2")]
impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.instant
    }
}

/// Converts the instant and the offset.
#[cfg(feature = "jiff-0_2")]
impl From<Timestamp> for Zoned {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.instant.to_zoned(timestamp.offset.unwrap_or(Offset::UTC).to_time_zone())
    }
}

#[cfg(feature = "jiff-0_2")]
impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        Self { instant, offset: None }
    }
}

/// Converts the instant and the offset and drops the name of the time zone.
#[cfg(feature = "jiff-0_2")]
impl From<&Zoned> for Timestamp {
    fn from(zoned: &Zoned) -> Self {
        let offset = Some(zoned.offset()).filter(|offset| !offset.is_zero());
        Self { instant: zoned.timestamp(), offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_converts_to_jiff_and_back_with_its_offset() {
        for text in ["2026-02-05T14:52:22.000000291-05:00", "1969-12-31T23:59:59.5Z", "2026-02-05T19:52:22Z"]
        {
            let timestamp: Timestamp = text.parse().unwrap();
            assert_eq!(Timestamp::from(&Zoned::from(timestamp)).to_string(), text);
            assert_eq!(Timestamp::from(Instant::from(timestamp)), timestamp);
        }
    }
}
