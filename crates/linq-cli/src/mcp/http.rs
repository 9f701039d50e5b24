//! The transport over streamable HTTP, on this machine only.

use std::{
    convert::Infallible,
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::transport::{
    StreamableHttpServerConfig, StreamableHttpService,
    streamable_http_server::session::local::LocalSessionManager,
};
use subtle::ConstantTimeEq as _;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{confirmations::random_id, server::Server};
use crate::{
    exit_code, failure::Failure, log::Log, secret::Secret, shutdown::ShutdownSignal,
    terminal::print_on_stderr,
};

type Service = StreamableHttpService<Arc<Server>, LocalSessionManager>;

const PATH: &str = "/mcp";
const MAX_BODY: usize = 1024 * 1024;
const MAX_HEAD: usize = 64 * 1024;
const MAX_CONNECTIONS: usize = 64;
/// The timeout for the head of a request.
const ARRIVAL: Duration = Duration::from_secs(10);
/// The pause when the process is out of file descriptors, so that others can close.
const PAUSE: Duration = Duration::from_millis(50);
/// Longer than any call of a tool.
const SESSION_TTL: Duration = Duration::from_secs(30 * 60);
/// A shorter token could be guessed.
const MIN_TOKEN: usize = 16;

/// The bearer token that requests must have.
pub(super) struct HttpToken {
    token: String,
    is_random: bool,
}

impl HttpToken {
    /// Returns the token of the option, or a random one.
    pub(super) fn new(given: Option<Secret>) -> Result<Self, Failure> {
        match given {
            Some(token) if token.expose().len() < MIN_TOKEN => Err(Failure::new(format!(
                "invalid --http-token: it must have {MIN_TOKEN} characters at least"
            ))
            .with_exit_code(exit_code::USAGE)),
            Some(token) => Ok(Self { token: token.expose().to_owned(), is_random: false }),
            None => Ok(Self { token: random_id()?, is_random: true }),
        }
    }

    pub(super) fn expose(&self) -> &str {
        &self.token
    }

    fn is_in(&self, header: Option<&HeaderValue>) -> bool {
        let given = header.map(HeaderValue::as_bytes).unwrap_or_default();
        let token = given
            .split_at_checked(b"Bearer ".len())
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"Bearer "));
        token.is_some_and(|(_, token)| token.ct_eq(self.token.as_bytes()).into())
    }
}

impl fmt::Debug for HttpToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpToken(..)")
    }
}

/// Serves clients until a signal.
pub(super) async fn serve(
    server: &Arc<Server>,
    port: u16,
    token: HttpToken,
    signal: ShutdownSignal,
) -> Result<(), Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("address {address} is in use; choose another port with --http"),
        _ => format!("cannot listen on {address}: {error}"),
    })?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let mut text = format!("Serving   http://127.0.0.1:{port}{PATH}\n");
    if token.is_random {
        text.push_str(&format!("Header    Authorization: Bearer {}\n", token.expose()));
    }
    print_on_stderr(&text)?;
    let (service, token) = (service(server.clone(), port), Arc::new(token));
    let log = Log::default();
    tokio::select! {
        () = accept(&listener, &service, &token) => {}
        () = signal.wait(&log) => {}
    }
    Ok(())
}

/// Returns the service of the protocol. It refuses hosts and origins other than this server's own, so that no web page can
/// reach it through a name that it points at this machine.
fn service(server: Arc<Server>, port: u16) -> Service {
    let hosts = ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}"));
    let origins = hosts.clone().map(|host| format!("http://{host}"));
    let config = StreamableHttpServerConfig::default()
        .with_allowed_hosts(hosts)
        .with_allowed_origins(origins)
        .with_max_request_body_bytes(MAX_BODY);
    let mut sessions = LocalSessionManager::default();
    sessions.session_config.keep_alive = Some(SESSION_TTL);
    StreamableHttpService::new(move || Ok(server.clone()), Arc::new(sessions), config)
}

/// Accepts connections while it is polled.
async fn accept(listener: &TcpListener, service: &Service, token: &Arc<HttpToken>) {
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(permit) = connections.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve_connection(stream, service.clone(), token.clone(), permit));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn serve_connection(
    stream: TcpStream,
    service: Service,
    token: Arc<HttpToken>,
    _permit: OwnedSemaphorePermit,
) {
    let service = service_fn(|request| {
        let (service, token) = (&service, &token);
        async move { Ok::<_, Infallible>(respond(service, token, request).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(ARRIVAL).max_buf_size(MAX_HEAD);
    // Errors of the connection are those of the client.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(
    service: &Service,
    token: &HttpToken,
    request: Request<Incoming>,
) -> Response<BoxBody<Bytes, Infallible>> {
    if !token.is_in(request.headers().get(header::AUTHORIZATION)) {
        let mut response = refusal(StatusCode::UNAUTHORIZED, "the bearer token is missing or wrong");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    match request.uri().path() {
        PATH => service.handle(request).await,
        _ => refusal(StatusCode::NOT_FOUND, "the path is /mcp"),
    }
}

fn refusal(status: StatusCode, reason: &'static str) -> Response<BoxBody<Bytes, Infallible>> {
    let mut response = Response::new(Full::from(reason).boxed());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_is_accepted() {
        let token = HttpToken { token: "0123456789abcdef".to_owned(), is_random: false };
        for (header, accepted) in [
            (Some("Bearer 0123456789abcdef"), true),
            (Some("bearer 0123456789abcdef"), true),
            (Some("Bearer 0123456789abcde"), false),
            (Some("Bearer 0123456789abcdef0"), false),
            (Some("Bearer "), false),
            (Some("Basic 0123456789abcdef"), false),
            (Some("0123456789abcdef"), false),
            (None, false),
        ] {
            let header = header.map(HeaderValue::from_static);
            assert_eq!(token.is_in(header.as_ref()), accepted, "{header:?}");
        }
    }
}
