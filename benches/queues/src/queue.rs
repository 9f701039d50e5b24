use std::sync::Arc;

use anyhow::Result;

use crate::{bench::Countdown, bot::Answer};

/// How many jobs are handled at the same time.
pub(crate) const CONCURRENCY: usize = 16;

/// A queue of events, each a job with the body of the event.
pub(crate) trait Queue: Clone + Send + Sync + 'static {
    /// Adds a job. It is durable when the future completes.
    fn add(&self, chat: &str, body: String) -> impl Future<Output = Result<()>> + Send;

    /// Handles jobs until the future is dropped.
    fn work(&self) -> impl Future<Output = Result<()>> + Send;
}

/// What is done with a job.
#[derive(Debug, Clone)]
pub(crate) enum Handler {
    Count(Arc<Countdown>),
    Answer(Answer),
}

impl Handler {
    pub(crate) async fn handle(&self, body: String) -> Result<()> {
        match self {
            Self::Count(countdown) => {
                countdown.count();
                Ok(())
            }
            Self::Answer(answer) => answer.handle(body).await,
        }
    }
}
