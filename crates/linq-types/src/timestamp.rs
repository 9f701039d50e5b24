use std::{
    borrow::Cow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    time::{Duration, SystemTime},
};

use ::jiff::{
    civil::DateTime,
    fmt::temporal::{Pieces, PiecesOffset},
    tz::Offset,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::json::leniently;

#[cfg(feature = "chrono-0_4")]
mod chrono;
#[cfg(feature = "jiff-0_2")]
mod jiff;
#[cfg(feature = "time-0_3")]
mod time;

/// An instant with nanosecond precision and the UTC offset that it was written with.
///
/// In JSON it is an RFC 3339 timestamp with zero to nine fraction digits, usually in UTC (`Z`); a number is read as Unix
/// seconds. Timestamps are compared by instant, regardless of their offsets.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::Timestamp;
///
/// let there: Timestamp = "2026-02-05T14:52:22.291-05:00".parse()?;
/// let utc: Timestamp = "2026-02-05T19:52:22.291Z".parse()?;
/// assert_eq!(there, utc);
/// assert_eq!(there.to_string(), "2026-02-05T14:52:22.291-05:00");
/// assert_eq!(utc.unix_seconds(), 1_770_321_142);
/// # Ok::<(), linq_types::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy)]
pub struct Timestamp {
    instant: ::jiff::Timestamp,
    /// `None` is `Z`.
    offset: Option<Offset>,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self { instant: ::jiff::Timestamp::UNIX_EPOCH, offset: None };

    /// Creates a timestamp from the seconds and nanoseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// Returns an error if the year is outside -9999 to 9999, or if `nanoseconds` is 1,000,000,000 or more.
    pub fn from_unix(seconds: i64, nanoseconds: u32) -> Result<Self, InvalidTimestamp> {
        let nanoseconds =
            i32::try_from(nanoseconds).ok().filter(|n| *n < 1_000_000_000).ok_or(InvalidTimestamp)?;
        let instant = ::jiff::Timestamp::new(seconds, nanoseconds).map_err(|_| InvalidTimestamp)?;
        Ok(Self { instant, offset: None })
    }

    /// Returns the whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn unix_seconds(&self) -> i64 {
        let seconds = self.instant.as_second();
        if self.instant.subsec_nanosecond() < 0 { seconds - 1 } else { seconds }
    }

    /// Returns the nanoseconds after [`unix_seconds`](Self::unix_seconds), 0 to 999,999,999.
    #[must_use]
    pub fn subsec_nanoseconds(&self) -> u32 {
        self.instant.subsec_nanosecond().rem_euclid(1_000_000_000).unsigned_abs()
    }

    /// Returns the offset from UTC in seconds, east positive; `None` if the timestamp was written with `Z`.
    #[must_use]
    pub fn offset_seconds(&self) -> Option<i32> {
        self.offset.map(Offset::seconds)
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(time: SystemTime) -> Result<Self, InvalidTimestamp> {
        let (seconds, nanoseconds) = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => {
                (i64::try_from(after.as_secs()).map_err(|_| InvalidTimestamp)?, after.subsec_nanos())
            }
            Err(error) => {
                let before = error.duration();
                let seconds = i64::try_from(before.as_secs()).map_err(|_| InvalidTimestamp)?;
                match before.subsec_nanos() {
                    0 => (-seconds, 0),
                    nanoseconds => (-seconds - 1, 1_000_000_000 - nanoseconds),
                }
            }
        };
        Self::from_unix(seconds, nanoseconds)
    }
}

/// Fails for instants that the platform cannot represent: on Windows those before the year 1601.
impl TryFrom<Timestamp> for SystemTime {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: Timestamp) -> Result<Self, InvalidTimestamp> {
        let seconds = timestamp.unix_seconds();
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let second = match seconds < 0 {
            true => Self::UNIX_EPOCH.checked_sub(whole),
            false => Self::UNIX_EPOCH.checked_add(whole),
        };
        let nanoseconds = Duration::from_nanos(timestamp.subsec_nanoseconds().into());
        second.and_then(|second| second.checked_add(nanoseconds)).ok_or(InvalidTimestamp)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        Self::from_canonical(text.as_bytes()).map_or_else(|| Self::from_any(text), Ok)
    }
}

impl Timestamp {
    /// Parses the format of the API, as the fast path. `None` means that [`from_any`](Self::from_any) decides.
    fn from_canonical(text: &[u8]) -> Option<Self> {
        let (seconds, rest) = text.split_first_chunk::<19>()?;
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1] = *seconds
        else {
            return None;
        };
        let (nanosecond, offset) = nanoseconds(rest)?;
        let offset = match *offset {
            [b'Z'] => None,
            [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
                let (hours, minutes) = (number([h0, h1])?, number([m0, m1])?);
                let seconds = (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * 60)?;
                Some(Offset::from_seconds(if sign == b'-' { -seconds } else { seconds }).ok()?)
            }
            _ => return None,
        };
        let two = |digits| i8::try_from(number(digits)?).ok();
        let year = number([y0, y1, y2, y3])?.try_into().ok()?;
        let (month, day, hour) = (two([m0, m1])?, two([d0, d1])?, two([h0, h1])?);
        let date_time =
            DateTime::new(year, month, day, hour, two([n0, n1])?, two([s0, s1])?, nanosecond).ok()?;
        Some(Self { instant: offset.unwrap_or(Offset::UTC).to_timestamp(date_time).ok()?, offset })
    }

    /// Parses every valid format.
    fn from_any(text: &str) -> Result<Self, InvalidTimestamp> {
        let pieces = Pieces::parse(text).map_err(|_| InvalidTimestamp)?;
        Self::from_pieces(&pieces, pieces.offset().ok_or(InvalidTimestamp)?)
    }

    /// Also reads a time without an offset, which is UTC, and digits below nanoseconds, which it ignores.
    pub(crate) fn from_lenient(text: &str) -> Result<Self, InvalidTimestamp> {
        text.parse().or_else(|_| {
            let text = without_excess_digits(text);
            let pieces = Pieces::parse(&*text).map_err(|_| InvalidTimestamp)?;
            match (pieces.offset(), pieces.time_zone_annotation()) {
                (Some(offset), _) => Self::from_pieces(&pieces, offset),
                (None, None) => Self::from_pieces(&pieces, PiecesOffset::Zulu),
                (None, Some(_)) => Err(InvalidTimestamp),
            }
        })
    }

    fn from_pieces(pieces: &Pieces<'_>, offset: PiecesOffset) -> Result<Self, InvalidTimestamp> {
        let offset = match offset {
            PiecesOffset::Zulu => None,
            numeric => Some(numeric.to_numeric_offset()),
        };
        if offset.is_some_and(has_seconds) {
            return Err(InvalidTimestamp);
        }
        let time = pieces.time().ok_or(InvalidTimestamp)?;
        let instant = offset
            .unwrap_or(Offset::UTC)
            .to_timestamp(pieces.date().to_datetime(time))
            .map_err(|_| InvalidTimestamp)?;
        Ok(Self { instant, offset })
    }
}

/// Splits off an optional fraction of one to nine digits, as nanoseconds.
fn nanoseconds(text: &[u8]) -> Option<(i32, &[u8])> {
    let [b'.', digits @ ..] = text else { return Some((0, text)) };
    let (mut value, mut unit, mut rest) = (0, 1_000_000_000, digits);
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        unit /= 10;
        value += i32::from(digit - b'0') * unit;
        rest = behind;
    }
    (1..=9).contains(&(digits.len() - rest.len())).then_some((value, rest))
}

/// RFC 3339 has no such offset.
fn has_seconds(offset: Offset) -> bool {
    offset.seconds() % 60 != 0
}

/// Removes the fraction digits after the ninth.
fn without_excess_digits(text: &str) -> Cow<'_, str> {
    let Some(point) = text.find(['.', ',']) else { return text.into() };
    let (start, fraction) = text.split_at(point + 1);
    let end = fraction.find(|character: char| !character.is_ascii_digit()).unwrap_or(fraction.len());
    let (digits, rest) = fraction.split_at(end);
    match digits.get(..9) {
        Some(nanoseconds) => format!("{start}{nanoseconds}{rest}").into(),
        None => text.into(),
    }
}

fn number<const N: usize>(digits: [u8; N]) -> Option<i32> {
    let digits = digits.map(|digit| digit.wrapping_sub(b'0'));
    let number = digits.iter().fold(0, |number, digit| number * 10 + i32::from(*digit));
    digits.iter().all(|digit| *digit < 10).then_some(number)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset.filter(|offset| !has_seconds(*offset)) {
            None => self.instant.fmt(f),
            Some(offset) => self.instant.display_with_offset(offset).fmt(f),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schemars-1")]
impl schemars::JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor {
            is_lenient: bool,
        }

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 timestamp")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                let timestamp = match self.is_lenient {
                    true => Timestamp::from_lenient(text),
                    false => text.parse(),
                };
                timestamp.map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Timestamp, E> {
                Timestamp::from_unix(seconds, 0).map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Timestamp, E> {
                i64::try_from(seconds).map_err(E::custom).and_then(|seconds| self.visit_i64(seconds))
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Timestamp, D::Error> {
                deserializer.deserialize_any(Self { is_lenient: false })
            }
        }

        leniently(deserializer, Visitor { is_lenient: true })
    }
}

/// The error of an invalid timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidTimestamp;

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid timestamp: expected RFC 3339 with an offset, such as 2026-02-05T19:52:17.041Z")
    }
}

impl std::error::Error for InvalidTimestamp {}

#[cfg(test)]
mod tests {
    use proptest::{
        prelude::{any, proptest},
        sample::Index,
    };

    use super::*;
    use crate::json;

    #[test]
    fn every_precision_and_offset_survives_a_round_trip() {
        for text in [
            "2026-02-05T19:53:01Z",
            "2026-02-05T19:53:01.5Z",
            "2026-02-05T19:52:17.041183Z",
            "2026-02-05T19:52:18.101373886Z",
            "2026-02-05T14:52:22.291-05:00",
            "2026-02-05T14:52:22+05:30",
            "1969-12-31T23:59:59.25Z",
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
    }

    /// Asserts that both parsers agree.
    fn assert_one_reading(text: &str) {
        let both_parts = |time: Timestamp| (time.instant, time.offset);
        let any = Timestamp::from_any(text).map(both_parts);
        assert_eq!(text.parse().map(both_parts), any, "{text:?}");
    }

    proptest! {
        #[test]
        fn both_parsers_agree_on_timestamps(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{0,10})?(Z|[+-][0-2][0-9]:[0-6][0-9])",
        ) {
            assert_one_reading(&text);
        }

        #[test]
        fn both_parsers_agree_on_malformed_timestamps(
            text in "20[0-9]{2}-0[1-9]-[12][0-9]T1[0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{3,9}(Z|[+-]0[0-9]:[03]0)",
            at in any::<Index>(),
            character in ".|[ tz,:.+0-9-]",
        ) {
            let at = at.index(text.len());
            assert_one_reading(&format!("{}{character}{}", &text[..at], &text[at + 1..]));
            assert_one_reading(&text[..at]);
        }
    }

    #[test]
    fn the_format_of_the_api_takes_the_fast_path() {
        for text in
            ["2026-02-05T19:53:01Z", "2026-02-05T19:52:18.101373886Z", "2026-02-05T14:52:22.291-05:00"]
        {
            assert!(Timestamp::from_canonical(text.as_bytes()).is_some(), "{text}");
            assert_one_reading(text);
        }
        for text in ["9999-12-31T23:59:60Z", "0000-01-01T00:00:00+23:59", "2026-02-05T19:53:01-00:00"] {
            assert_one_reading(text);
        }
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for text in [
            "",
            "yesterday",
            "2026-02-05",
            "2026-02-05T19:53:01",
            "2026-13-05T19:53:01Z",
            "19:53:01Z",
            "2026-02-05T19:53:01+05:30:15",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text}");
        }
    }

    #[test]
    fn other_forms_of_a_time_are_read_leniently_or_are_absent() {
        for (json, expected) in [
            (r#""2026-02-05T19:53:01""#, Some("2026-02-05T19:53:01Z")),
            (r#""2026-02-05T19:53:01.25""#, Some("2026-02-05T19:53:01.25Z")),
            (r#""2026-02-05 19:53:01""#, Some("2026-02-05T19:53:01Z")),
            (r#""2026-02-05T19:53:01.1234567891Z""#, Some("2026-02-05T19:53:01.123456789Z")),
            (
                r#""2026-02-05T19:53:01.99999999999999999999+02:00""#,
                Some("2026-02-05T19:53:01.999999999+02:00"),
            ),
            (r#""2026-02-05T19:53:01.1234567891""#, Some("2026-02-05T19:53:01.123456789Z")),
            (r#""2026-02-05T19:53:01+05:30:15""#, None),
            (r#""2026-02-05T19:53:01.1234567891+05:30:15""#, None),
            (r#""2026-02-05T19:53:01[Europe/Berlin]""#, None),
            (r#""2026-02-05T19:53:01.""#, None),
            (r#""2026-02-05""#, None),
            (r#""19:53:01""#, None),
            (r#""""#, None),
            (r#"" ""#, None),
            (r#""yesterday""#, None),
            (r#""1770321138""#, None),
            (r#""1770321138000""#, None),
            ("1770321138000", None),
            ("1770321138.5", None),
            ("true", None),
            ("{}", None),
            ("[]", None),
        ] {
            let read: Option<Timestamp> = json::from_slice::<Holder>(&holder(json)).unwrap().time;
            assert_eq!(read.map(|time| time.to_string()).as_deref(), expected, "{json}");
            assert!(json::from_slice_strict::<Holder>(&holder(json)).is_err(), "{json}");
            assert!(serde_json::from_slice::<Holder>(&holder(json)).is_err(), "{json}");
        }
        for json in [r#""2026-02-05T19:53:01.5+05:30""#, "1770321138", "null"] {
            let [lenient, strict] =
                [json::from_slice::<Holder>, json::from_slice_strict].map(|read| read(&holder(json)));
            assert_eq!(lenient.unwrap().time, strict.unwrap().time, "{json}");
        }
    }

    #[derive(Debug, Deserialize)]
    struct Holder {
        time: Option<Timestamp>,
    }

    fn holder(json: &str) -> Vec<u8> {
        format!(r#"{{"time":{json}}}"#).into()
    }

    #[test]
    fn a_time_whose_offset_has_seconds_is_written_in_utc() {
        for seconds in [19_815, -1, 59, 3_601] {
            let offset = Some(Offset::from_seconds(seconds).unwrap());
            let timestamp = Timestamp { offset, ..Timestamp::from_unix(1_770_321_138, 5).unwrap() };
            assert_eq!(timestamp.to_string(), "2026-02-05T19:52:18.000000005Z");
            assert_eq!(timestamp.to_string().parse(), Ok(timestamp));
        }
    }

    #[test]
    fn unix_seconds_round_down_and_agree_with_system_time() {
        let before: Timestamp = "1969-12-31T23:59:58.75Z".parse().unwrap();
        assert_eq!((before.unix_seconds(), before.subsec_nanoseconds()), (-2, 750_000_000));
        assert_eq!(Timestamp::from_unix(-2, 750_000_000), Ok(before));
        assert_eq!(Timestamp::try_from(SystemTime::try_from(before).unwrap()), Ok(before));
        let after: Timestamp = "2026-02-05T19:52:18.101373886Z".parse().unwrap();
        assert_eq!(Timestamp::try_from(SystemTime::try_from(after).unwrap()), Ok(after));
    }

    #[test]
    fn a_json_number_is_read_as_unix_seconds() {
        let read: Timestamp = serde_json::from_str("1770321138").unwrap();
        assert_eq!(read.to_string(), "2026-02-05T19:52:18Z");
    }
}
