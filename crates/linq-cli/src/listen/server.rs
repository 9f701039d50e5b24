//! The HTTP server and its limits.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use linq::webhooks::Verifier;
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::receiver::Receiver;
use crate::webhook::Rejection;

/// Larger than any event.
const MAX_BODY: usize = 1024 * 1024;
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;
const MAX_CONNECTIONS: usize = 256;
/// The timeout for the head and for the body of a request.
const ARRIVAL: Duration = Duration::from_secs(10);
/// The pause when the process is out of file descriptors or connections, so that others can close.
const PAUSE: Duration = Duration::from_millis(50);

/// A server that verifies what it gets.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) verifier: Verifier,
    pub(super) receiver: Receiver,
}

impl Server {
    /// Accepts connections while it is polled.
    pub(super) async fn accept(self: &Arc<Self>, listener: &TcpListener, connections: &GracefulShutdown) {
        loop {
            while connections.count() >= MAX_CONNECTIONS {
                tokio::time::sleep(PAUSE).await;
            }
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(self.clone().serve(stream, connections.watcher()));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn serve(self: Arc<Self>, stream: TcpStream, connection: Watcher) {
        let service = service_fn(|request| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.answer(request).await) }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(ARRIVAL)
            .max_buf_size(MAX_HEAD)
            .max_headers(MAX_HEADERS);
        // Errors of the connection are those of the client.
        let _ = connection.watch(http.serve_connection(TokioIo::new(stream), service)).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Empty<Bytes>> {
        let (parts, body) = request.into_parts();
        let status = match read(&parts.method, body).await {
            Ok(body) => self.receiver.receive(&self.verifier, &parts.headers, body).await,
            Err(rejection) => self.receiver.refuse(rejection),
        };
        let mut response = Response::new(Empty::new());
        *response.status_mut() = status;
        response
    }
}

async fn read(method: &Method, body: Incoming) -> Result<Bytes, Rejection> {
    if method != Method::POST {
        return Err(Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "expected POST"));
    }
    match timeout(ARRIVAL, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Rejection::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is larger than {MAX_BODY} bytes"),
        )),
        Ok(Err(_)) => Err(Rejection::new(StatusCode::BAD_REQUEST, "incomplete body")),
        Err(_) => Err(Rejection::new(StatusCode::REQUEST_TIMEOUT, "the body timed out")),
    }
}
