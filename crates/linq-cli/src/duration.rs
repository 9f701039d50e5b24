use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

/// The longest duration of an option: as far as the time of a sandbox can be advanced at once.
const MAX: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Parses the duration of an option, such as `0.8s`, `5m` or `30d`.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, &'static str> {
    let span = text.parse::<Span>().ok();
    let duration = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    let duration = duration.and_then(|duration| Duration::try_from(duration).ok());
    duration
        .filter(|duration| *duration <= MAX)
        .ok_or("expected a duration of 366d at most, such as 0.8s, 5m or 30d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_and_an_upper_bound() {
        for (text, seconds) in [
            ("0s", Some(0.0)),
            ("0.8s", Some(0.8)),
            ("250ms", Some(0.25)),
            ("5m", Some(300.0)),
            ("1h30m", Some(5_400.0)),
            ("366d", Some(31_622_400.0)),
            ("366d 1s", None),
            ("", None),
            ("5", None),
            ("-5m", None),
            ("5m ago", None),
            ("1 year", None),
            ("inf", None),
        ] {
            assert_eq!(parse_duration(text).ok().map(|duration| duration.as_secs_f64()), seconds, "{text}");
        }
    }
}
