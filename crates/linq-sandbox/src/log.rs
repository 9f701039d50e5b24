//! The requests that were answered and the attempts to deliver webhooks.

mod bodies;
mod entry;
mod kept;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

pub(crate) use bodies::{Bodies, Body};
pub use entry::{Delivery, DeliveryOutcome, LogEntry, RequestLog};
pub(crate) use kept::{Entry, Kept, Row, Sent};

/// The number of characters of untrusted text that are kept.
const MAX_TEXT: usize = 500;
/// The number of characters of a method that are kept.
const MAX_METHOD: usize = 32;

/// The header that has the API key in requests of V2.
pub(crate) const INTEGRATION_TOKEN: &str = "x-linq-integration-token";

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

    /// Hands an entry to the observer only.
    pub(crate) fn observe(&self, entry: &LogEntry) {
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

/// Replaces the API key in the headers of a request, and the cookies, which a browser sends to every port of a host.
pub(crate) fn without_secrets(mut headers: HeaderMap) -> HeaderMap {
    let integration_token = HeaderName::from_static(INTEGRATION_TOKEN);
    for name in [header::AUTHORIZATION, integration_token, header::PROXY_AUTHORIZATION, header::COOKIE] {
        if let header::Entry::Occupied(mut secret) = headers.entry(name) {
            secret.insert(HeaderValue::from_static("[redacted]"));
        }
    }
    headers
}

/// Truncates a method that somebody made up.
pub(crate) fn clipped_method(method: &Method) -> Method {
    match method.as_str().as_bytes().get(..MAX_METHOD) {
        None => method.clone(),
        Some(start) => Method::from_bytes(start).unwrap_or_default(),
    }
}

/// Truncates untrusted text.
pub(crate) fn clipped(text: &str) -> String {
    match text.len() {
        0..=MAX_TEXT => text.to_owned(),
        _ => text.chars().take(MAX_TEXT).collect(),
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}
