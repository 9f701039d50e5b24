use std::time::Duration;

use clap::Args;
use linq::{Pace, types::Rate};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How fast messages are sent.
#[derive(Debug, Args)]
pub(super) struct Pacing {
    /// The most messages in any minute.
    #[arg(long, value_name = "NUMBER", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) per_minute: u32,
    /// The most messages in any 24 hours. Linq recommends at most about 7,000 for a line.
    #[arg(long, value_name = "NUMBER", default_value_t = 7_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) per_day: u32,
}

impl Pacing {
    fn rates(&self) -> [Rate; 2] {
        [Rate::new(self.per_minute, MINUTE), Rate::new(self.per_day, DAY)]
    }

    pub(super) fn pace(&self) -> Pace {
        self.rates().into_iter().fold(Pace::LINQ, Pace::per_line)
    }

    /// Returns how long this many messages take, if nothing else is sent.
    pub(super) fn duration(&self, messages: u64) -> Duration {
        let waits = self.rates().map(|rate| {
            let after_burst = messages.saturating_sub(rate.burst_size().into());
            rate.interval().saturating_mul(u32::try_from(after_burst).unwrap_or(u32::MAX))
        });
        waits.into_iter().max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_duration_is_that_of_the_slower_limit() {
        let pacing = Pacing { per_minute: 30, per_day: 7_000 };
        for (messages, seconds) in [(0, 0), (10, 0), (11, 3), (1_000, 2_970)] {
            assert_eq!(pacing.duration(messages).as_secs(), seconds, "{messages}");
        }
        let day = pacing.duration(14_000).as_secs_f64() / DAY.as_secs_f64();
        assert!((2.0..3.0).contains(&day), "{day}");
    }
}
