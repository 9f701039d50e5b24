use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{InvalidTimestamp, Timestamp, json::leniently};

/// A timestamp of the V2 API, in RFC 3339 format or in Ruby's (`2025-05-21 15:30:00 -0600`).
///
/// Timestamps are equal if they are the same instant. A timestamp serializes in the format that it was read in.
///
/// ```
/// # mod linq { pub(crate) use linq_types as types; }
/// use linq::types::{Timestamp, events::v2::Time};
///
/// let time: Time = "2025-05-21 15:30:00 -0600".parse()?;
/// assert_eq!(time, "2025-05-21T15:30:00-06:00".parse()?);
/// assert_eq!(time.to_string(), "2025-05-21 15:30:00 -0600");
/// assert_eq!(Timestamp::from(time).unix_seconds(), 1_747_863_000);
/// # Ok::<(), linq_types::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy)]
pub struct Time {
    timestamp: Timestamp,
    format: TimeFormat,
}

#[derive(Clone, Copy)]
enum TimeFormat {
    Rfc3339,
    Ruby,
}

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Self {
        Self { timestamp, format: TimeFormat::Rfc3339 }
    }
}

impl From<Time> for Timestamp {
    fn from(time: Time) -> Self {
        time.timestamp
    }
}

impl FromStr for Time {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        Self::parse(text, str::parse)
    }
}

impl Time {
    fn parse(
        text: &str,
        rfc3339: fn(&str) -> Result<Timestamp, InvalidTimestamp>,
    ) -> Result<Self, InvalidTimestamp> {
        match ruby_as_rfc3339(text) {
            Some(text) => Ok(Self { timestamp: rfc3339(&text)?, format: TimeFormat::Ruby }),
            None => Ok(Self { timestamp: rfc3339(text)?, format: TimeFormat::Rfc3339 }),
        }
    }
}

fn ruby_as_rfc3339(text: &str) -> Option<String> {
    let (date, rest) = text.split_once(' ')?;
    let (time, zone) = rest.split_once(' ')?;
    match zone {
        "UTC" => Some(format!("{date}T{time}Z")),
        _ => zone.split_at_checked(3).map(|(hours, minutes)| format!("{date}T{time}{hours}:{minutes}")),
    }
}

fn rfc3339_as_ruby(text: &str) -> Option<String> {
    let (date, rest) = text.split_once('T')?;
    match rest.strip_suffix('Z') {
        Some(time) => Some(format!("{date} {time} UTC")),
        None => {
            let (time, offset) = rest.split_at_checked(rest.len().checked_sub("-06:00".len())?)?;
            Some(format!("{date} {time} {}", offset.replace(':', "")))
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.timestamp.to_string();
        match self.format {
            TimeFormat::Rfc3339 => f.write_str(&text),
            TimeFormat::Ruby => f.write_str(&rfc3339_as_ruby(&text).unwrap_or(text)),
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.timestamp == other.timestamp
    }
}

impl Eq for Time {}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor {
            rfc3339: fn(&str) -> Result<Timestamp, InvalidTimestamp>,
        }

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a timestamp in RFC 3339 or Ruby format")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                Time::parse(text, self.rfc3339)
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Time, D::Error> {
                deserializer.deserialize_str(Self { rfc3339: str::parse })
            }
        }

        leniently(deserializer, Visitor { rfc3339: Timestamp::from_lenient })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_the_format_it_was_read_from() {
        for text in [
            "2025-05-21T15:35:00-06:00",
            "2025-05-21T15:35:00Z",
            "2025-05-21 15:35:00 -0600",
            "2025-05-21 15:35:00.25 +0530",
            "2025-05-21 15:35:00 +0000",
            "2025-05-21 15:35:00 UTC",
        ] {
            let json = format!("\"{text}\"");
            let time: Time = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&time).unwrap(), json);
        }
    }

    #[test]
    fn the_same_instant_is_equal_in_both_formats() {
        let ruby: Time = "2025-05-21 15:35:00 -0600".parse().unwrap();
        assert_eq!(ruby, "2025-05-21T15:35:00-06:00".parse().unwrap());
        assert_eq!(ruby, "2025-05-21T21:35:00Z".parse().unwrap());
        assert_ne!(ruby, "2025-05-21 15:35:00 -0500".parse().unwrap());
    }

    #[test]
    fn other_forms_of_a_time_are_read_leniently_or_are_absent() {
        #[derive(Deserialize)]
        struct Holder {
            time: Option<Time>,
        }
        for (text, expected) in [
            ("2025-05-21 15:35:00.1234567891 -0600", Some("2025-05-21 15:35:00.123456789 -0600")),
            ("2025-05-21 15:35:00", Some("2025-05-21T15:35:00Z")),
            ("2025-05-21T15:35:00", Some("2025-05-21T15:35:00Z")),
            ("2025-05-21 15:35:00 MDT", None),
            ("", None),
        ] {
            let json = format!(r#"{{"time":"{text}"}}"#);
            let time = crate::json::from_slice::<Holder>(json.as_bytes()).unwrap().time;
            assert_eq!(time.map(|time| time.to_string()).as_deref(), expected, "{text}");
            assert!(crate::json::from_slice_strict::<Holder>(json.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn text_in_another_format_is_an_error() {
        for text in [
            "",
            " ",
            "  ",
            "2025-05-21",
            "2025-05-21 15:35:00",
            "2025-05-21 15:35:00 ",
            "2025-05-21 15:35:00 -06",
            "2025-05-21 15:35:00 MDT",
            "2025-05-21 15:35:00 -06é",
            "2025-05-21 15:35:00 -0600 -0600",
            "2025-13-21 15:35:00 -0600",
        ] {
            assert_eq!(text.parse::<Time>(), Err(InvalidTimestamp), "{text}");
        }
    }
}
