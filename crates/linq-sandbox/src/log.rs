use std::{
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::{Method, StatusCode};
use linq_types::{
    EventId, Operation, Timestamp, TraceId, WebhookSubscriptionId, error::ErrorCode, events::EventType,
};

use tokio::sync::Notify;

use crate::faults::FaultEffect;

/// The number of requests that are kept, and of deliveries.
const KEPT: usize = 10_000;
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
    /// Wakes those who wait for something to happen.
    pub(crate) news: Notify,
}

#[derive(Default)]
struct Kept {
    requests: VecDeque<RequestLog>,
    deliveries: VecDeque<Delivery>,
}

impl Log {
    pub(crate) fn new(observer: Option<Observer>) -> Self {
        Self { observer, kept: Mutex::default(), news: Notify::new() }
    }

    pub(crate) fn push(&self, entry: LogEntry) {
        if let Some(observe) = &self.observer {
            // A panic would end the task that logs, and work that others wait for with it.
            let _ = catch_unwind(AssertUnwindSafe(|| observe(&entry)));
        }
        match entry {
            LogEntry::Request(request) => push(&mut self.lock().requests, request),
            LogEntry::Delivery(delivery) => push(&mut self.lock().deliveries, delivery),
        }
        self.news.notify_waiters();
    }

    /// Oldest first.
    pub(crate) fn requests(&self) -> Vec<RequestLog> {
        self.lock().requests.iter().cloned().collect()
    }

    /// Oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.lock().deliveries.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Appends an entry. If there are too many, the oldest is removed.
fn push<T>(entries: &mut VecDeque<T>, entry: T) {
    if entries.len() == KEPT {
        entries.pop_front();
    }
    entries.push_back(entry);
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
