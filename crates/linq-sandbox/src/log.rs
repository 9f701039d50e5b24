//! The requests that were answered and the attempts to deliver webhooks.

mod bodies;
mod kept;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use linq_types::{
    EventId, Operation, Timestamp, TraceId, WebhookSubscriptionId, error::ErrorCode, events::EventType,
};

use crate::faults::FaultEffect;

pub(crate) use bodies::{Bodies, Body};
pub(crate) use kept::{Entry, Kept, Row, Sent};

/// The number of characters of untrusted text that are kept.
const MAX_TEXT: usize = 500;

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
    /// The headers. The value of `authorization` is replaced by `[redacted]`. Empty if they are not kept any more.
    pub headers: HeaderMap,
    /// The operation; `None` if the request is not a call of the API.
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

pub(crate) type Observer = Box<dyn Fn(&LogEntry) + Send + Sync>;

/// Hands each entry to the observer and keeps the newest ones.
pub(crate) struct Log {
    observer: Option<Observer>,
    kept: Mutex<Kept>,
}

impl Log {
    pub(crate) fn new(observer: Option<Observer>) -> Self {
        Self { observer, kept: Mutex::default() }
    }

    /// Logs a request with its body and that of the response.
    pub(crate) fn push_request(&self, request: RequestLog, body: &[u8], response: &[u8]) {
        let bodies = Bodies::new(&request.headers, body, response);
        let entry = LogEntry::Request(request);
        self.observe(&entry);
        if let LogEntry::Request(mut request) = entry {
            request.headers = HeaderMap::new();
            self.lock().push_request(request, bodies);
        }
    }

    /// Logs an attempt with the headers and the payload of the webhook.
    pub(crate) fn push_delivery(&self, sent: Sent, headers: &HeaderMap, payload: &[u8]) {
        let bodies = Bodies::new(headers, payload, &[]);
        let Sent { delivery, chat_id } = sent;
        let entry = LogEntry::Delivery(delivery);
        self.observe(&entry);
        if let LogEntry::Delivery(delivery) = entry {
            self.lock().push_delivery(Sent { delivery, chat_id }, bodies);
        }
    }

    fn observe(&self, entry: &LogEntry) {
        if let Some(observe) = &self.observer {
            // A panic would end the task that logs, and work that others wait for with it.
            let _ = catch_unwind(AssertUnwindSafe(|| observe(entry)));
        }
    }

    /// Oldest first.
    pub(crate) fn requests(&self) -> Vec<RequestLog> {
        let kept = self.lock();
        let with_headers = |row: &Row<RequestLog>| {
            let headers = row.bodies.as_ref().map(Bodies::headers).unwrap_or_default();
            RequestLog { headers, ..row.value.clone() }
        };
        kept.requests().map(with_headers).collect()
    }

    /// Oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.lock().deliveries().map(|row| row.value.delivery.clone()).collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&Kept) -> T) -> T {
        read(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Replaces the API key in the headers of a request.
pub(crate) fn without_key(mut headers: HeaderMap) -> HeaderMap {
    if let header::Entry::Occupied(mut authorization) = headers.entry(header::AUTHORIZATION) {
        authorization.insert(HeaderValue::from_static("[redacted]"));
    }
    headers
}

/// Truncates untrusted text.
pub(crate) fn clipped(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
