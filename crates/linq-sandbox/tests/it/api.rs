//! A tiny client of the API.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use linq_sandbox::{Delays, Sandbox, SandboxBuilder};
use linq_types::{ChatId, MessageId, WebhookSubscriptionId};
use serde_json::{Value, json};

use super::receiver::Receiver;

pub(crate) const LINE: &str = "+12025550100";
pub(crate) const ADA: &str = "+12025550199";
pub(crate) const BEN: &str = "+12025550198";

pub(crate) struct Api {
    pub(crate) sandbox: Sandbox,
    client: Client<HttpConnector, Full<Bytes>>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    /// The status and the API's code of a refusal.
    pub(crate) fn refusal(&self) -> (u16, u64) {
        let code = self.body["error"]["code"].as_u64();
        (self.status.as_u16(), code.unwrap_or_else(|| panic!("no refusal: {self:?}")))
    }

    pub(crate) fn error_message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap()
    }

    pub(crate) fn trace_id(&self) -> &str {
        self.headers["x-trace-id"].to_str().unwrap()
    }
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::with(Sandbox::builder()).await
    }

    /// With messages that stay as they are.
    pub(crate) async fn frozen() -> Self {
        let never = Duration::from_secs(3_600);
        Self::with(Sandbox::builder().delays(Delays::new(never, never, never))).await
    }

    /// With time that stands still until the test moves it.
    pub(crate) async fn still() -> Self {
        Self::with(Sandbox::builder().manual_time()).await
    }

    pub(crate) async fn with(builder: SandboxBuilder) -> Self {
        Self::seeded(builder, 7).await
    }

    pub(crate) async fn seeded(builder: SandboxBuilder, seed: u64) -> Self {
        let sandbox = builder.seed(seed).start().await.unwrap();
        // The sandbox closes idle connections, perhaps at the moment when one is used again.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { sandbox, client }
    }

    pub(crate) async fn exchange(&self, request: Request<Full<Bytes>>) -> Response<Bytes> {
        let (parts, body) = self.client.request(request).await.unwrap().into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Reply {
        let (parts, body) = self.exchange(request).await.into_parts();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Reply { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) fn request(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.sandbox.base_url()))
            .header("authorization", format!("Bearer {}", self.sandbox.api_key()))
            .header("content-type", "application/json")
            .body(Full::new(body.into()))
            .unwrap()
    }

    pub(crate) fn control_request(
        &self,
        method: Method,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Request<Full<Bytes>> {
        let mut request = self.request(method, "", body);
        *request.uri_mut() = format!("{}{path}", self.sandbox.control_url()).parse().unwrap();
        request
    }

    /// Steers the sandbox as a program in another language does.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Reply {
        self.send(self.control_request(method, path, body.to_string())).await
    }

    /// `None` when the connection was cut before a whole answer came.
    pub(crate) async fn try_send(&self, request: Request<Full<Bytes>>) -> Option<Reply> {
        let (parts, body) = self.client.request(request).await.ok()?.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Some(Reply { status: parts.status, headers: parts.headers, body })
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path, "")).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path, "")).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path, body.to_string())).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PUT, path, body.to_string())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PATCH, path, body.to_string())).await
    }

    pub(crate) async fn delete_with(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::DELETE, path, body.to_string())).await
    }

    pub(crate) async fn create_chat(&self, to: &[&str], text: &str) -> Reply {
        self.post("/v3/chats", json!({ "from": LINE, "to": to, "message": text_message(text) })).await
    }

    /// A chat with Ada that has one message.
    pub(crate) async fn chat_with_ada(&self) -> (ChatId, MessageId) {
        let created = self.create_chat(&[ADA], "Hello").await;
        assert_eq!(created.status, 201, "{created:?}");
        let chat = &created.body["chat"];
        (chat["id"].as_str().unwrap().into(), chat["message"]["id"].as_str().unwrap().into())
    }

    pub(crate) async fn send_message(&self, chat_id: &ChatId, message: Value) -> Reply {
        self.post(&format!("/v3/chats/{chat_id}/messages"), json!({ "message": message })).await
    }

    pub(crate) async fn advance_secs(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds)).await;
    }

    /// The state that a message reaches and stays in.
    pub(crate) async fn wait_for_status(&self, message_id: &MessageId, status: &str) -> Value {
        for _ in 0..200 {
            let message = self.get(&format!("/v3/messages/{message_id}")).await.body;
            if message["delivery_status"] == status {
                return message;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the message never got to {status}");
    }

    /// Subscribes a receiver and hands it the secret.
    pub(crate) async fn subscribe(
        &self,
        receiver: &Receiver,
        query: &str,
        body: Value,
    ) -> WebhookSubscriptionId {
        let mut request = json!({
            "target_url": format!("{}{query}", receiver.url()),
            "subscribed_events": [
                "message.sent", "message.received", "message.delivered", "message.read", "message.failed",
                "reaction.added", "reaction.removed", "chat.created",
            ],
        });
        request.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let created = self.post("/v3/webhook-subscriptions", request).await;
        assert_eq!(created.status, 201, "{created:?}");
        receiver.trust(created.body["signing_secret"].as_str().unwrap());
        created.body["id"].as_str().unwrap().into()
    }
}

pub(crate) fn text_message(text: &str) -> Value {
    json!({ "parts": [{ "type": "text", "value": text }] })
}
