//! The `tracing` events of receivers: never bodies, handles or text. Without the feature, nothing happens.

use linq_types::events::Envelope;

use crate::{Outcome, ReceiveError};

#[cfg(feature = "tracing")]
pub(crate) fn is_enabled() -> bool {
    tracing::enabled!(tracing::Level::WARN)
}

/// Records what became of a verified event. What is probably a mistake is a warning.
#[cfg(feature = "tracing")]
pub(crate) fn event<E>(event: &Envelope<'_>, result: Result<Outcome, &ReceiveError<E>>) {
    use crate::IgnoreReason;

    let (event_type, id, trace_id) = (event.event_type().as_str(), event.event_id(), event.trace_id());
    match result {
        Ok(Outcome::Ignored(reason @ IgnoreReason::OtherFormat { .. })) => {
            tracing::warn!(event_type, id, trace_id, %reason, "webhook event ignored");
        }
        Ok(Outcome::Ignored(reason)) => {
            tracing::debug!(event_type, id, trace_id, %reason, "webhook event ignored");
        }
        Ok(outcome) => tracing::debug!(event_type, id, trace_id, ?outcome, "webhook event received"),
        Err(error) => {
            let status = error.status().as_u16();
            let reason = match error {
                ReceiveError::Handler(_) => "handler returned an error".to_owned(),
                other => other.public_message(),
            };
            tracing::warn!(event_type, id, trace_id, status, reason, "webhook event not handled");
        }
    }
}

/// Records a delivery that is not a verified event. Anybody can make one.
#[cfg(feature = "tracing")]
pub(crate) fn rejected<E>(error: &ReceiveError<E>) {
    let (status, reason) = (error.status().as_u16(), error.public_message());
    tracing::debug!(status, reason, "webhook delivery rejected");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn is_enabled() -> bool {
    false
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn event<E>(_: &Envelope<'_>, _: Result<Outcome, &ReceiveError<E>>) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn rejected<E>(_: &ReceiveError<E>) {}
