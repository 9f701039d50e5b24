use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

/// Parses a duration such as `0.8s`, `5m` or `1h 30m`. A day has 24 hours.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let span: Span = text.parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_with_a_unit() {
        for (text, milliseconds) in [
            ("0s", Some(0)),
            ("0.8s", Some(800)),
            ("250ms", Some(250)),
            ("5m", Some(300_000)),
            ("1h 30m", Some(5_400_000)),
            ("1h30m", Some(5_400_000)),
            ("2d", Some(172_800_000)),
            ("", None),
            ("5", None),
            ("s", None),
            ("-1s", None),
            ("1s ago", None),
            ("1 month", None),
            ("forever", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(parse(text), milliseconds.map(Duration::from_millis), "{text}");
        }
    }
}
