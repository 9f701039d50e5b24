use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use linq_core::{
    BackendFuture, Body, Client, ClientBuilder, HttpBackend, TransportError, TransportErrorKind,
    types::Operation,
};

/// A backend whose time passes only while it sleeps, and that keeps when requests were sent.
#[derive(Debug, Clone)]
pub(super) struct Clock(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    elapsed: Duration,
    has_clock: bool,
    /// How many of the next requests fail to connect.
    failures: u32,
    sent: Vec<(Duration, http::Request<Body>)>,
}

/// The timeouts of attempts, which are raced against responses that arrive at once, are longer than any pause.
const TIMEOUT: Duration = Duration::from_secs(1_000_000);

impl Clock {
    pub(super) fn new() -> Self {
        let state = State { elapsed: Duration::ZERO, has_clock: true, failures: 0, sent: Vec::new() };
        Self(Arc::new(Mutex::new(state)))
    }

    pub(super) fn without_clock() -> Self {
        let clock = Self::new();
        clock.0.lock().unwrap().has_clock = false;
        clock
    }

    pub(super) fn builder() -> ClientBuilder {
        Client::builder().api_key("test-key").timeout(TIMEOUT)
    }

    pub(super) fn advance(&self, duration: Duration) {
        self.0.lock().unwrap().elapsed += duration;
    }

    pub(super) fn set_back(&self, duration: Duration) {
        self.0.lock().unwrap().elapsed -= duration;
    }

    pub(super) fn fail(&self, requests: u32) {
        self.0.lock().unwrap().failures = requests;
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().elapsed
    }

    /// When each request was sent, since the beginning.
    pub(super) fn times(&self) -> Vec<Duration> {
        self.0.lock().unwrap().sent.iter().map(|(time, _)| *time).collect()
    }

    #[cfg(feature = "blocking")]
    pub(super) fn requests(&self) -> Vec<http::Request<Body>> {
        self.0.lock().unwrap().sent.drain(..).map(|(_, request)| request).collect()
    }

    fn respond(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, TransportError> {
        let mut state = self.0.lock().unwrap();
        let elapsed = state.elapsed;
        let is_create = request.uri().path().ends_with(Operation::ChatsCreate.route());
        state.sent.push((elapsed, request));
        if state.failures > 0 {
            state.failures -= 1;
            return Err(TransportError::new(TransportErrorKind::Connect));
        }
        let body = match is_create {
            true => r#"{"chat":{"id":"c","message":{"id":"m"}}}"#,
            false => r#"{"chat_id":"c","message_id":"m","message":{"id":"m"},"poll":{}}"#,
        };
        Ok(http::Response::builder().status(202).body(Bytes::from_static(body.as_bytes())).unwrap())
    }

    fn time(&self) -> Option<SystemTime> {
        let state = self.0.lock().unwrap();
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        state.has_clock.then(|| start + state.elapsed)
    }
}

impl HttpBackend for Clock {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let response = self.respond(request);
        Box::pin(async { response })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        let clock = self.clone();
        Box::pin(async move {
            if duration < TIMEOUT {
                clock.advance(duration);
            } else {
                std::future::pending().await
            }
        })
    }

    fn now(&self) -> Option<SystemTime> {
        self.time()
    }
}

#[cfg(feature = "blocking")]
impl linq_core::BlockingHttpBackend for Clock {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.respond(request)
    }

    fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }

    fn now(&self) -> Option<SystemTime> {
        self.time()
    }
}
