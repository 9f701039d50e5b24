//! Conversions from and to `time` 0.3.

use jiff::tz::Offset;
use time::{OffsetDateTime, UtcOffset};

use crate::{InvalidTimestamp, Timestamp};

/// Converts the instant and the offset. Falls back to UTC if `time` cannot represent the instant at that offset.
#[cfg(feature = "time-0_3")]
impl From<Timestamp> for OffsetDateTime {
    fn from(timestamp: Timestamp) -> Self {
        let utc = Self::from_unix_timestamp_nanos(timestamp.instant.as_nanosecond())
            .expect("time has more years than a timestamp");
        let offset =
            timestamp.offset_seconds().and_then(|seconds| UtcOffset::from_whole_seconds(seconds).ok());
        offset.and_then(|offset| utc.checked_to_offset(offset)).unwrap_or(utc)
    }
}

/// Converts the instant and the offset.
#[cfg(feature = "time-0_3")]
impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(time: OffsetDateTime) -> Result<Self, InvalidTimestamp> {
        let timestamp = Self::from_unix(time.unix_timestamp(), time.nanosecond())?;
        let offset = Offset::from_seconds(time.offset().whole_seconds()).map_err(|_| InvalidTimestamp)?;
        Ok(Self { offset: Some(offset).filter(|offset| !offset.is_zero()), ..timestamp })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_converts_to_time_and_back_with_its_offset() {
        for text in ["2026-02-05T14:52:22.000000291-05:00", "1969-12-31T23:59:59.5Z", "2026-02-05T19:52:22Z"]
        {
            let timestamp: Timestamp = text.parse().unwrap();
            assert_eq!(Timestamp::try_from(OffsetDateTime::from(timestamp)).unwrap().to_string(), text);
        }
    }

    #[test]
    fn timestamps_at_the_ends_of_the_calendar_convert() {
        for text in ["-009999-01-03T00:00:00Z", "9999-12-30T20:00:00+02:00"] {
            let timestamp: Timestamp = text.parse().unwrap();
            assert_eq!(Timestamp::try_from(OffsetDateTime::from(timestamp)), Ok(timestamp));
        }
    }
}
