use std::{
    ops::{Add, Sub},
    time::{Duration, SystemTime},
};

use linq_types::Timestamp;
use serde::{Serialize, Serializer};
use tokio::time::Instant;

/// The only source of time in a sandbox: wall time when it started, plus what has passed since.
#[derive(Debug)]
pub(crate) struct Clock {
    epoch: SystemTime,
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the sandbox's one look at the wall clock")]
        let epoch = SystemTime::now();
        Self { epoch, started: Instant::now() }
    }

    pub(crate) fn now(&self) -> Moment {
        Moment(self.epoch + self.started.elapsed())
    }

    pub(crate) async fn sleep_until(&self, moment: Moment) {
        tokio::time::sleep(moment - self.now()).await;
    }
}

/// A point in the sandbox's time. Serializes as RFC 3339 in milliseconds, as the API writes most times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(SystemTime);

impl Moment {
    pub(crate) fn unix_seconds(self) -> i64 {
        self.timestamp().unix_seconds()
    }

    /// To the nanosecond.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::try_from(self.0).expect("the clock shows a year that timestamps can name")
    }

    /// To the microsecond: how the API writes the times of handles and chats.
    pub(crate) fn in_micros<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.truncated(1_000).serialize(serializer)
    }

    fn truncated(self, nanoseconds: u32) -> Timestamp {
        let exact = self.timestamp();
        let fraction = exact.subsec_nanoseconds();
        Timestamp::from_unix(exact.unix_seconds(), fraction - fraction % nanoseconds).unwrap_or(exact)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.truncated(1_000_000).serialize(serializer)
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0 + duration)
    }
}

impl Sub for Moment {
    type Output = Duration;

    /// Zero when `earlier` is later.
    fn sub(self, earlier: Self) -> Duration {
        self.0.duration_since(earlier.0).unwrap_or_default()
    }
}
