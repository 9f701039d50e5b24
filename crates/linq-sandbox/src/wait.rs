//! Waiting until something happened.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::shared::Shared;

/// The timeout of waits that have none of their own.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a wait looks although nothing changed: what it looks at may depend on the time.
const RECHECK: Duration = Duration::from_millis(50);

impl Shared {
    /// Looks now and after each change until there is something, for at most this long in real time. Any number of tasks can
    /// wait, and none misses a change.
    pub(crate) async fn wait_for<T>(
        &self,
        longest: Duration,
        mut look: impl FnMut() -> Option<T>,
    ) -> Option<T> {
        let looking = async {
            loop {
                // What happens from here on wakes this task.
                let altered = self.altered();
                if let Some(found) = look() {
                    return found;
                }
                tokio::select! {
                    () = altered => {}
                    () = sleep(RECHECK) => {}
                }
            }
        };
        timeout(longest, looking).await.ok()
    }
}
