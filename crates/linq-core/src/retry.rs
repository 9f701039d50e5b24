//! Whether a failed request is retried, and after what delay.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use http::{HeaderMap, StatusCode};
use linq_types::error::ErrorCode;

mod failed_attempt;
mod retry_after;

pub use failed_attempt::FailedAttempt;
pub(crate) use failed_attempt::OnRetry;
pub(crate) use retry_after::retry_after;

/// The longest wait that the service can ask of a call by default; a longer one is an error.
pub(crate) const DEFAULT_MAX_RETRY_AFTER: Duration = Duration::from_secs(60);
const FIRST_DELAY: Duration = Duration::from_millis(500);
const MAX_DELAY: Duration = Duration::from_secs(8);

/// Whether repeating a failed call can help, and when: what [`Error::retry`](crate::Error::retry) returns.
///
/// It is the decision that the client makes after each attempt. An error that a call returns is what is left when the
/// attempts are used up, so a later retry is up to the caller.
///
/// ```
/// # use linq_core as linq;
/// use linq::{Error, Retry};
///
/// fn plan(error: &Error) {
///     match error.retry() {
///         Retry::After(delay) => println!("again in {delay:?} with the key {:?}", error.idempotency_key()),
///         Retry::CheckFirst => println!("find out first whether it was executed: {error}"),
///         _ => println!("give up: {error}"),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// The same request fails again: it is invalid, or was refused for good.
    Never,
    /// The same request may succeed after this delay. If the error has an
    /// [`idempotency_key`](crate::Error::idempotency_key), the request must be repeated with it.
    After(Duration),
    /// The cause may be gone later, but the request may have been executed, and nothing prevents the service from
    /// executing it twice. Find out before repeating it.
    CheckFirst,
}

/// What a failed attempt means for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Nothing was executed and waiting helps: any call is retried.
    Always,
    /// Waiting may help, but the request may have been executed: only what can be executed twice without harm is
    /// retried.
    IfRepeatable,
    /// The same request fails again.
    Never,
}

impl RetryDecision {
    /// The error code decides before the status; the header `x-should-retry` overrides both.
    pub(crate) fn of_response(
        status: StatusCode,
        code: Option<ErrorCode>,
        should_retry: Option<bool>,
    ) -> Self {
        match (should_retry, Self::of_error(status, code)) {
            (Some(false), _) => Self::Never,
            (Some(true), Self::Never) => Self::IfRepeatable,
            (_, decision) => decision,
        }
    }

    fn of_error(status: StatusCode, code: Option<ErrorCode>) -> Self {
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
            ) => Self::Never,
            (409, Some(ErrorCode::CHAT_NOT_READY))
            | (404, Some(ErrorCode::ATTACHMENT_NOT_READY))
            | (500, Some(ErrorCode::CONTACT_CARD_FAILED))
            | (429, _)
            | (_, Some(ErrorCode::RATE_LIMITED)) => Self::Always,
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
            | (408, _) => Self::IfRepeatable,
            (500.., code) if code.is_none_or(|code| !ErrorCode::KNOWN.contains(&code)) => Self::IfRepeatable,
            _ => Self::Never,
        }
    }
}

/// Whether an error response leaves open that the request was executed. What the service says about retries does not
/// matter here.
pub(crate) fn may_have_been_executed(status: StatusCode, code: Option<ErrorCode>) -> bool {
    match RetryDecision::of_error(status, code) {
        RetryDecision::Always => false,
        RetryDecision::IfRepeatable => true,
        RetryDecision::Never => status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT,
    }
}

/// Parses `x-should-retry`.
pub(crate) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match headers.get("x-should-retry")?.as_bytes() {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

/// Half a second, doubled with each failure up to eight seconds, shortened by up to a quarter so that clients do not
/// retry in step. `jitter` is in 0 to 1.
pub(crate) fn backoff(failures: u32, jitter: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(8);
    let delay = FIRST_DELAY.saturating_mul(1 << doublings).min(MAX_DELAY);
    delay.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 4.0)
}

/// Returns a number in 0 to 1 that differs between calls. Every `RandomState` is another.
pub(crate) fn jitter() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_before_the_status() {
        use RetryDecision::{Always, IfRepeatable, Never};
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
            let status = StatusCode::from_u16(status).unwrap();
            let decision = RetryDecision::of_response(status, code.map(ErrorCode::new), None);
            assert_eq!(decision, expected, "{status}/{code:?}");
        }
    }

    #[test]
    fn the_header_of_the_service_overrides_code_and_status() {
        use RetryDecision::{Always, IfRepeatable, Never};
        for (status, should_retry, expected) in [
            (429, Some(false), Never),
            (503, Some(false), Never),
            (429, Some(true), Always),
            (503, Some(true), IfRepeatable),
            (400, Some(true), IfRepeatable),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(RetryDecision::of_response(status, None, should_retry), expected, "{status}");
        }
    }

    #[test]
    fn a_transient_error_may_have_been_executed_whatever_its_status() {
        for (status, code, expected) in
            [(400, 3006, true), (500, 4001, true), (408, 4006, true), (429, 1007, false), (403, 2024, false)]
        {
            let status = StatusCode::from_u16(status).unwrap();
            let executed = may_have_been_executed(status, Some(ErrorCode::new(code)));
            assert_eq!(executed, expected, "{status}/{code}");
        }
    }

    #[test]
    fn delays_double_from_half_a_second_to_eight_and_jitter_only_shortens() {
        let full: Vec<_> = (1..8).map(|failures| backoff(failures, 0.0).as_millis()).collect();
        assert_eq!(full, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(backoff(1, 1.0).as_millis(), 375);
        assert_eq!(backoff(u32::MAX, 0.0).as_millis(), 8000);
    }
}
