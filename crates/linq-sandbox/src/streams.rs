use std::sync::Arc;

use linq_types::error::ErrorCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;

const MAX_STREAMS: usize = 64;

/// Counts the streams of events that are open.
pub(crate) struct Streams(Arc<Semaphore>);

impl Default for Streams {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_STREAMS)))
    }
}

impl Streams {
    /// Counts a stream until the value is dropped.
    pub(crate) fn open(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        self.0.clone().try_acquire_owned().map_err(|_| {
            let reason = format!("{MAX_STREAMS} streams are open already; close one first");
            ApiError::new(ErrorCode::SERVICE_UNAVAILABLE, reason)
        })
    }
}
