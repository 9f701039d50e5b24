use std::sync::OnceLock;

use http::{HeaderMap, StatusCode};
use linq_types::{IdempotencyKey, TraceId};

/// A value with the [`Meta`] of its response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WithMeta<T> {
    /// The value.
    pub value: T,
    /// Status, headers and attempts.
    pub meta: Meta,
}

/// The status and headers of a response, and what it took to get it.
#[derive(Debug, Clone)]
pub struct Meta {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    idempotency_key: Option<IdempotencyKey>,
    /// Parsed from the headers when it is first asked for.
    trace_id: OnceLock<Option<TraceId>>,
}

impl Meta {
    pub(crate) fn new(
        status: StatusCode,
        headers: HeaderMap,
        attempts: u32,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Self {
        Self { status, headers, attempts, idempotency_key, trace_id: OnceLock::new() }
    }

    /// Returns the HTTP status code.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the trace id of the request, which the webhooks that it causes carry too.
    #[must_use]
    pub fn trace_id(&self) -> Option<&TraceId> {
        self.trace_id.get_or_init(|| trace_id_of(&self.headers)).as_ref()
    }

    /// Returns the number of requests that were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the idempotency key that the request was sent with; `None` if the operation takes none.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.idempotency_key.as_ref()
    }
}

impl PartialEq for Meta {
    fn eq(&self, other: &Self) -> bool {
        self.status == other.status
            && self.headers == other.headers
            && self.attempts == other.attempts
            && self.idempotency_key == other.idempotency_key
    }
}

impl Eq for Meta {}

pub(crate) fn trace_id_of(headers: &HeaderMap) -> Option<TraceId> {
    headers.get("x-trace-id").and_then(|id| id.to_str().ok()).map(TraceId::from)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn metas_are_equal_whether_the_trace_id_was_read_or_not() {
        let meta = |trace_id| {
            let headers =
                HeaderMap::from_iter([("x-trace-id".parse().unwrap(), HeaderValue::from_static(trace_id))]);
            Meta::new(StatusCode::OK, headers, 1, None)
        };
        let read = meta("a");
        assert_eq!(read.trace_id().unwrap(), "a");
        assert_eq!(read, meta("a"));
        assert_ne!(read, meta("b"));
    }
}
