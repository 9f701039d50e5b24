use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
};

use http::{Method, StatusCode};
use linq_types::{EventId, Timestamp, TraceId, WebhookSubscriptionId, error::ErrorCode, events::EventType};

/// How many entries are kept.
const KEPT: usize = 10_000;

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
    /// The status of the answer.
    pub status: StatusCode,
    /// Why it was refused, if it was.
    pub code: Option<ErrorCode>,
    /// The trace id of the answer; the webhooks that the request caused have the same.
    pub trace_id: TraceId,
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

/// Keeps the newest entries and hands each one to the observer first.
pub(crate) struct Log {
    observer: Option<Observer>,
    entries: Mutex<VecDeque<LogEntry>>,
}

impl Log {
    pub(crate) fn new(observer: Option<Observer>) -> Self {
        Self { observer, entries: Mutex::default() }
    }

    pub(crate) fn push(&self, entry: LogEntry) {
        if let Some(observe) = &self.observer {
            observe(&entry);
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let deliveries = entries.iter().filter_map(|entry| match entry {
            LogEntry::Delivery(delivery) => Some(delivery.clone()),
            LogEntry::Request(_) => None,
        });
        deliveries.collect()
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
