//! The HTTP side: connections and their bounds.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::receiver::Receiver;
use crate::webhook::Refusal;

/// No event comes near.
const MAX_BODY: usize = 1024 * 1024;
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;
const MAX_CONNECTIONS: usize = 256;
/// How long a request may take to arrive, head and body each.
const ARRIVAL: Duration = Duration::from_secs(10);

/// Serves connections for as long as it is polled. Dropping it cuts them.
pub(super) async fn run(listener: TcpListener, receiver: Arc<Receiver>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= MAX_CONNECTIONS {
            connections.join_next().await;
        }
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, receiver.clone()));
            }
            // Out of file descriptors, as a rule: give the connections there are time to end.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, receiver: Arc<Receiver>) {
    let service = service_fn(|request| {
        let receiver = receiver.clone();
        async move { Ok::<_, Infallible>(answer(&receiver, request).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(ARRIVAL)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS);
    // A client that hangs up in the middle is no fault of ours.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(receiver: &Receiver, request: Request<Incoming>) -> Response<Empty<Bytes>> {
    let (parts, body) = request.into_parts();
    let status = match read(&parts.method, body).await {
        Ok(body) => receiver.receive(&parts.headers, body).await,
        Err(refusal) => receiver.refuse(refusal),
    };
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    response
}

async fn read(method: &Method, body: Incoming) -> Result<Bytes, Refusal> {
    if method != Method::POST {
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "webhooks come by POST"));
    }
    match timeout(ARRIVAL, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body has more than the {MAX_BODY} bytes that are taken"),
        )),
        Ok(Err(_)) => Err(Refusal::new(StatusCode::BAD_REQUEST, "the body broke off")),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
    }
}
