use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use linq_core::{
    BackendFuture, Body, Client, ClientBuilder, HttpBackend, TransportError, TransportErrorKind,
};

/// What a request gets: a response, or a connection that fails.
pub(super) type Answer = Option<(u16, String)>;

type Respond = dyn FnMut(&str) -> Option<Answer> + Send;

/// A backend with virtual time, which moves on to the next timer when nothing else can happen.
#[derive(Clone)]
pub(super) struct Timeline(Arc<Mutex<State>>);

struct State {
    now: Duration,
    timers: Vec<Duration>,
    respond: Box<Respond>,
    log: Vec<String>,
    bodies: Vec<String>,
}

impl Timeline {
    /// All requests are accepted.
    pub(super) fn new() -> Self {
        Self::answering(|_| None)
    }

    /// `respond` gets requests such as `POST /chats/c/typing`. Where it returns `None`, they are accepted.
    pub(super) fn answering(respond: impl FnMut(&str) -> Option<Answer> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(State {
            now: Duration::ZERO,
            timers: Vec::new(),
            respond: Box::new(respond),
            log: Vec::new(),
            bodies: Vec::new(),
        })))
    }

    pub(super) fn builder() -> ClientBuilder {
        Client::builder().api_key("test-key")
    }

    pub(super) fn client(&self) -> Client {
        Self::builder().build(self.clone()).unwrap()
    }

    /// The requests so far, each after the time in seconds, such as `60 POST /chats/c/typing`.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().log)
    }

    pub(super) fn bodies(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().bodies)
    }

    pub(super) fn seconds(&self) -> f64 {
        self.0.lock().unwrap().now.as_secs_f64()
    }

    pub(super) async fn pause(&self, seconds: u64) {
        HttpBackend::sleep(self, Duration::from_secs(seconds)).await;
    }

    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.run_beside(future, None)
    }

    /// Runs a future, and beside it a task, which must end too.
    pub(super) fn run_beside<T>(
        &self,
        future: impl Future<Output = T>,
        mut task: Option<BackendFuture<()>>,
    ) -> T {
        let mut future = Box::pin(future);
        let mut output = None;
        let context = &mut Context::from_waker(Waker::noop());
        loop {
            self.0.lock().unwrap().timers.clear();
            for _ in 0..2 {
                if let Some(Poll::Ready(())) = task.as_mut().map(|task| task.as_mut().poll(context)) {
                    task = None;
                }
                if output.is_none()
                    && let Poll::Ready(ready) = future.as_mut().poll(context)
                {
                    output = Some(ready);
                }
            }
            output = match output {
                Some(output) if task.is_none() => return output,
                output => output,
            };
            let mut state = self.0.lock().unwrap();
            state.now = *state.timers.iter().min().expect("nothing is left to wait for");
        }
    }

    fn respond(&self, request: &http::Request<Body>) -> Result<http::Response<Bytes>, TransportError> {
        let mut state = self.0.lock().unwrap();
        let target = request.uri().path_and_query().unwrap().as_str();
        let name = format!("{} {}", request.method(), target.split_once("/v3").unwrap().1);
        let entry = format!("{} {name}", state.now.as_secs_f64());
        state.log.push(entry);
        state.bodies.push(String::from_utf8(request.body().as_bytes().unwrap().to_vec()).unwrap());
        let accepted = match &*name {
            "POST /chats" => r#"{"chat":{"id":"c","message":{"id":"m"}}}"#,
            _ => r#"{"chat_id":"c","message":{"id":"m"}}"#,
        };
        let answer = (state.respond)(&name).unwrap_or_else(|| Some((202, accepted.to_owned())));
        let (status, body) = answer.ok_or_else(|| TransportError::new(TransportErrorKind::Other))?;
        Ok(http::Response::builder().status(status).body(body.into()).unwrap())
    }
}

impl fmt::Debug for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Timeline")
    }
}

impl HttpBackend for Timeline {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        let timeline = self.clone();
        Box::pin(async move { timeline.respond(&request) })
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        let at = self.0.lock().unwrap().now + duration;
        Box::pin(Timer { timeline: self.clone(), at })
    }

    fn now(&self) -> Option<SystemTime> {
        Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + self.0.lock().unwrap().now)
    }
}

struct Timer {
    timeline: Timeline,
    at: Duration,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let mut state = self.timeline.0.lock().unwrap();
        if state.now >= self.at {
            return Poll::Ready(());
        }
        state.timers.push(self.at);
        Poll::Pending
    }
}

/// Time passes only while a thread sleeps.
#[cfg(feature = "blocking")]
impl linq_core::BlockingHttpBackend for Timeline {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.respond(&request)
    }

    fn sleep(&self, duration: Duration) {
        self.0.lock().unwrap().now += duration;
    }

    fn now(&self) -> Option<SystemTime> {
        HttpBackend::now(self)
    }
}

/// The body of an error.
pub(super) fn error(status: u16, code: u32) -> Option<Answer> {
    Some(Some((status, format!(r#"{{"success":false,"error":{{"status":{status},"code":{code}}}}}"#))))
}

pub(super) fn ok(body: impl Into<String>) -> Option<Answer> {
    Some(Some((200, body.into())))
}
