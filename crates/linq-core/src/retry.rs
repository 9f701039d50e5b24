//! When a failed attempt is repeated, and after what wait.

use std::time::Duration;

use http::{
    HeaderMap, StatusCode,
    header::{DATE, RETRY_AFTER},
};
use jiff::fmt::rfc2822;
use linq_types::error::ErrorCode;

/// The longest wait that the service can ask for; beyond it the computed wait counts.
const LONGEST_WISH: Duration = Duration::from_secs(60);
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// What an error answer means for trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing was executed and waiting helps: any call is repeated.
    Always,
    /// Waiting may help, but the request may have been executed: a call with a key, or one without effect, is
    /// repeated.
    IfRepeatable,
    /// Trying again changes nothing.
    Never,
}

/// The service's code decides first, then the status.
pub(crate) fn verdict(status: StatusCode, code: Option<ErrorCode>) -> Verdict {
    match (status.as_u16(), code) {
        (
            _,
            Some(
                ErrorCode::DELIVERY_ATTEMPTS_EXHAUSTED
                | ErrorCode::DELIVERY_FAILED
                | ErrorCode::LINE_UNAVAILABLE
                | ErrorCode::MESSAGE_TYPE_NOT_SUPPORTED
                | ErrorCode::SEND_TIMED_OUT
                | ErrorCode::MEDIA_TYPE_NOT_ALLOWED
                | ErrorCode::FILE_TOO_LARGE
                | ErrorCode::MEDIA_TYPE_MISMATCH
                | ErrorCode::IMAGE_NOT_FETCHED,
            ),
        ) => Verdict::Never,
        (409, Some(ErrorCode::CHAT_NOT_READY))
        | (404, Some(ErrorCode::ATTACHMENT_NOT_READY))
        | (500, Some(ErrorCode::CONTACT_CARD_FAILED))
        | (429, _)
        | (_, Some(ErrorCode::RATE_LIMITED)) => Verdict::Always,
        (
            _,
            Some(
                ErrorCode::INTERNAL_ERROR
                | ErrorCode::INTERNAL_ERROR_3002
                | ErrorCode::INTERNAL_ERROR_3003
                | ErrorCode::INTERNAL_ERROR_3004
                | ErrorCode::UPSTREAM_TIMEOUT
                | ErrorCode::OPERATION_FAILED,
            ),
        )
        | (503, Some(ErrorCode::SERVICE_UNAVAILABLE))
        | (408, _) => Verdict::IfRepeatable,
        (500.., code) if code.is_none_or(|code| !ErrorCode::KNOWN.contains(&code)) => Verdict::IfRepeatable,
        _ => Verdict::Never,
    }
}

/// Whether an answer leaves open that the request was executed.
pub(crate) fn may_have_been_executed(status: StatusCode, verdict: Verdict) -> bool {
    match verdict {
        Verdict::Always => false,
        Verdict::IfRepeatable => true,
        Verdict::Never => status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT,
    }
}

/// `x-should-retry`: the service's own word, if it is one.
pub(crate) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match headers.get("x-should-retry")?.as_bytes() {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

/// How long the service asks to wait: `retry-after-ms`, else `Retry-After` in seconds or as a date, which counts
/// from the answer's own `Date`.
pub(crate) fn wish(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(milliseconds) = text("retry-after-ms").and_then(|text| text.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
    }
    let after = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = after.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let wait = date(after)?.duration_since(date(text(DATE.as_str())?)?);
    Duration::try_from(wait).ok()
}

/// The wait before the next attempt, after `failures` failed ones: the service's wish within its bounds, else
/// half a second doubled each time up to eight, shortened by up to a quarter so that clients do not march in step.
///
/// `jitter` lies in 0 to 1.
pub(crate) fn wait(failures: u32, wish: Option<Duration>, jitter: f64) -> Duration {
    match wish {
        Some(wish) if !wish.is_zero() && wish <= LONGEST_WISH => wish,
        _ => {
            let doublings = failures.saturating_sub(1).min(8);
            let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
            wait.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 4.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_before_the_status() {
        use Verdict::{Always, IfRepeatable, Never};
        for (status, code, expected) in [
            (429, Some(1007), Always),
            (429, None, Always),
            (409, Some(2009), Always),
            (404, Some(2007), Always),
            (500, Some(2022), Always),
            (408, None, IfRepeatable),
            (500, Some(3001), IfRepeatable),
            (500, Some(3006), IfRepeatable),
            (504, Some(3005), IfRepeatable),
            (503, Some(4004), IfRepeatable),
            (502, None, IfRepeatable),
            (500, Some(9999), IfRepeatable),
            (500, Some(3007), Never),
            (500, Some(4001), Never),
            (500, Some(4002), Never),
            (422, Some(4005), Never),
            (500, Some(4006), Never),
            (408, Some(4006), Never),
            (429, Some(4006), Never),
            (400, Some(5004), Never),
            (409, Some(2013), Never),
            (409, Some(2018), Never),
            (409, Some(2023), Never),
            (409, None, Never),
            (404, Some(2001), Never),
            (400, Some(1001), Never),
            (401, Some(2004), Never),
        ] {
            let verdict = verdict(StatusCode::from_u16(status).unwrap(), code.map(ErrorCode::new));
            assert_eq!(verdict, expected, "{status}/{code:?}");
        }
    }

    #[test]
    fn what_waiting_may_help_may_have_been_executed_whatever_its_status() {
        for (status, code, expected) in
            [(400, 3006, true), (500, 4001, true), (408, 4006, true), (429, 1007, false), (403, 2024, false)]
        {
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = verdict(status, Some(ErrorCode::new(code)));
            assert_eq!(may_have_been_executed(status, verdict), expected, "{status}/{code}");
        }
    }

    #[test]
    fn the_wish_of_the_service_is_read_from_three_headers() {
        for (headers, expected) in [
            (vec![("retry-after-ms", "1500.5")], Some(1500.5)),
            (vec![("retry-after-ms", "20"), ("retry-after", "9")], Some(20.0)),
            (vec![("retry-after-ms", "soon"), ("retry-after", "9")], Some(9000.0)),
            (vec![("retry-after", "0.25")], Some(250.0)),
            (
                vec![
                    ("date", "Sun, 06 Nov 2026 08:49:37 GMT"),
                    ("retry-after", "Sun, 06 Nov 2026 08:49:40 GMT"),
                ],
                None,
            ),
            (
                vec![
                    ("date", "Fri, 06 Nov 2026 08:49:37 GMT"),
                    ("retry-after", "Fri, 06 Nov 2026 08:49:40 GMT"),
                ],
                Some(3000.0),
            ),
            (vec![("retry-after", "Fri, 06 Nov 2026 08:49:40 GMT")], None),
            (vec![("retry-after", "-3")], None),
            (vec![("retry-after", "NaN")], None),
            (vec![], None),
        ] {
            let map = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            let wish = wish(&map.collect());
            assert_eq!(wish.map(|wish| wish.as_secs_f64() * 1000.0), expected, "{headers:?}");
        }
    }

    #[test]
    fn waits_double_from_half_a_second_to_eight_and_jitter_only_shortens() {
        let full: Vec<_> = (1..8).map(|failures| wait(failures, None, 0.0).as_millis()).collect();
        assert_eq!(full, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(wait(1, None, 1.0).as_millis(), 375);
        assert_eq!(wait(u32::MAX, None, 0.0).as_millis(), 8000);
    }

    #[test]
    fn a_wish_counts_only_up_to_a_minute() {
        for (wish, expected) in [(0, 500), (20, 20), (60_000, 60_000), (60_001, 500)] {
            assert_eq!(wait(1, Some(Duration::from_millis(wish)), 0.0).as_millis(), expected);
        }
    }
}
