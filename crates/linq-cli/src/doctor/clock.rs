use std::time::{Duration, SystemTime};

use http::{HeaderMap, header::DATE};
use linq::types::Timestamp;

use super::Check;

const NAME: &str = "clock";
/// Far below the tolerance of webhook signatures, which is five minutes.
const TOLERANCE: Duration = Duration::from_secs(60);

/// Compares the clock of this machine with that of the API.
pub(super) fn check(headers: &HeaderMap, now: Timestamp) -> Check {
    let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let theirs = date.and_then(|date| date.duration_since(SystemTime::UNIX_EPOCH).ok());
    let Some(theirs) = theirs.and_then(|theirs| i64::try_from(theirs.as_secs()).ok()) else {
        return Check::skipped(NAME, "the API sent no date");
    };
    let skew = now.unix_seconds().saturating_sub(theirs);
    let distance = Duration::from_secs(skew.unsigned_abs());
    let side = if skew < 0 { "behind" } else { "ahead of" };
    match distance <= TOLERANCE {
        true => Check::ok(NAME, format!("{} s {side} the API", distance.as_secs())),
        false => Check::failed(
            NAME,
            format!("{} s {side} the API; from 300 s on, all webhooks are rejected", distance.as_secs()),
            "synchronize it, for example with `timedatectl set-ntp true`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Outcome, *};

    #[test]
    fn a_clock_may_differ_by_a_minute() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (date, seconds, outcome) in [
            (Some(date), 0, Outcome::Ok),
            (Some(date), 60, Outcome::Ok),
            (Some(date), -60, Outcome::Ok),
            (Some(date), 61, Outcome::Failed),
            (Some(date), -61, Outcome::Failed),
            (Some("soon"), 0, Outcome::Skipped),
            (None, 0, Outcome::Skipped),
        ] {
            let headers = date.map(|date| (DATE, date.parse().unwrap())).into_iter().collect();
            let now = Timestamp::from_unix(784_111_777 + seconds, 0).unwrap();
            assert_eq!(check(&headers, now).outcome, outcome, "{date:?} {seconds}");
        }
    }
}
