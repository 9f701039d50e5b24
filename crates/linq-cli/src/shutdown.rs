//! The end of `linq listen` and `linq sandbox`.

use std::{error::Error, process, sync::Arc, time::Duration};

#[cfg(unix)]
use tokio::signal::unix::{self, SignalKind};
use tokio::{sync::SetOnce, time::timeout};

use crate::{failure::Failure, log::Log};

/// How long work in progress may take after the signal: longer than any delivery. What is left then are clients that stall.
const GRACE_PERIOD: Duration = Duration::from_secs(12);

/// A signal to end: Ctrl-C, Ctrl-\\, SIGTERM or SIGHUP. A second one ends the process at once.
#[derive(Debug)]
pub(crate) struct ShutdownSignal(Arc<SetOnce<()>>);

impl ShutdownSignal {
    /// Starts listening for the signals.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let arrived = Arc::new(SetOnce::new());
        let signal = Self(arrived.clone());
        let unavailable = |error: &dyn Error| Failure::new(format!("cannot listen for signals: {error}"));
        let arrives = move || {
            if arrived.set(()).is_err() {
                process::exit(1);
            }
        };
        #[cfg(unix)]
        {
            let arrives = arrives.clone();
            let mut quit = unix::signal(SignalKind::quit()).map_err(|error| unavailable(&error))?;
            tokio::spawn(async move {
                while quit.recv().await.is_some() {
                    arrives();
                }
            });
        }
        ctrlc::set_handler(arrives).map_err(|error| unavailable(&error))?;
        Ok(signal)
    }

    /// Waits for the signal.
    pub(crate) async fn received(&self) {
        self.0.wait().await;
    }

    /// Waits for the signal, or until the log cannot be printed.
    pub(crate) async fn wait(&self, log: &Log) {
        tokio::select! {
            () = self.received() => {}
            () = log.failed() => {}
        }
    }
}

/// Waits for the end of work in progress. Returns an error if a line of the log could not be printed.
pub(crate) async fn finish(work: impl Future<Output = ()>, log: &Log) -> Result<(), Failure> {
    let _ = timeout(GRACE_PERIOD, work).await;
    log.check()
}
