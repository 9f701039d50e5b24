use std::{
    ops::{Add, Sub},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use linq_types::Timestamp;
use serde::{Serialize, Serializer};
use tokio::time::Instant;

/// The only source of time in a sandbox: the time at the start, plus the elapsed time, plus the skipped
/// time.
#[derive(Debug)]
pub(crate) struct Clock {
    epoch: SystemTime,
    /// `None` if the time only advances by skipping.
    started: Option<Instant>,
    /// In nanoseconds.
    skipped: AtomicU64,
}

impl Clock {
    /// Starts at `epoch`, or now. A clock that stands still only advances by [`skip_to`](Self::skip_to).
    pub(crate) fn start(epoch: Option<SystemTime>, stands_still: bool) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the sandbox's one look at the wall clock")]
        let epoch = epoch.unwrap_or_else(SystemTime::now);
        let started = (!stands_still).then(Instant::now);
        Self { epoch, started, skipped: AtomicU64::new(0) }
    }

    pub(crate) fn stands_still(&self) -> bool {
        self.started.is_none()
    }

    pub(crate) fn now(&self) -> Moment {
        let passed = self.started.map(|started| started.elapsed()).unwrap_or_default();
        Moment(self.epoch) + passed + Duration::from_nanos(self.skipped.load(Ordering::Acquire))
    }

    /// Advances to this moment, unless it has passed.
    pub(crate) fn skip_to(&self, moment: Moment) {
        let skip = u64::try_from((moment - self.now()).as_nanos()).unwrap_or(u64::MAX);
        let later = |skipped: u64| Some(skipped.saturating_add(skip));
        let _ = self.skipped.fetch_update(Ordering::AcqRel, Ordering::Acquire, later);
    }

    /// Sleeps until this moment; forever on a clock that stands still.
    pub(crate) async fn sleep_until(&self, moment: Moment) {
        if self.stands_still() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(moment - self.now()).await;
    }
}

/// A point in the sandbox's time. Serializes as RFC 3339 in milliseconds, as the API writes most times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(SystemTime);

/// The latest moment, about the year 8960: within the range of timestamps.
const LAST: Duration = Duration::from_secs(7_000 * 365 * 24 * 60 * 60);

impl Moment {
    pub(crate) fn unix_seconds(self) -> i64 {
        self.timestamp().unix_seconds()
    }

    /// Returns the timestamp in nanoseconds.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::try_from(self.0).expect("the clock shows a year that timestamps can name")
    }

    /// Serializes in microseconds, as the API does for the times of handles and chats.
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
        let last = SystemTime::UNIX_EPOCH + LAST;
        Self(self.0.checked_add(duration).map_or(last, |sum| sum.min(last)))
    }
}

impl Sub for Moment {
    type Output = Duration;

    /// Returns zero if `earlier` is later.
    fn sub(self, earlier: Self) -> Duration {
        self.0.duration_since(earlier.0).unwrap_or_default()
    }
}
