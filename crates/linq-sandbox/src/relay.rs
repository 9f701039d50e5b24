//! The relay: webhooks over a WebSocket that the client opens, for clients without an address of their own.
//!
//! A client connects to `/relay?token=KEY`, sends `{"action":"init"}`, and gets the id of its connection. A webhook that is
//! posted to `/relay/{id}` is sent to it as a frame.

mod frame;
mod handshake;
mod response;
mod session;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use self::{frame::frame, response::text};
pub(crate) use self::{handshake::Handshake, session::run};
use crate::{relay_connections::RelayError, request_body, shared::Shared};

/// The maximum size of a webhook, in bytes.
const MAX_BODY: usize = 1024 * 1024;

pub(crate) const PATH: &str = "/relay";

/// Returns `true` for requests to open a connection, and for webhooks to one.
pub(crate) fn serves(method: &Method, path: &str) -> bool {
    (method == Method::GET && path == PATH) || (method == Method::POST && connection_id(path).is_some())
}

/// Returns the connection that a webhook is for.
fn connection_id(path: &str) -> Option<&str> {
    path.strip_prefix(PATH)?.strip_prefix('/')
}

pub(crate) async fn respond(shared: &Shared, request: Request<Incoming>) -> Response<Bytes> {
    if request.method() == Method::GET {
        return handshake::respond(shared, request);
    }
    match forward(shared, request).await {
        Ok(()) => Response::new(Bytes::new()),
        Err((status, reason)) => text(status, reason),
    }
}

/// Sends a webhook to its connection, and returns once it is written.
async fn forward(shared: &Shared, request: Request<Incoming>) -> Result<(), (StatusCode, String)> {
    let id = connection_id(request.uri().path()).unwrap_or_default();
    let connection = shared.relay.find(id).ok_or_else(|| refusal(RelayError::NotFound))?;
    let (parts, body) = request.into_parts();
    let body = request_body::read(body, MAX_BODY, shared.config.request_timeout)
        .await
        .map_err(|error| (error.status(), error.to_string()))?;
    let frame = frame(shared.config.relay_frames, &parts.headers, &body)
        .ok_or_else(|| (StatusCode::BAD_REQUEST, "the body is not UTF-8".to_owned()))?;
    connection.send(frame).await.map_err(refusal)
}

fn refusal(error: RelayError) -> (StatusCode, String) {
    (error.status(), error.to_string())
}
