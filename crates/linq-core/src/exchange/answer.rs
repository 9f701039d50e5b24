//! What the service said: read as the value that was asked for, or as an error.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use linq_types::{
    TraceId,
    error::ErrorResponse,
    json::{self, JsonError},
    messages::{DeliveryStatus, SentMessage},
};

use crate::{error::Answer, retry};

/// Reads the value out of an answer.
pub(crate) type Decode<T> = fn(&Bytes) -> Result<T, Rejected>;

/// Why a success status is no success.
#[derive(Debug)]
pub(crate) enum Rejected {
    /// The answer is not what it should be.
    Unreadable(JsonError),
    /// The answer is a message that could not be sent: what the service stored for a key that was used before.
    FailedMessage,
}

/// Lets no caller overlook that the answer to a send is a message that failed.
pub(crate) fn refuse_failed(message: &SentMessage) -> Result<(), Rejected> {
    match message.delivery_status {
        DeliveryStatus::Failed => Err(Rejected::FailedMessage),
        _ => Ok(()),
    }
}

impl From<JsonError> for Rejected {
    fn from(error: JsonError) -> Self {
        Self::Unreadable(error)
    }
}

pub(super) fn answer(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Answer {
    let documented = json::from_slice::<ErrorResponse>(&body);
    let kept = documented.is_err();
    let ErrorResponse { error: detail, trace_id, .. } = documented.unwrap_or_default();
    Answer {
        status,
        retry_after: retry::wish(headers).or(detail.retry_after.map(Duration::from_secs)),
        trace_id: trace_id_of(headers).or(trace_id),
        detail,
        body,
        kept,
    }
}

pub(crate) fn trace_id_of(headers: &HeaderMap) -> Option<TraceId> {
    headers.get("x-trace-id").and_then(|id| id.to_str().ok()).map(TraceId::from)
}
