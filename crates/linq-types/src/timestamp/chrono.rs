//! Conversions from and to `chrono` 0.4.

use chrono::{DateTime, FixedOffset, Offset as _, TimeZone, Utc};
use jiff::tz::Offset;

use crate::{InvalidTimestamp, Timestamp};

/// Converts the instant and drops the offset.
#[cfg(feature = "chrono-0_4")]
impl From<Timestamp> for DateTime<Utc> {
    fn from(timestamp: Timestamp) -> Self {
        let (seconds, nanoseconds) = (timestamp.unix_seconds(), timestamp.subsec_nanoseconds());
        Self::from_timestamp(seconds, nanoseconds).expect("chrono has more years than a timestamp")
    }
}

/// Converts the instant and the offset.
#[cfg(feature = "chrono-0_4")]
impl From<Timestamp> for DateTime<FixedOffset> {
    fn from(timestamp: Timestamp) -> Self {
        let offset = timestamp.offset_seconds().and_then(FixedOffset::east_opt);
        DateTime::<Utc>::from(timestamp).with_timezone(&offset.unwrap_or_else(|| Utc.fix()))
    }
}

/// Converts the instant and the offset and drops the name of the time zone.
#[cfg(feature = "chrono-0_4")]
impl<Tz: TimeZone> TryFrom<DateTime<Tz>> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(time: DateTime<Tz>) -> Result<Self, InvalidTimestamp> {
        // chrono represents a leap second by nanoseconds of one second or more.
        let (carry, nanoseconds) =
            (time.timestamp_subsec_nanos() / 1_000_000_000, time.timestamp_subsec_nanos() % 1_000_000_000);
        let timestamp = Self::from_unix(time.timestamp() + i64::from(carry), nanoseconds)?;
        let offset =
            Offset::from_seconds(time.offset().fix().local_minus_utc()).map_err(|_| InvalidTimestamp)?;
        Ok(Self { offset: Some(offset).filter(|offset| !offset.is_zero()), ..timestamp })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_converts_to_chrono_and_back_with_its_offset() {
        for text in ["2026-02-05T14:52:22.000000291-05:00", "1969-12-31T23:59:59.5Z", "2026-02-05T19:52:22Z"]
        {
            let timestamp: Timestamp = text.parse().unwrap();
            let there = DateTime::<FixedOffset>::from(timestamp);
            assert_eq!(Timestamp::try_from(there).unwrap().to_string(), text);
            assert_eq!(Timestamp::try_from(DateTime::<Utc>::from(timestamp)).unwrap(), timestamp);
        }
    }

    #[test]
    fn a_leap_second_becomes_the_next_second_and_an_out_of_range_year_is_an_error() {
        let leap: DateTime<Utc> = "2016-12-31T23:59:60Z".parse().unwrap();
        assert_eq!(Timestamp::try_from(leap).unwrap().to_string(), "2017-01-01T00:00:00Z");
        assert!(Timestamp::try_from(DateTime::<Utc>::MAX_UTC).is_err());
    }
}
