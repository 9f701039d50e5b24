//! A backend that plays a script, for both clients.

use std::{
    collections::{BTreeMap, VecDeque},
    future,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{
    HeaderMap, Method, Uri,
    header::{ACCEPT_ENCODING, CONTENT_LENGTH, USER_AGENT},
};
use linq_core::{
    BackendFuture, BlockingHttpBackend, Body, Client, ClientBuilder, HttpBackend, TransportError,
    TransportErrorKind, blocking,
};
use serde_json::{Value, json};
use tokio::time::Instant;

/// What the clock shows when it is first looked at: Fri, 06 Nov 2026 08:49:37 GMT, in time since 1970.
const CLOCK: Duration = Duration::from_secs(1_793_954_977);

pub(super) const CHAT: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

/// What happens to one request.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    Response {
        status: u16,
        headers: Vec<(&'static str, &'static str)>,
        body: Bytes,
    },
    Fails(TransportErrorKind),
    /// Nothing comes: the client's time runs out.
    Hangs,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::Response { status, headers: Vec::new(), body: body.to_string().into() }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self::Response { status, headers: Vec::new(), body: Bytes::new() }
    }

    pub(super) fn error(status: u16, code: u32) -> Self {
        Self::json(status, &json!({"success": false, "error": {"status": status, "code": code}}))
    }

    /// The answer to a send into [`CHAT`], with the message in this state.
    pub(super) fn sent(delivery_status: &str) -> Self {
        let parts = json!([{"type": "text", "value": "Hello!", "reactions": null}]);
        let message =
            json!({"id": "m1", "delivery_status": delivery_status, "parts": parts, "is_read": false});
        Self::json(202, &json!({"chat_id": CHAT, "message": message}))
    }

    pub(super) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        if let Self::Response { headers, .. } = &mut self {
            headers.push((name, value));
        }
        self
    }

    fn into_result(self) -> Option<Result<http::Response<Bytes>, TransportError>> {
        match self {
            Self::Hangs => None,
            Self::Fails(kind) => Some(Err(TransportError::new(kind))),
            Self::Response { status, headers, body } => {
                let mut response = http::Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                Some(Ok(response.body(body).unwrap()))
            }
        }
    }
}

/// Makes a call on both clients, each with these answers: gives what came of it and what was asked.
macro_rules! both {
    ($answers:expr, |$client:ident| $call:expr) => {{
        let (script, other) =
            ($crate::it::script::Script::new($answers), $crate::it::script::Script::new($answers));
        let $client = &script.client();
        let outcome = $call.await;
        let $client = &other.blocking();
        [(outcome, script), ($call.call(), other)]
    }};
}
pub(super) use both;

/// A request as it reached the backend.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Received {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The headers except for the name of the client, the length, which must be that of the body if it is set, and the
    /// encodings, which are none.
    pub(super) fn plain_headers(&self) -> BTreeMap<String, String> {
        if let Some(length) = self.headers.get(CONTENT_LENGTH) {
            assert_eq!(length, &self.body.len().to_string());
        }
        assert_eq!(self.headers[ACCEPT_ENCODING], "identity");
        let own = [USER_AGENT, CONTENT_LENGTH, ACCEPT_ENCODING];
        let headers = self.headers.iter().filter(|(name, _)| !own.contains(name));
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
    }
}

/// Answers request after request as written, and keeps what it was asked. A request too many is a panic.
#[derive(Debug, Clone, Default)]
pub(super) struct Script(Arc<Mutex<Played>>);

#[derive(Debug, Default)]
pub(super) struct Played {
    answers: VecDeque<Answer>,
    pub(super) requests: Vec<Received>,
    /// The waits between attempts of the blocking client, none of which is waited.
    pub(super) waits: Vec<Duration>,
    /// When the asynchronous client asked for the time first.
    start: Option<Instant>,
    /// The timeouts that the blocking client gave.
    pub(super) timeouts: Vec<Duration>,
}

impl Script {
    pub(super) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = answers.into_iter().collect();
        Self(Arc::new(Mutex::new(Played { answers, ..Played::default() })))
    }

    /// Both clients, set up alike.
    pub(super) fn clients(
        &self,
        set_up: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> (Client, blocking::Client) {
        let builder = Client::builder().api_key("test-api-key").base_url("http://localhost/api/partner");
        let builder = set_up(builder);
        (builder.clone().build(self.clone()).unwrap(), builder.build_blocking(self.clone()).unwrap())
    }

    pub(super) fn client(&self) -> Client {
        self.clients(|builder| builder).0
    }

    /// A client that sends what breaks the rules too, and everything once.
    pub(super) fn without_validation(&self) -> Client {
        self.clients(|builder| builder.skip_validation().max_attempts(1)).0
    }

    pub(super) fn blocking(&self) -> blocking::Client {
        self.clients(|builder| builder).1
    }

    /// What has been asked so far.
    pub(super) fn played(&self) -> MutexGuard<'_, Played> {
        self.0.lock().unwrap()
    }

    fn play(&self, request: http::Request<Body>) -> Answer {
        let (head, body) = request.into_parts();
        let mut played = self.played();
        played.requests.push(Received {
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body: body.collect().unwrap(),
        });
        played.answers.pop_front().expect("a request that the script has no answer for")
    }
}

impl HttpBackend for Script {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BackendFuture<Result<http::Response<Bytes>, TransportError>> {
        match self.play(request).into_result() {
            Some(result) => Box::pin(future::ready(result)),
            None => Box::pin(future::pending()),
        }
    }

    /// Tests start with time paused: it passes when there is nothing else to do.
    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }

    /// The time that passes in tests.
    fn now(&self) -> Option<SystemTime> {
        let start = *self.played().start.get_or_insert_with(Instant::now);
        Some(UNIX_EPOCH + CLOCK + start.elapsed())
    }
}

impl BlockingHttpBackend for Script {
    fn send(
        &self,
        request: http::Request<Body>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.play(request);
        self.played().timeouts.push(timeout);
        answer.into_result().unwrap_or_else(|| Err(TransportError::new(TransportErrorKind::Timeout)))
    }

    fn sleep(&self, duration: Duration) {
        self.played().waits.push(duration);
    }

    fn now(&self) -> Option<SystemTime> {
        Some(UNIX_EPOCH + CLOCK)
    }
}
