use http::{HeaderMap, StatusCode};
use linq_types::{IdempotencyKey, TraceId};

use crate::exchange::trace_id_of;

/// A value and what came with it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WithMeta<T> {
    /// The value.
    pub value: T,
    /// What came with it.
    pub meta: Meta,
}

/// What came with an answer, and what it took to get it.
#[derive(Debug, Clone)]
pub struct Meta {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    idempotency_key: Option<IdempotencyKey>,
}

impl Meta {
    pub(crate) fn new(
        status: StatusCode,
        headers: HeaderMap,
        attempts: u32,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Self {
        Self { status, headers, attempts, idempotency_key }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The request's trace id; the webhooks it causes carry the same.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        trace_id_of(&self.headers)
    }

    /// How many requests were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The key that the request was sent with.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.idempotency_key.as_ref()
    }
}
