use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::{Method, StatusCode};
use linq_types::{
    EventId, Operation, Timestamp, TraceId, WebhookSubscriptionId, error::ErrorCode, events::EventType,
};

use crate::faults::FaultEffect;

/// How many deliveries are kept.
const KEPT: usize = 10_000;
/// How many characters of what a stranger wrote.
const MAX_TEXT: usize = 500;

/// Something the sandbox did.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LogEntry {
    /// It answered a request.
    Request(RequestLog),
    /// It tried to deliver a webhook.
    Delivery(Delivery),
}

/// A request and how it was answered.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestLog {
    /// When it was answered.
    pub time: Timestamp,
    /// The method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    /// The operation it asked for, if it was a call of the API.
    pub operation: Option<Operation>,
    /// The status of the answer.
    pub status: StatusCode,
    /// Why it was refused, if it was.
    pub code: Option<ErrorCode>,
    /// The trace id of the answer; the webhooks that the request caused have the same.
    pub trace_id: TraceId,
    /// What went wrong on purpose. After [`Cut`](FaultEffect::Cut) and [`LostAck`](FaultEffect::LostAck) the client
    /// saw no status.
    pub fault: Option<FaultEffect>,
}

/// One attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// When the attempt ended.
    pub time: Timestamp,
    /// The event; every attempt has the same.
    pub event_id: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// The subscription it is for.
    pub subscription_id: WebhookSubscriptionId,
    /// Where it was sent.
    pub target_url: String,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// How it went.
    pub outcome: Outcome,
    /// When the next attempt follows, if one does.
    pub retry_at: Option<Timestamp>,
}

impl Delivery {
    /// Whether the receiver answered with a 2xx status.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        matches!(self.outcome, Outcome::Answered(status) if status.is_success())
    }
}

/// How a delivery attempt went.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The receiver answered with this status.
    Answered(StatusCode),
    /// There was no answer, for this reason.
    Failed(String),
}

pub(crate) type Observer = Box<dyn Fn(&LogEntry) + Send + Sync>;

/// Hands each entry to the observer and keeps the newest deliveries.
pub(crate) struct Log {
    observer: Option<Observer>,
    deliveries: Mutex<VecDeque<Delivery>>,
}

impl Log {
    pub(crate) fn new(observer: Option<Observer>) -> Self {
        Self { observer, deliveries: Mutex::default() }
    }

    pub(crate) fn push(&self, entry: LogEntry) {
        if let Some(observe) = &self.observer {
            observe(&entry);
        }
        if let LogEntry::Delivery(delivery) = entry {
            let mut deliveries = self.lock();
            if deliveries.len() == KEPT {
                deliveries.pop_front();
            }
            deliveries.push_back(delivery);
        }
    }

    /// Oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Delivery>> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a stranger wrote, short enough to be kept.
pub(crate) fn clipped(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
