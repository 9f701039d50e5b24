use std::sync::Arc;

use tokio::sync::SetOnce;

use crate::{failure::Failure, terminal::print};

/// The lines that a server prints, as long as they can be printed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    failure: Arc<SetOnce<Failure>>,
}

impl Log {
    pub(crate) fn line(&self, line: &str) {
        if self.failure.get().is_none()
            && let Err(failure) = print(&format!("{line}\n"))
        {
            self.fail(failure);
        }
    }

    /// Ends the command as if a line could not be printed.
    pub(crate) fn fail(&self, failure: Failure) {
        // Another line may have failed at the same time.
        let _ = self.failure.set(failure);
    }

    /// Returns an error if a line could not be printed.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.failure.get().cloned().map_or(Ok(()), Err)
    }

    /// Waits until a line cannot be printed.
    pub(crate) async fn failed(&self) {
        self.failure.wait().await;
    }
}
