//! The HTTP server: connections, body limits, API key, trace id, error envelope.

use std::{
    fmt, io,
    net::IpAddr,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use linq_types::{TraceId, error::ErrorCode};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::Instant,
};

use crate::{
    access,
    call::Call,
    config::Config,
    connections::{Activity, Connections},
    control, endpoints,
    error::ApiError,
    faults::{FaultEffect, FaultyBody},
    files, json,
    log::{self, INTEGRATION_TOKEN, LogEntry, RequestLog},
    page::{self, EventStream},
    relay::{self, Handshake},
    request_body,
    response::{Answer, ApiResponse},
    response_body::ResponseBody,
    routes,
    shared::Shared,
};

/// The maximum size of a request body, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// The maximum size of a file that a person sends, in bytes.
const MAX_FILE: usize = 10 * 1024 * 1024;
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;
const MAX_CONNECTIONS: usize = 4_096;
/// How long to wait before accepting again after the system had no more resources.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(10);
/// How long the reader of a stream may take to receive its end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// The maximum delay of a response by the fault `early-webhook`.
const EARLY_WEBHOOK: Duration = Duration::from_secs(5);

/// Serves connections until the sender of `stop` is dropped, and then finishes the requests in progress. Dropping the
/// future cuts them.
pub(crate) async fn run(listener: TcpListener, shared: Arc<Shared>, mut stop: watch::Receiver<()>) {
    let mut connections = Connections::default();
    let stopped = stop.clone();
    tokio::select! {
        () = accept(&listener, &shared, &mut connections, &stopped) => {}
        _ = stop.changed() => {}
    }
    drop(listener);
    connections.close_all_idle();
    connections.ended().await;
}

async fn accept(
    listener: &TcpListener,
    shared: &Arc<Shared>,
    connections: &mut Connections,
    stop: &watch::Receiver<()>,
) {
    loop {
        connections.make_room(MAX_CONNECTIONS).await;
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(|activity| serve(stream, shared.clone(), activity, stop.clone()));
            }
            Err(error) if is_of_connection(&error) => {}
            // Usually out of file descriptors.
            Err(_) => {
                connections.close_quarter_of_idle();
                tokio::time::sleep(ACCEPT_BACKOFF).await;
            }
        }
    }
}

/// Returns `true` if the connection ended before it was accepted.
fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn serve(
    stream: TcpStream,
    shared: Arc<Shared>,
    activity: Arc<Activity>,
    mut stop: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    let reached = stream.local_addr().ok().map(|address| address.ip());
    let (upgrade, is_stream, stopped) = (Mutex::new(None), AtomicBool::new(false), stop.clone());
    let service = service_fn(|request| async {
        let busy = activity.begin().ok_or(Cut)?;
        let mut response = respond(&shared, request, reached, stopped.clone()).await?;
        is_stream.store(response.body().is_stream(), Relaxed);
        if let Some(handshake) = response.extensions_mut().remove::<Handshake>() {
            *upgrade.lock().unwrap_or_else(PoisonError::into_inner) = Some(handshake);
        }
        Ok::<_, Cut>(response.map(|body| body.holding(busy)))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(shared.config.request_timeout)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS);
    {
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
        tokio::select! {
            // Clients may hang up, and faults cut connections.
            _ = connection.as_mut() => {}
            _ = stop.changed() => {
                connection.as_mut().graceful_shutdown();
                match is_stream.load(Relaxed) {
                    // Its reader may have stalled.
                    true => drop(tokio::time::timeout(CLOSE_TIMEOUT, connection).await),
                    false => drop(connection.await),
                }
            }
        }
    }
    let handshake = upgrade.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let (Some(handshake), Some(_busy)) = (handshake, activity.begin()) {
        relay::run(handshake, &shared, stop).await;
    }
}

/// The connection is cut instead of a response.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is cut")
    }
}

impl std::error::Error for Cut {}

async fn respond(
    shared: &Arc<Shared>,
    request: Request<Incoming>,
    reached: Option<IpAddr>,
    stop: watch::Receiver<()>,
) -> Result<Response<ResponseBody>, Cut> {
    let arrived = Instant::now();
    let host = shared.config.hosts.check(request.uri(), request.headers(), reached);
    if host.is_ok()
        && let Some(file) = page::serve(request.method(), request.uri().path())
    {
        return Ok(file.map(|file| FaultyBody::whole(file).into()));
    }
    if host.is_ok() && files::serves(request.uri().path()) {
        let fault = shared.update(|state, _| state.faults.strike_file());
        return deliver(files::respond(shared, request, fault).await, fault).await;
    }
    if host.is_ok() && relay::serves(request.method(), request.uri().path()) {
        return Ok(relay::respond(shared, request).await.map(|body| FaultyBody::whole(body).into()));
    }
    let (parts, body) = request.into_parts();
    let is_of_other_page = host.is_err() || access::check_origin(&parts.headers).is_err();
    let admitted = host.and_then(|()| admit(shared, &parts.headers, parts.uri.path()));
    let by_page = admitted == Ok(Caller::Page);
    let trace_id = shared.update(|state, _| match admitted {
        Ok(Caller::Program) => state.store.ids.trace_id(),
        _ => state.other_ids.trace_id(),
    });
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let (operation, v2_operation, path_parameters) =
        match (endpoints::find(method, path), endpoints::find_v2(method, path)) {
            (Some((operation, values)), _) => (Some(operation), None, values),
            (None, Some((operation, values))) => (None, Some(operation), values),
            (None, None) => (None, None, Vec::new()),
        };
    let is_kept = admitted.is_ok() || !is_of_other_page;
    let received = match admitted {
        Ok(_) => receive(shared, parts.uri.path(), body).await,
        Err(error) => Err(error),
    };
    let body = received.clone().unwrap_or_default();
    let mut events = None;
    let (result, fault) = match received {
        Ok(_) => {
            let call = Call {
                method: &parts.method,
                path: parts.uri.path(),
                operation,
                v2_operation,
                path_parameters,
                query: parts.uri.query().unwrap_or_default(),
                headers: &parts.headers,
                body: &body,
                trace_id: &trace_id,
            };
            if control::is_stream(&call) {
                let opened = EventStream::open(shared, &call, stop).map(|stream| events = Some(stream));
                (opened.map(|()| ApiResponse::new(StatusCode::OK, None)), None)
            } else {
                carry_out(shared, &call).await
            }
        }
        Err(error) => (Err(error), None),
    };
    let code = result.as_ref().err().map(ApiError::code).filter(|_| !fault.is_some_and(hides_refusal));
    let response = match fault {
        Some(FaultEffect::Html) => html(&trace_id),
        _ => response(result, parts.uri.path(), &trace_id),
    };
    // What the page does is not what a program did.
    if !by_page {
        let is_known =
            operation.is_some() || v2_operation.is_some() || parts.uri.path().starts_with(control::BASE);
        let request = RequestLog {
            time: shared.clock.now().timestamp(),
            path: log::clipped(parts.uri.path()),
            // Elsewhere it may have a secret.
            query: parts.uri.query().filter(|_| is_known).map(log::clipped),
            headers: log::without_secrets(parts.headers),
            method: log::clipped_method(&parts.method),
            operation,
            status: response.status(),
            code,
            trace_id,
            fault,
            duration: arrived.elapsed(),
        };
        match is_kept {
            true => shared.log_request(request, &body, response.body()),
            // Any web page could fill the log.
            false => shared.log.observe(&LogEntry::Request(request)),
        }
    }
    match events {
        Some(events) => Ok(stream(response, events)),
        None => deliver(response, fault).await,
    }
}

/// Whose request it is.
#[derive(PartialEq)]
enum Caller {
    /// It has the API key.
    Program,
    /// It has the token of the page, which is for the control endpoints only.
    Page,
}

/// Rejects requests without a credential, and requests to the control endpoints by pages of another origin.
fn admit(shared: &Shared, headers: &HeaderMap, path: &str) -> Result<Caller, ApiError> {
    let is_control = path.starts_with(control::BASE);
    if is_control {
        access::check_origin(headers)?;
    }
    let is_v2 = endpoints::is_of_v2(path);
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let key = match is_v2 {
        true => text(INTEGRATION_TOKEN),
        false => text("authorization")
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, key)| key.trim()),
    };
    let Config { api_key, page_token, .. } = &*shared.config;
    match key {
        Some(key) if access::is_same_secret(key, api_key) => Ok(Caller::Program),
        Some(key) if is_control && access::is_same_secret(key, page_token.expose()) => Ok(Caller::Page),
        Some(_) => Err(ApiError::new(ErrorCode::UNAUTHENTICATED, "the API key is wrong")),
        None if is_v2 => {
            Err(ApiError::new(ErrorCode::UNAUTHENTICATED, "there is no `X-LINQ-INTEGRATION-TOKEN` header"))
        }
        None => Err(ApiError::new(ErrorCode::UNAUTHENTICATED, "there is no `Authorization: Bearer` header")),
    }
}

async fn receive(shared: &Shared, path: &str, body: Incoming) -> Result<Bytes, ApiError> {
    let limit = if control::receives_file(path) { MAX_FILE } else { MAX_BODY };
    request_body::read(body, limit, shared.config.request_timeout).await
}

/// Executes the call, unless a fault prevents it.
async fn carry_out(shared: &Shared, call: &Call<'_>) -> (Answer, Option<FaultEffect>) {
    if call.path.starts_with(control::BASE) {
        return (control::answer(shared, call).await, None);
    }
    let fault = shared.update(|state, _| state.faults.strike_call(call.operation));
    let refusal = match fault {
        Some(FaultEffect::RateLimited(wait)) => Some(ApiError::too_many("a fault: too many requests", wait)),
        Some(FaultEffect::ServerError) => {
            Some(ApiError::new(ErrorCode::OPERATION_FAILED, "a fault: the operation failed"))
        }
        Some(FaultEffect::Unavailable | FaultEffect::Html | FaultEffect::Cut) => {
            Some(ApiError::new(ErrorCode::SERVICE_UNAVAILABLE, "a fault: the service is not available"))
        }
        _ => None,
    };
    if let Some(refusal) = refusal {
        return (Err(refusal), fault);
    }
    let result = routes::answer(shared, call);
    if fault == Some(FaultEffect::EarlyWebhook) {
        shared.update(|state, now| state.hurry(now, call.trace_id));
        let _ = tokio::time::timeout(EARLY_WEBHOOK, shared.settled()).await;
    }
    (result, fault)
}

/// Returns `true` if the client does not see the error.
fn hides_refusal(fault: FaultEffect) -> bool {
    matches!(fault, FaultEffect::Html | FaultEffect::Cut)
}

/// Streams events instead of a body.
fn stream(response: Response<Bytes>, events: EventStream) -> Response<ResponseBody> {
    let mut response = response.map(|_| events.into());
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Writes a response, unless a fault prevents it.
async fn deliver(
    response: Response<Bytes>,
    fault: Option<FaultEffect>,
) -> Result<Response<ResponseBody>, Cut> {
    if let Some(FaultEffect::Timeout(held_back)) = fault {
        tokio::time::sleep(held_back).await;
    }
    if let Some(FaultEffect::Cut | FaultEffect::LostAck) = fault {
        return Err(Cut);
    }
    let (head, body) = response.into_parts();
    let body = match fault {
        Some(FaultEffect::Truncated) if body.is_empty() => return Err(Cut),
        Some(FaultEffect::Truncated) => FaultyBody::truncated(&body),
        Some(FaultEffect::Stall(pause)) => FaultyBody::stalled(&body, pause),
        _ => FaultyBody::whole(body),
    };
    Ok(Response::from_parts(head, body.into()))
}

fn html(trace_id: &TraceId) -> Response<Bytes> {
    const PAGE: &[u8] = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>\
        <body><h1>Bad Gateway</h1></body></html>";
    let mut response = Response::new(Bytes::from_static(PAGE));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    set_trace_id(response.headers_mut(), trace_id);
    response
}

fn set_trace_id(headers: &mut HeaderMap, trace_id: &TraceId) {
    if let Ok(trace_id) = HeaderValue::from_str(trace_id.as_str()) {
        headers.insert("x-trace-id", trace_id);
    }
}

fn response(result: Answer, path: &str, trace_id: &TraceId) -> Response<Bytes> {
    let (status, body, retry_after) = match result {
        Ok(answer) => (answer.status(), answer.into_body(), None),
        Err(error) => {
            let body = match endpoints::is_of_v2(path) {
                true => routes::v2::error(&error, path),
                false => json::write(&error.envelope(trace_id)),
            };
            (error.status(), Some(body), error.retry_after())
        }
    };
    let has_body = body.is_some();
    let mut response = Response::new(body.unwrap_or_default());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set_trace_id(headers, trace_id);
    if has_body {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(wait) = retry_after {
        headers.insert(header::RETRY_AFTER, wait.as_secs().into());
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
