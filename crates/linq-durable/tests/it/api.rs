use std::{
    collections::{BTreeMap, VecDeque},
    future::ready,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use linq_core::{
    BackendFuture, BlockingHttpBackend, Body, Client, HttpBackend, TransportError, TransportErrorKind,
    blocking,
};
use serde_json::{Value, json};

/// An API in memory: it executes each idempotency key once, and answers as prepared.
#[derive(Debug, Clone, Default)]
pub(super) struct Api(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    replies: VecDeque<Reply>,
    /// The texts by idempotency key.
    executed: BTreeMap<String, String>,
    /// What was executed, in order: chat and text.
    log: Vec<(String, String)>,
    requests: usize,
}

/// What the API does with a request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Execute,
    /// Executes it, and the response is lost.
    LoseAnswer,
    /// Cannot be reached.
    Unreachable,
    /// Refuses it with this status, code and `Retry-After`.
    Refuse(u16, u32, Option<u64>),
    /// Responds with a message that failed.
    Failed,
}

impl Api {
    pub(super) fn replying(replies: impl IntoIterator<Item = Reply>) -> Self {
        let api = Self::default();
        api.lock().replies = replies.into_iter().collect();
        api
    }

    /// A client that makes one attempt, so that the outbox repeats.
    pub(super) fn client(&self) -> Client {
        Client::builder().api_key("key").max_attempts(1).build(self.clone()).unwrap()
    }

    pub(super) fn blocking_client(&self) -> blocking::Client {
        blocking::Client::builder().api_key("key").max_attempts(1).build_blocking(self.clone()).unwrap()
    }

    /// What was executed: chat and text, in order.
    pub(super) fn executed(&self) -> Vec<(String, String)> {
        self.lock().log.clone()
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.executed().into_iter().map(|(_, text)| text).collect()
    }

    pub(super) fn requests(&self) -> usize {
        self.lock().requests
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, request: &Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let mut state = self.lock();
        state.requests += 1;
        let reply = state.replies.pop_front().unwrap_or(Reply::Execute);
        let chat = request.uri().path().split('/').rev().nth(1).unwrap_or_default().to_owned();
        let body: Value = serde_json::from_slice(request.body().as_bytes().unwrap()).unwrap();
        let message = &body["message"];
        let key = message["idempotency_key"].as_str().expect("a send has a key").to_owned();
        match reply {
            Reply::Unreachable => return Err(TransportError::new(TransportErrorKind::Connect)),
            Reply::Refuse(status, code, retry_after) => {
                let error =
                    json!({"success": false, "error": {"status": status, "code": code, "message": "no"}});
                let mut response = Response::builder().status(status);
                if let Some(seconds) = retry_after {
                    response = response.header("retry-after", seconds);
                }
                return Ok(response.body(error.to_string().into()).unwrap());
            }
            Reply::Execute | Reply::LoseAnswer | Reply::Failed => {}
        }
        if !state.executed.contains_key(&key) {
            let text = message["parts"][0]["value"].as_str().unwrap_or_default().to_owned();
            state.executed.insert(key.clone(), text.clone());
            state.log.push((chat.clone(), text));
        }
        let status = if matches!(reply, Reply::Failed) { "failed" } else { "pending" };
        let answer = json!({"chat_id": chat, "message": {"id": message_id(&key), "delivery_status": status}});
        match reply {
            Reply::LoseAnswer => Err(TransportError::new(TransportErrorKind::Other)),
            _ => Ok(Response::builder().status(202).body(answer.to_string().into()).unwrap()),
        }
    }
}

/// The id that the message with this key gets.
pub(super) fn message_id(key: &str) -> String {
    format!("message of {key}")
}

impl HttpBackend for Api {
    fn send(&self, request: Request<Body>) -> BackendFuture<Result<Response<Bytes>, TransportError>> {
        Box::pin(ready(self.respond(&request)))
    }

    fn sleep(&self, duration: Duration) -> BackendFuture<()> {
        linq_durable::Timer::new().sleep(duration)
    }
}

impl BlockingHttpBackend for Api {
    fn send(&self, request: Request<Body>, _: Duration) -> Result<Response<Bytes>, TransportError> {
        self.respond(&request)
    }

    fn sleep(&self, _: Duration) {
        unreachable!("a client that makes one attempt waits for nothing")
    }
}
