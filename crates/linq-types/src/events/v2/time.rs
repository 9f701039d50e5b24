use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{InvalidTimestamp, Timestamp};

/// A timestamp of the V2 API, in RFC 3339 format or in Ruby's (`2025-05-21 15:30:00 -0600`).
///
/// Timestamps are equal if they are the same instant. A timestamp serializes in the format that it was read in.
///
/// ```
/// use linq_types::{Timestamp, events::v2::Time};
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
        match ruby_as_rfc3339(text) {
            Some(text) => Ok(Self { timestamp: text.parse()?, format: TimeFormat::Ruby }),
            None => text.parse().map(|timestamp| Self { timestamp, format: TimeFormat::Rfc3339 }),
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
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a timestamp in RFC 3339 or Ruby format")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Visitor)
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
