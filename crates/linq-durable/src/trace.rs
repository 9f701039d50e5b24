//! The `tracing` spans of workers: never bodies, handles or text. Without the feature, nothing happens.

use linq_webhooks::Outcome;

use crate::{AttemptEnd, Claim};

/// The span of one attempt.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn handle(claim: &Claim) -> Self {
        use tracing::field::Empty;
        let span = tracing::info_span!(
            "linq.inbox.handle",
            event_type = claim.item.kind,
            id = claim.item.id,
            attempt = claim.item.attempts,
            waited_ms = u64::try_from(claim.age.as_millis()).unwrap_or(u64::MAX),
            trace_id = Empty,
            outcome = Empty,
            ignored = Empty,
        );
        Self { span }
    }

    #[cfg(feature = "outbox")]
    pub(crate) fn send(claim: &Claim) -> Self {
        use tracing::field::Empty;
        let span = tracing::info_span!(
            "linq.outbox.send",
            operation = claim.item.kind,
            id = claim.item.id,
            attempt = claim.item.attempts,
            waited_ms = u64::try_from(claim.age.as_millis()).unwrap_or(u64::MAX),
            trace_id = Empty,
            outcome = Empty,
        );
        Self { span }
    }

    /// Adds the trace id of an event or of a send.
    pub(crate) fn trace_id(&self, id: Option<&str>) {
        if let Some(id) = id {
            self.span.record("trace_id", id);
        }
    }

    /// Adds the reason if a handler ignored the event.
    pub(crate) fn ignored(&self, outcome: Outcome) {
        if let Outcome::Ignored(reason) = outcome {
            self.span.record("ignored", tracing::field::display(reason));
        }
    }

    pub(crate) fn end(&self, end: &AttemptEnd<'_>) {
        let outcome = match end {
            AttemptEnd::Completed => "completed",
            AttemptEnd::Retried { .. } => "retried",
            AttemptEnd::DeadLettered { .. } => "dead_lettered",
            AttemptEnd::Postponed { .. } => "postponed",
            AttemptEnd::LeaseLost => "lease_lost",
        };
        self.span.record("outcome", outcome);
    }

    pub(crate) async fn around<F: Future>(self, attempt: F) -> F::Output {
        tracing::Instrument::instrument(attempt, self.span).await
    }
}

#[cfg(not(feature = "tracing"))]
#[expect(clippy::unused_self, reason = "the same calls with and without the feature")]
impl Trace {
    pub(crate) fn handle(_: &Claim) -> Self {
        Self {}
    }

    #[cfg(feature = "outbox")]
    pub(crate) fn send(_: &Claim) -> Self {
        Self {}
    }

    pub(crate) fn trace_id(&self, _: Option<&str>) {}

    pub(crate) fn ignored(&self, _: Outcome) {}

    pub(crate) fn end(&self, _: &AttemptEnd<'_>) {}

    pub(crate) async fn around<F: Future>(self, attempt: F) -> F::Output {
        attempt.await
    }
}
