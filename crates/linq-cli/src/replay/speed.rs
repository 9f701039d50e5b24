use std::{str::FromStr, time::Duration};

use linq::types::Timestamp;

/// How much shorter the pauses between events are; `None` if there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Speed(Option<f64>);

impl FromStr for Speed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "max" {
            return Ok(Self(None));
        }
        match text.parse::<f64>() {
            Ok(0.0) => Ok(Self(None)),
            Ok(factor) if (0.001..=1_000_000.0).contains(&factor) => Ok(Self(Some(factor))),
            _ => Err("expected a factor from 0.001, 0, or max"),
        }
    }
}

impl Speed {
    /// Returns the pause between two events; none if the later one comes first.
    pub(super) fn pause(self, from: &Timestamp, to: &Timestamp) -> Duration {
        let Some(factor) = self.0 else { return Duration::ZERO };
        let nanoseconds = |time: &Timestamp| {
            i128::from(time.unix_seconds()) * 1_000_000_000 + i128::from(time.subsec_nanoseconds())
        };
        let between = u64::try_from(nanoseconds(to) - nanoseconds(from)).unwrap_or_default();
        Duration::from_nanos(between).div_f64(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_divided_by_the_speed() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        for (speed, to, millis) in [
            ("1", "2026-02-05T20:00:03.5Z", 3_500),
            ("10", "2026-02-05T20:00:03.5Z", 350),
            ("0.5", "2026-02-05T20:00:03.5Z", 7_000),
            ("max", "2026-02-05T20:00:03.5Z", 0),
            ("0", "2026-02-05T20:00:03.5Z", 0),
            ("1", "2026-02-05T19:00:00Z", 0),
        ] {
            let speed: Speed = speed.parse().unwrap();
            let pause = speed.pause(&time("2026-02-05T20:00:00Z"), &time(to));
            assert_eq!(pause.as_millis(), millis, "{speed:?} {to}");
        }
        for invalid in ["", "-1", "fast", "NaN", "inf", "1e-9", "1e300"] {
            assert!(invalid.parse::<Speed>().is_err(), "{invalid}");
        }
    }
}
