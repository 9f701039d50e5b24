use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const MAX: Duration = Duration::from_secs(30);

/// The pauses before attempts to reconnect: they double from 1 s to 30 s, minus a random part of up to a quarter, so that
/// clients that were disconnected together do not return together.
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Backoff {
    pub(super) fn new() -> Self {
        Self(FIRST)
    }

    pub(super) fn next_pause(&mut self) -> Duration {
        let pause = self.0.mul_f64(1.0 - fastrand::f64() / 4.0);
        self.0 = MAX.min(self.0 * 2);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_maximum() {
        let mut backoff = Backoff::new();
        for seconds in [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
            let pause = backoff.next_pause().as_secs_f64();
            assert!((seconds * 0.75..=seconds).contains(&pause), "{pause}");
        }
    }
}
