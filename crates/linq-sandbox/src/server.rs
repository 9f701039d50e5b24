//! The HTTP side: connections, body limits, the key, the trace id, the envelope of errors.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use linq_types::{TraceId, error::ErrorCode};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{
    error::ApiError,
    files, json,
    log::{LogEntry, RequestLog},
    routes::{self, Answer, Call},
    shared::Shared,
};

/// No request of the API comes near.
const MAX_BODY: usize = 1024 * 1024;

/// Serves connections for as long as it is polled. Dropping it cuts them.
pub(crate) async fn run(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, shared.clone()));
            }
            // Out of file descriptors, as a rule: give the connections there are time to end.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let shared = shared.clone();
        async move { Ok::<_, Infallible>(respond(&shared, request).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    // A client that hangs up in the middle is no fault of the sandbox.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(shared: &Shared, request: Request<Incoming>) -> Response<Full<Bytes>> {
    if files::serves(request.uri().path()) {
        return files::respond(shared, request).await;
    }
    let trace_id = shared.change(|store, _| store.ids.trace_id());
    let (parts, body) = request.into_parts();
    let result = match check_key(shared, &parts.headers) {
        Ok(()) => match read(body).await {
            Ok(body) => routes::answer(
                shared,
                &Call {
                    method: &parts.method,
                    path: parts.uri.path(),
                    query: parts.uri.query().unwrap_or_default(),
                    headers: &parts.headers,
                    body: &body,
                    trace_id: &trace_id,
                },
            ),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    shared.log.push(LogEntry::Request(RequestLog {
        time: shared.clock.now().timestamp(),
        method: parts.method,
        path: parts.uri.path().to_owned(),
        status: result.as_ref().map_or_else(ApiError::status, Answer::status),
        code: result.as_ref().err().map(ApiError::code),
        trace_id: trace_id.clone(),
    }));
    response(result, &trace_id)
}

fn check_key(shared: &Shared, headers: &HeaderMap) -> Result<(), ApiError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = given
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match key {
        Some((_, key)) if key.trim() == shared.config.api_key => Ok(()),
        Some(_) => Err(ApiError::new(ErrorCode::UNAUTHENTICATED, "the API key is wrong")),
        None => Err(ApiError::new(ErrorCode::UNAUTHENTICATED, "there is no `Authorization: Bearer` header")),
    }
}

async fn read(body: Incoming) -> Result<Bytes, ApiError> {
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::body_too_large(MAX_BODY)),
        Err(error) => {
            Err(ApiError::new(ErrorCode::MALFORMED_BODY, format!("the body did not arrive: {error}")))
        }
    }
}

fn response(result: Result<Answer, ApiError>, trace_id: &TraceId) -> Response<Full<Bytes>> {
    let (status, body, retry_after) = match result {
        Ok(answer) => (answer.status(), answer.into_body(), None),
        Err(error) => (error.status(), Some(json::write(&error.envelope(trace_id))), error.retry_after()),
    };
    let mut response = Response::new(Full::new(body.clone().unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(trace_id) = HeaderValue::from_str(trace_id.as_str()) {
        headers.insert("x-trace-id", trace_id);
    }
    if body.is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
