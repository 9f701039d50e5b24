use std::{
    ops::{Add, Sub},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use linq_types::Timestamp;
use serde::{Serialize, Serializer};
use tokio::time::Instant;

/// The source of time in a sandbox: the time at the start, plus the elapsed time, plus the skipped
/// time.
#[derive(Debug)]
pub(crate) struct Clock {
    epoch: SystemTime,
    /// `None` if the time only advances by skipping.
    started: Option<Instant>,
    skipped: Mutex<Duration>,
}

impl Clock {
    /// Starts at `epoch`, or now. A clock that stands still only advances by [`skip_to`](Self::skip_to).
    ///
    /// Returns `None` if `epoch` is before 1970 or after the latest moment.
    pub(crate) fn start(epoch: Option<Timestamp>, stands_still: bool) -> Option<Self> {
        let epoch = match epoch {
            Some(time) => {
                let since_1970 =
                    Duration::new(time.unix_seconds().try_into().ok()?, time.subsec_nanoseconds());
                SystemTime::UNIX_EPOCH + Some(since_1970).filter(|since| *since <= LAST)?
            }
            #[expect(clippy::disallowed_methods, reason = "the time at the start")]
            None => SystemTime::now(),
        };
        let started = (!stands_still).then(Instant::now);
        Some(Self { epoch, started, skipped: Mutex::default() })
    }

    pub(crate) fn stands_still(&self) -> bool {
        self.started.is_none()
    }

    pub(crate) fn now(&self) -> Moment {
        let passed = self.started.map(|started| started.elapsed()).unwrap_or_default();
        Moment(self.epoch) + passed + *self.skipped()
    }

    /// Returns the time of this machine, which advancing does not change.
    #[expect(clippy::disallowed_methods, reason = "the setting asks for the wall clock")]
    pub(crate) fn wall_time() -> Moment {
        Moment(SystemTime::now())
    }

    /// Advances to this moment, unless it has passed.
    pub(crate) fn skip_to(&self, moment: Moment) {
        let skip = moment - self.now();
        let mut skipped = self.skipped();
        *skipped = skipped.saturating_add(skip);
    }

    fn skipped(&self) -> MutexGuard<'_, Duration> {
        self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how far the time was advanced, rather than passed by itself.
    pub(crate) fn skipped_time(&self) -> Duration {
        *self.skipped()
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
