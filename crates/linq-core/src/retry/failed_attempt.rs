use std::{fmt, sync::Arc, time::Duration};

use linq_types::Operation;

use crate::Error;

/// An attempt of a call that failed and is followed by another one: what
/// [`ClientBuilder::on_retry`](crate::ClientBuilder::on_retry) is called with.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// The operation; `None` for requests made by [`Client::request`](crate::Client::request), for calls of the V2 API and
    /// for the bytes of uploads.
    pub operation: Option<Operation>,
    /// The number of the attempt, from 1.
    pub number: u32,
    /// How many attempts the call makes at most.
    pub max_attempts: u32,
    /// How long the call waits before the next attempt.
    pub delay: Duration,
    /// Why the attempt failed. As any [`Error`], it shows no key, no text and no handle.
    pub error: &'a Error,
}

/// A function of the application that learns of retries.
#[derive(Clone)]
pub(crate) struct OnRetry(pub(crate) Arc<dyn Fn(&FailedAttempt<'_>) + Send + Sync>);

impl fmt::Debug for OnRetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRetry")
    }
}
