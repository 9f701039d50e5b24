//! A tiny webhook receiver that checks every signature.

use std::{
    collections::VecDeque,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use linq_types::{
    Timestamp,
    events::{Event, EventData},
};
use linq_webhooks::Verifier;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

pub(crate) struct Receiver {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    _server: JoinSet<()>,
}

#[derive(Default)]
struct State {
    /// Answers to give before the usual 200; `None` gives none.
    answers: VecDeque<Option<u16>>,
    received: Vec<Received>,
    secrets: Vec<String>,
    /// A header of every answer.
    header: Option<(HeaderName, HeaderValue)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) raw: Bytes,
    pub(crate) body: Value,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn event(&self) -> Event {
        Event::parse_unverified(self.raw.to_vec()).unwrap()
    }

    pub(crate) fn event_type(&self) -> &str {
        self.body["event_type"].as_str().unwrap()
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        Self::answering([]).await
    }

    /// Gives these answers first.
    pub(crate) async fn answering(answers: impl IntoIterator<Item = Option<u16>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state =
            Arc::new(Mutex::new(State { answers: answers.into_iter().collect(), ..State::default() }));
        let mut server = JoinSet::new();
        server.spawn(serve(listener, state.clone()));
        Self { address, state, _server: server }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Gives this header with every answer from now on.
    pub(crate) fn set_header(&self, name: &'static str, value: &'static str) {
        let header = (HeaderName::from_static(name), HeaderValue::from_static(value));
        self.state.lock().unwrap().header = Some(header);
    }

    pub(crate) fn trust(&self, secret: &str) {
        self.state.lock().unwrap().secrets.push(secret.to_owned());
    }

    /// The secret trusted first.
    pub(crate) fn secret(&self) -> String {
        self.state.lock().unwrap().secrets[0].clone()
    }

    /// Everything received so far, once it is so many; each one signed by a secret that is trusted, and an event
    /// that the types know.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Received> {
        for _ in 0..500 {
            if self.state.lock().unwrap().received.len() >= count {
                return self.received();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("only {:#?}", self.received());
    }

    /// Waits for one event of this type.
    pub(crate) async fn wait_for_event(&self, event_type: &str) -> Received {
        for _ in 0..500 {
            if let Some(found) = self.received().into_iter().find(|one| one.event_type() == event_type) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no {event_type}, only {:#?}", self.received());
    }

    /// Everything received so far, regardless of who signed it.
    pub(crate) fn unverified(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        let state = self.state.lock().unwrap();
        let secrets: Vec<_> = state.secrets.iter().map(|secret| Verifier::new(secret).unwrap()).collect();
        for one in &state.received {
            // The sandbox's time is its own.
            let signed_at = one.header("webhook-timestamp").parse().unwrap();
            let signed_at = Timestamp::from_unix(signed_at, 0).unwrap();
            let verified = secrets
                .iter()
                .any(|verifier| verifier.verify_at(&one.headers, one.raw.clone(), signed_at).is_ok());
            assert!(verified, "no trusted secret signed {one:?}");
            assert!(!matches!(one.event().data, EventData::Unknown(_)), "{one:?}");
        }
        state.received.clone()
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = state.clone();
        let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
            let state = state.clone();
            async move {
                let (parts, body) = request.into_parts();
                let raw = body.collect().await.unwrap().to_bytes();
                let body = serde_json::from_slice(&raw).unwrap();
                let (answer, header) = {
                    let mut state = state.lock().unwrap();
                    let path = parts.uri.to_string();
                    state.received.push(Received { path, headers: parts.headers, raw, body });
                    (state.answers.pop_front().unwrap_or(Some(200)), state.header.clone())
                };
                let Some(status) = answer else { std::future::pending().await };
                let mut response = Response::new(Full::new(Bytes::new()));
                *response.status_mut() = StatusCode::from_u16(status).unwrap();
                response.headers_mut().extend(header);
                Ok::<_, Infallible>(response)
            }
        });
        connections.spawn(async move {
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
