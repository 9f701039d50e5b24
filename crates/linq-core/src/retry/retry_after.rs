//! How long the service asks to wait.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{
    HeaderMap,
    header::{DATE, RETRY_AFTER},
};
use jiff::{
    SignedDuration, Timestamp,
    fmt::{rfc2822, strtime},
    tz::TimeZone,
};

/// The forms of a date in HTTP beside that of mail, which came before it.
const OBSOLETE_DATES: [&str; 2] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// Returns the wait that a response asks for: the longest of those in `retry-after-ms`, in `Retry-After` and in the body,
/// so that each of them is obeyed. A number that is too large is [`Duration::MAX`].
///
/// `Retry-After` can be a date, which counts from the response's own `Date`, or else from `now`. If neither is known, the
/// wait is `otherwise`. Zero, a negative number and a date in the past ask for no wait.
pub(crate) fn retry_after(
    headers: &HeaderMap,
    in_body: Option<f64>,
    now: Option<SystemTime>,
    otherwise: Duration,
) -> Option<Duration> {
    let texts = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let milliseconds = texts("retry-after-ms").filter_map(number).map(|milliseconds| milliseconds / 1000.0);
    let numbers = texts(RETRY_AFTER.as_str()).filter_map(number).chain(milliseconds).chain(in_body);
    let waits = numbers.filter(|seconds| *seconds > 0.0);
    let waits = waits.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    let dates = texts(RETRY_AFTER.as_str()).filter_map(date).filter_map(|date| {
        let now = texts(DATE.as_str()).find_map(self::date).or_else(|| since_1970(now?));
        now.map_or(Some(otherwise), |now| Duration::try_from(date.checked_sub(now)?).ok())
    });
    waits.chain(dates).max().filter(|wait| !wait.is_zero())
}

/// Parses a number, of which one that is too large is infinite. Words such as `inf` are numbers to the parser, too.
fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|_| text.contains(|character: char| character.is_ascii_digit()))
}

/// Parses a date into the time since 1970.
fn date(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let of_mail = rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok();
    let obsolete = |format| {
        let date = strtime::parse(format, text).ok()?.to_datetime().ok()?;
        TimeZone::UTC.to_timestamp(date).ok()
    };
    let date =
        of_mail.or_else(|| OBSOLETE_DATES.into_iter().find_map(obsolete)).or_else(|| text.parse().ok());
    date.map(Timestamp::as_duration)
}

fn since_1970(now: SystemTime) -> Option<SignedDuration> {
    now.duration_since(UNIX_EPOCH).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Duration = Duration::from_secs(60);
    const DATE: &str = "Fri, 06 Nov 2026 08:49:37 GMT";

    /// Twenty seconds before [`DATE`].
    fn clock() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_793_954_957)
    }

    fn of(headers: &[(&str, &str)], in_body: Option<f64>, now: Option<SystemTime>) -> Option<Duration> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
        }
        retry_after(&map, in_body, now, CAP)
    }

    fn seconds(seconds: f64) -> Option<Duration> {
        Some(Duration::from_secs_f64(seconds))
    }

    #[test]
    fn a_wait_is_read_from_every_number_in_both_headers_and_in_the_body() {
        for (text, number) in [
            ("120", seconds(120.0)),
            ("0.25", seconds(0.25)),
            (" 3 ", seconds(3.0)),
            ("300.5", seconds(300.5)),
            ("1e2", seconds(100.0)),
            ("99999999999999999999", Some(Duration::MAX)),
            ("18446744073709551616", Some(Duration::MAX)),
            ("1e400", Some(Duration::MAX)),
            ("0", None),
            ("0.0", None),
            ("1e-400", None),
            ("-3", None),
            ("-1e400", None),
            ("NaN", None),
            ("inf", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(of(&[("retry-after", text)], None, None), number, "{text}");
            assert_eq!(of(&[], self::number(text), None), number, "{text}");
            let milliseconds = match number {
                Some(Duration::MAX) if text != "1e400" => continue,
                Some(Duration::MAX) | None => number,
                Some(number) => Some(number / 1000),
            };
            assert_eq!(of(&[("retry-after-ms", text)], None, None), milliseconds, "{text}");
        }
        assert_eq!(of(&[("retry-after-ms", "99999999999999999999999")], None, None), Some(Duration::MAX));
    }

    #[test]
    fn the_longest_of_several_waits_counts() {
        for (headers, in_body, expected) in [
            (&[("retry-after-ms", "20"), ("retry-after", "9")][..], None, 9.0),
            (&[("retry-after-ms", "9500"), ("retry-after", "9")], None, 9.5),
            (&[("retry-after", "3")], Some(12.0), 12.0),
            (&[("retry-after", "12")], Some(3.0), 12.0),
            (&[("retry-after", "0")], Some(120.0), 120.0),
            (&[("retry-after-ms", "soon"), ("retry-after", "9")], Some(-1.0), 9.0),
            (&[("retry-after", "2"), ("retry-after", "7"), ("retry-after", "5")], None, 7.0),
            (
                &[("retry-after", "5"), ("date", DATE), ("retry-after", "Fri, 06 Nov 2026 08:49:40 GMT")],
                None,
                5.0,
            ),
        ] {
            assert_eq!(of(headers, in_body, None), seconds(expected), "{headers:?} {in_body:?}");
        }
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_response_or_else_from_the_clock_or_else_is_the_cap() {
        for (date, from_response, from_clock, from_nothing) in [
            ("Fri, 06 Nov 2026 08:49:40 GMT", seconds(3.0), seconds(23.0), Some(CAP)),
            ("Fri, 06 Nov 2026 10:49:40 +0200", seconds(3.0), seconds(23.0), Some(CAP)),
            ("Mon, 06 Nov 2026 08:51:37 GMT", seconds(120.0), seconds(140.0), Some(CAP)),
            ("Friday, 06-Nov-26 08:49:40 GMT", seconds(3.0), seconds(23.0), Some(CAP)),
            ("Fri Nov  6 08:49:40 2026", seconds(3.0), seconds(23.0), Some(CAP)),
            ("2026-11-06T08:49:40Z", seconds(3.0), seconds(23.0), Some(CAP)),
            ("Fri, 06 Nov 2026 08:49:30 GMT", None, seconds(13.0), Some(CAP)),
            ("Fri, 06 Nov 2026 08:49:17 GMT", None, None, Some(CAP)),
            ("Thu, 05 Nov 2026 08:49:30 GMT", None, None, Some(CAP)),
            ("Fri, 32 Nov 2026 08:49:30 GMT", None, None, None),
        ] {
            let with_date = [("date", DATE), ("retry-after", date)];
            for now in [Some(clock()), None] {
                assert_eq!(of(&with_date, None, now), from_response, "{date}");
            }
            for headers in [&with_date[1..], &[("date", "today"), ("retry-after", date)]] {
                assert_eq!(of(headers, None, Some(clock())), from_clock, "{date}");
                assert_eq!(of(headers, None, None), from_nothing, "{date}");
            }
        }
    }
}
