use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use crate::request::Endpoint;

/// Records that presence, which nothing depends on, could not be shown.
#[cfg(feature = "tracing")]
pub(crate) fn presence_failed(error: &dyn std::fmt::Display) {
    tracing::warn!(%error, "presence not shown");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn presence_failed(_: &dyn std::fmt::Display) {}

/// The `tracing` span of one call: never bodies, keys or numbers. Does nothing without the feature.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn new(endpoint: &Endpoint, method: &Method) -> Self {
        use tracing::field::Empty;
        let span = tracing::debug_span!(
            "linq.call",
            operation = endpoint.id(),
            %method,
            route = endpoint.route(),
            attempt = Empty,
            status = Empty,
            trace_id = Empty
        );
        Self { span }
    }

    pub(crate) fn attempt(&self, attempt: u32) {
        self.span.record("attempt", attempt);
    }

    pub(crate) fn response(&self, status: StatusCode, headers: &HeaderMap) {
        self.span.record("status", status.as_u16());
        if let Some(trace_id) = crate::meta::trace_id_of(headers) {
            self.span.record("trace_id", trace_id.as_str());
        }
    }

    pub(crate) fn retry(&self, delay: Duration) {
        let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| tracing::debug!(delay_ms = delay, "retrying"));
    }

    pub(crate) fn paced(&self, wait: Duration) {
        let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| tracing::debug!(delay_ms = wait, "waiting for the pace"));
    }

    pub(crate) fn around<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        tracing::Instrument::instrument(call, self.span.clone())
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn around_blocking<T>(&self, call: impl FnOnce() -> T) -> T {
        self.span.in_scope(call)
    }
}

#[cfg(not(feature = "tracing"))]
#[expect(clippy::unused_self, reason = "the same calls with and without the feature")]
impl Trace {
    pub(crate) fn new(_: &Endpoint, _: &Method) -> Self {
        Self {}
    }

    pub(crate) fn attempt(&self, _: u32) {}

    pub(crate) fn response(&self, _: StatusCode, _: &HeaderMap) {}

    pub(crate) fn retry(&self, _: Duration) {}

    pub(crate) fn paced(&self, _: Duration) {}

    pub(crate) fn around<F: Future>(&self, call: F) -> F {
        call
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn around_blocking<T>(&self, call: impl FnOnce() -> T) -> T {
        call()
    }
}
