use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use linq_types::{
    EventId, Operation, Timestamp, TraceId, WebhookSubscriptionId, error::ErrorCode, events::EventType,
};

use crate::faults::FaultEffect;

/// An entry of the log.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LogEntry {
    /// A request was answered.
    Request(RequestLog),
    /// A webhook delivery was attempted.
    Delivery(Delivery),
}

/// A request and its response.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestLog {
    /// When the request was answered.
    pub time: Timestamp,
    /// The HTTP method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    /// The query; `None` if there is none.
    pub query: Option<String>,
    /// The headers. The values of `authorization` and `x-linq-integration-token` are replaced by
    /// `[redacted]`. Empty if they are not kept any more.
    pub headers: HeaderMap,
    /// The operation; `None` if the request is not a call of the V3 API.
    pub operation: Option<Operation>,
    /// The status code of the response.
    pub status: StatusCode,
    /// The error code of the response, if it is an error.
    pub code: Option<ErrorCode>,
    /// The trace id of the response, shared by the webhooks that the request caused.
    pub trace_id: TraceId,
    /// The fault that struck. After [`Cut`](FaultEffect::Cut) and [`LostAck`](FaultEffect::LostAck) the client saw no
    /// status code.
    pub fault: Option<FaultEffect>,
    /// How long it took from the arrival of the head to the response, in real time. Without the delay of the faults
    /// [`Timeout`](FaultEffect::Timeout) and [`Stall`](FaultEffect::Stall).
    pub duration: Duration,
}

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// When the attempt ended.
    pub time: Timestamp,
    /// The id of the event; the same in every attempt.
    pub event_id: EventId,
    /// The type of the event.
    pub event_type: EventType,
    /// The subscription it was delivered to.
    pub subscription_id: WebhookSubscriptionId,
    /// The URL it was sent to.
    pub target_url: String,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The outcome.
    pub outcome: DeliveryOutcome,
    /// When the next attempt is due; `None` if there is none.
    pub retry_at: Option<Timestamp>,
}

impl Delivery {
    /// Returns `true` if the receiver responded with a 2xx status code.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        matches!(self.outcome, DeliveryOutcome::Responded(status) if status.is_success())
    }
}

/// The outcome of a delivery attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryOutcome {
    /// The receiver responded with this status code.
    Responded(StatusCode),
    /// There was no response, for this reason.
    Failed(String),
}

impl DeliveryOutcome {
    /// Returns one of the two: the status code of the response, or why there was none.
    pub(crate) fn status_or_error(&self) -> (Option<u16>, Option<&str>) {
        match self {
            Self::Responded(status) => (Some(status.as_u16()), None),
            Self::Failed(reason) => (None, Some(reason)),
        }
    }
}
